// Several threads that search together: work dealt out, graphs put together. See docs/scale.md.

import { Worker } from "node:worker_threads";
import type { Store } from "../model/store.ts";
import { searchedOf } from "../scheduler/explore/checkpoint.ts";
import type { Coverage, Graph } from "../scheduler/explore/graph.ts";
import { mergeGraphs, openNodes } from "../scheduler/explore/merge.ts";
import { compareWays, type Picks } from "../scheduler/explore/replay.ts";
import type { Searched, Start } from "../scheduler/explore/search.ts";
import { widen } from "../scheduler/explore/shard.ts";
import { cheapestTree, wayTo } from "../scheduler/explore/tree.ts";
import { Claims, Control } from "./claims.ts";
import type { Task } from "./task.ts";
import { type Answer, type Order, workerFile, workerMark } from "./worker.ts";

/** What whoever waits for the threads wants to know, and to say. */
export interface Overseer {
  /** Told several times a second; false: stop. */
  readonly watch: (states: number) => boolean;
  /** Whether the graph is wanted now, although the search is not done. */
  readonly isDue: () => boolean;
  readonly save: (found: Searched<Store>) => void;
}

/** What is known, and what is to be done: ways to some of the open nodes; the others are not ours. */
type Known = Required<Pick<Start, "graph" | "frontier">>;

/** States to find before work is shared out, and how many ways make one piece of it. */
const wide = 1024;
const piece = 16;
/** Ways for each thread that are enough to begin with. */
const enough = 64;
const lookEvery = 50;

/** Threads that are started when they are needed for the first time. */
export class Crew {
  readonly #size: number;
  #workers: readonly Worker[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Comes to the same graph as `search` does, but for the steps that were executed. */
  async search(task: Task, start: Start, overseer: Overseer): Promise<Searched<Store>> {
    const { maxStates = Number.POSITIVE_INFINITY } = task.search;
    let known = begin(task, start, this.#size);
    const others = othersOf(start);
    for (;;) {
      const isFull = known.graph.nodes > maxStates;
      if (isFull) return found(known, { tag: "states", bound: maxStates });
      if (known.frontier.length === 0) return found(known, { tag: "all" });
      const round = new Round(task, known, others, this.#hire(), overseer);
      known = await round.done;
      const isLeft = known.frontier.length > 0;
      if (round.isStopped && isLeft) return found(known, { tag: "interrupted" });
      if (overseer.isDue()) overseer.save(found(known, { tag: "interrupted" }));
    }
  }

  async dismiss(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
    this.#workers = [];
  }

  #hire(): readonly Worker[] {
    if (this.#workers.length === 0) {
      this.#workers = Array.from(
        { length: this.#size },
        () => new Worker(workerFile, { workerData: workerMark }),
      );
    }
    return this.#workers;
  }
}

function found({ graph, frontier }: Known, coverage: Coverage): Searched<Store> {
  return { ...searchedOf({ ...graph, coverage }), frontier: () => frontier };
}

/** With enough ways for each thread. */
function begin({ model, search }: Task, { graph, frontier }: Start, threads: number): Known {
  if (graph !== undefined && frontier.length >= enough * threads) return { graph, frontier };
  const start = graph === undefined ? { frontier } : { graph, frontier };
  return widen(model, search, start, wide * threads);
}

/** What was open in the beginning and not in the frontier: somebody else's. */
function othersOf({ graph, frontier }: Start): ReadonlySet<number> {
  if (graph === undefined) return new Set();
  const own = new Set(frontier.map((picks) => nodeAt(graph, picks)));
  return new Set(openNodes(graph).filter((node) => !own.has(node)));
}

function nodeAt({ offsets, targets }: Graph, picks: Picks): number {
  return picks.reduce((node, pick) => targets[(offsets[node] ?? 0) + pick] ?? -1, 0);
}

/** From one graph to a larger one: until everything is expanded, or somebody wants it to end. */
class Round {
  /** rejects with the error of a thread */
  readonly done: Promise<Known>;
  isStopped = false;
  readonly #known: Known;
  readonly #others: ReadonlySet<number>;
  readonly #workers: readonly Worker[];
  readonly #overseer: Overseer;
  readonly #control: Control = new Control();
  readonly #idle: Set<Worker>;
  readonly #queue: (readonly Picks[])[];
  readonly #graphs: Graph[] = [];
  readonly #most: number;
  #isEnding = false;
  #finish: (known: Known) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(
    task: Task,
    known: Known,
    others: ReadonlySet<number>,
    workers: readonly Worker[],
    overseer: Overseer,
  ) {
    this.#known = known;
    this.#others = others;
    this.#workers = workers;
    this.#overseer = overseer;
    this.#idle = new Set(workers);
    this.#queue = pieces([...known.frontier].sort(compareWays));
    this.#most = task.search.maxStates ?? Number.POSITIVE_INFINITY;
    this.#control.reset(known.graph.nodes);
    this.done = this.#run(task);
  }

