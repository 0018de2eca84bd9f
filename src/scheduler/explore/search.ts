// The search: visits every state once and leaves the graph of them behind. Mirrors spec/07.

import type { Model, Named } from "../model.ts";
import { derive, type EdgeAt } from "./derive.ts";
import { Expander } from "./expand.ts";
import type { ExploreOptions } from "./explore.ts";
import type { Pending } from "./frontier.ts";
import type { Coverage, Graph } from "./graph.ts";
import { openNodes } from "./merge.ts";
import { costOf, Nodes, type Order } from "./nodes.ts";
import { type Picks, replay, replayAll } from "./replay.ts";
import { awake } from "./sleep.ts";

/** Where a search begins that goes on with another one's work. */
export interface Start {
  /** What is known already; of its open nodes only those in `frontier` are expanded. */
  readonly graph?: Graph;
  /** The nodes to begin with, by ways from the initial state. */
  readonly frontier: readonly Picks[];
  /** Asked of each state that is new here, by its key; false: somebody else expands it. */
  readonly claim?: (hi: number, lo: number) => boolean;
  /** Asked every so often between two expansions; false stops the search. */
  readonly watch?: (live: Live) => boolean;
}

/** A search that is going on. */
export interface Live {
  readonly states: number;
  readonly frontier: number;
  /** What it would give back if it stopped here. */
  readonly snapshot: () => Searched<unknown>;
  /**
   * Takes some nodes out of the frontier, at most half of it: somebody else expands them. Only for
   * a search without sleep sets and coins.
   */
  readonly spare: (most: number) => readonly Picks[];
}

export interface Searched<S> {
  /** null: it was not wanted */
  readonly graph: Graph | null;
  readonly states: number;
  /** edges, executed or not */
  readonly transitions: number;
  readonly steps: number;
  /** edges of which nothing followed, so that they were executed after all: of a good model none */
  readonly repaired: number;
  readonly coverage: Coverage;
  /** what `final` said of the states in which nothing is enabled, each once, sorted */
  readonly facts: readonly string[];
  /** for each broken property the first state that was found, not the cheapest one */
  readonly broken: readonly { readonly property: string; readonly picks: Picks }[];
  /** the nodes that are not expanded, or not wholly, by ways that lead there */
  readonly frontier: () => readonly Picks[];
  /** some states, spread evenly over the search; empty without `fields` */
  readonly sample: readonly S[];
}

/**
 * Visits every state once, or every one that can be reached from `start`. Throws an Error if options
 * exclude each other.
 */
export function search<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S> = {},
  start: Start | null = null,
): Searched<S> {
  const { exact, maxDeviations, order } = options;
  if (exact && start?.graph)
    throw new Error("an exact search cannot go on: encodings are not kept");
  if (maxDeviations !== undefined && order !== undefined && order !== "cost") {
    throw new Error("a bound on deviations needs the order of cost");
  }
  return new Search(model, options, start).run();
}

function orderOf<S>({ order, maxStates, maxDeviations, progress }: ExploreOptions<S>): Order {
  if (order !== undefined) return order;
  const isBounded =
    maxStates !== undefined || maxDeviations !== undefined || progress !== undefined;
  return isBounded ? "cost" : "depth";
}

const progressEvery = 256;
/** Expansions from one look of somebody who watches to the next. */
const watchEvery = 64;

class Search<S, A extends Named> {
  readonly #model: Model<S, A>;
  readonly #options: ExploreOptions<S>;
  readonly #order: Order;
  readonly #watch: Start["watch"];
  readonly #nodes: Nodes<S>;
  readonly #expander: Expander<S, A>;
  #reportAt = progressEvery;
  #expansions = 0;
  #repaired = 0;
  #stop: Coverage | null = null;