  async #run({ scenario, revision, options, search }: Task): Promise<Known> {
    const { buffer: claims } = claimed(this.#known.graph, search.maxStates ?? 0);
    const { buffer: control } = this.#control;
    const subject = { scenario, revision, options };
    const deaf = this.#workers.map((worker) => this.#listen(worker));
    const timer = setInterval(() => this.#look(), lookEvery);
    for (const worker of this.#workers) tell(worker, { tag: "task", subject, claims, control });
    try {
      return await new Promise((resolve, reject) => {
        this.#finish = resolve;
        this.#fail = reject;
        this.#deal();
      });
    } finally {
      clearInterval(timer);
      for (const end of deaf) end();
    }
  }

  /** Gives what ends it. */
  #listen(worker: Worker): () => void {
    const hear = (answer: Answer): void => this.#hear(worker, answer);
    const fail = (error: unknown): void => this.#fail(error);
    worker.on("message", hear);
    worker.on("error", fail);
    return () => {
      worker.off("message", hear);
      worker.off("error", fail);
    };
  }

  #hear(worker: Worker, answer: Answer): void {
    if (answer.tag === "spare") this.#queue.push(...shares(answer.frontier, this.#idle.size));
    else {
      this.#graphs.push(answer.graph);
      this.#idle.add(worker);
    }
    this.#deal();
  }

  /** Work for everybody who has none, as long as there is some. */
  #deal(): void {
    const { states } = this.#control;
    if (states > this.#most) this.#isEnding = true;
    for (const worker of this.#idle) {
      const frontier = this.#isEnding ? undefined : this.#queue.shift();
      if (frontier === undefined) break;
      this.#idle.delete(worker);
      tell(worker, { tag: "search", frontier });
    }
    if (this.#idle.size === this.#workers.length) this.#finish(this.#together());
    else if (this.#idle.size > 0 && !this.#isEnding) this.#control.hunger();
  }

  #look(): void {
    if (!this.#overseer.watch(this.#control.states)) this.isStopped = true;
    if (!this.isStopped && !this.#overseer.isDue()) return;
    this.#isEnding = true;
    this.#control.stop();
  }

  #together(): Known {
    // Nodes of the first graph keep their numbers.
    const graph = mergeGraphs([this.#known.graph, ...this.#graphs]);
    const tree = cheapestTree(graph);
    const open = openNodes(graph).filter((node) => !this.#others.has(node));
    return { graph, frontier: open.map((node) => wayTo(tree, node)) };
  }
}

function tell(worker: Worker, order: Order): void {
  worker.postMessage(order);
}

/** All that is known is taken: what is still to be expanded of it stands in the frontier. */
function claimed({ keys, nodes }: Graph, maxStates: number): Claims {
  const claims = Claims.of(Math.max(nodes, maxStates));
  for (let node = 0; node < nodes; node++) {
    claims.take(keys[2 * node] ?? 0, keys[2 * node + 1] ?? 0);
  }
  return claims;
}

function pieces(ways: readonly Picks[]): (readonly Picks[])[] {
  return Array.from({ length: Math.ceil(ways.length / piece) }, (_, i) =>
    ways.slice(i * piece, (i + 1) * piece),
  );
}

/** One part for each of `many`, every way in one of them. */
function shares(ways: readonly Picks[], many: number): readonly (readonly Picks[])[] {
  const count = Math.max(1, Math.min(many, ways.length));
  return Array.from({ length: count }, (_, i) => ways.filter((_way, k) => k % count === i));
}