  constructor(model: Model<S, A>, options: ExploreOptions<S>, start: Start | null) {
    const { reduce = {}, exact = false, maxDeviations } = options;
    const symmetry = reduce.symmetry === true && model.symmetry !== undefined;
    this.#model = model;
    this.#options = options;
    this.#order = orderOf(options);
    this.#watch = start?.watch;
    this.#nodes = new Nodes(model, exact, symmetry, start?.claim);
    this.#expander = new Expander(model, options, this.#nodes, {
      sleep: reduce.sleep !== false && !symmetry && maxDeviations === undefined,
      coin: reduce.coin !== false && !symmetry,
      order: this.#order,
    });
    this.#begin(start);
  }

  run(): Searched<S> {
    for (;;) {
      for (let p = this.#next(); p !== null; p = this.#next()) this.#expander.expand(p);
      const { graph, underived } = this.#graph();
      if (underived.length === 0 || this.#stop !== null) return this.#searched(graph, underived);
      for (const edge of underived) this.#executeAfterAll(edge);
      this.#repaired += underived.length;
    }
  }

  #begin(start: Start | null): void {
    if (start?.graph) {
      this.#nodes.load(start.graph);
      this.#expander.load(start.graph);
    } else this.#nodes.begin(this.#model.initial, [], start === null ? 0 : null);
    replayAll(this.#model, start?.frontier ?? [], (state, picks) => {
      this.#nodes.begin(state, picks, costOf(picks, this.#order));
    });
    if (start?.graph) this.#expander.cut = this.#wasCut(start.graph);
  }

  /** Whether there are actions that a bound on deviations left out before. */
  #wasCut(graph: Graph): boolean {
    if (this.#options.maxDeviations === undefined) return false;
    return openNodes(graph).some((node) => this.#nodes.frontier.costOf(node) < 0);
  }

  #next(): Pending<S> | null {
    const { frontier, size } = this.#nodes;
    if (this.#stop !== null || frontier.size === 0) return null;
    this.#stop = this.#reasonToStop(size, frontier.size);
    return this.#stop === null ? this.#nodes.next() : null;
  }

  #reasonToStop(states: number, frontier: number): Coverage | null {
    const { maxStates, progress } = this.#options;
    if (maxStates !== undefined && states > maxStates) return { tag: "states", bound: maxStates };
    if (!this.#isWatchedOn(states, frontier)) return { tag: "interrupted" };
    if (progress === undefined || states < this.#reportAt) return null;
    this.#reportAt = states + progressEvery;
    return progress({ states, frontier }) ? null : { tag: "interrupted" };
  }

  #isWatchedOn(states: number, frontier: number): boolean {
    this.#expansions += 1;
    if (this.#watch === undefined || this.#expansions % watchEvery !== 0) return true;
    return this.#watch({
      states,
      frontier,
      snapshot: () => this.#snapshot(),
      spare: (most) => this.#nodes.spare(most),
    });
  }

  #snapshot(): Searched<S> {
    const { graph, underived } = this.#graph();
    const coverage = { tag: "interrupted" } as const;
    const known = graph === null ? null : { ...graph, coverage };
    return { ...this.#searched(known, underived), coverage };
  }

  #coverage(): Coverage {
    if (this.#stop !== null) return this.#stop;
    const { maxDeviations } = this.#options;
    if (!this.#expander.cut || maxDeviations === undefined) return { tag: "all" };
    return { tag: "deviations", bound: maxDeviations };
  }

  #graph(): { readonly graph: Graph | null; readonly underived: readonly EdgeAt[] } {
    const { edges, finds, names, observations, steps } = this.#expander;
    if (edges === null) return { graph: null, underived: [] };
    const { size } = this.#nodes;
    const table = edges.table(size);
    const { underived, took } = derive(
      table,
      {
        coins: edges.coins,
        late: edges.late,
        took: edges.took,
        beginnings: this.#nodes.ways.beginnings(),
        doubtful: this.#nodes.lost(),
        isExpanded: (node) => edges.has(node),
      },
      observations,
    );
    const graph: Graph = {
      ...{ nodes: size, keys: this.#nodes.keys(), ...table },
      ...{ observations: observations.all, names: names.all, took, first: this.#expander.first },
      ...{ finals: finds.finals, broken: finds.broken, steps, coverage: this.#coverage() },
    };
    return { graph, underived };
  }

  /** An edge of which nothing follows: the model's ids do not fit together as they should. */
  #executeAfterAll({ node, pick }: EdgeAt): void {
    const picks = this.#nodes.ways.to(node);
    const { state } = replay(this.#model, picks);
    const cost = costOf(picks, this.#order);
    this.#expander.execute({ node, state, cost, sleep: awake }, pick);
  }

  #searched(graph: Graph | null, underived: readonly EdgeAt[]): Searched<S> {
    const { steps, transitions, finds, sample } = this.#expander;
    const { ways, frontier, size } = this.#nodes;
    const open = new Set([...frontier.rest(), ...underived.map(({ node }) => node)]);
    return {
      ...{ graph, states: size, transitions, steps, coverage: this.#coverage() },
      repaired: this.#repaired,
      facts: finds.facts(),
      broken: finds.first().map(([property, node]) => ({ property, picks: ways.to(node) })),
      frontier: () => [...open].sort((a, b) => a - b).map((node) => ways.to(node)),
      sample: sample.items,
    };
  }
}
