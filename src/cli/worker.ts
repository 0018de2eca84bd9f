// A thread that expands states for another one; which ones are taken stands in shared memory.

import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import type { Store } from "../model/store.ts";
import type { Graph } from "../scheduler/explore/graph.ts";
import type { Picks } from "../scheduler/explore/replay.ts";
import { type Live, type Searched, search } from "../scheduler/explore/search.ts";
import { graphOf } from "../scheduler/explore/shard.ts";
import { Claims, Control } from "./claims.ts";
import { type Subject, type Task, taskOf } from "./task.ts";

/** What a thread is told. */
export type Order =
  | {
      readonly tag: "task";
      readonly subject: Subject;
      readonly claims: SharedArrayBuffer;
      readonly control: SharedArrayBuffer;
    }
  | { readonly tag: "search"; readonly frontier: readonly Picks[] };

/** What it says: it gives some of its work away, or it is done with what it got. */
export type Answer =
  | { readonly tag: "spare"; readonly frontier: readonly Picks[] }
  | { readonly tag: "done"; readonly graph: Graph };

/** This file, to start a thread with. */
export const workerFile: URL = new URL(import.meta.url);

/** The data that such a thread is started with. */
export const workerMark = "canon-async search";

/** Work to give away at once, at the most: whoever gets it goes all these ways again. */
const generous = 64;

interface Shared {
  readonly claims: Claims;
  readonly control: Control;
}

/**
 * Searches on from `frontier` through every state that nobody has claimed. Without sleep sets and
 * coins: what follows from the edges of a state that is somebody else's is not known here.
 */
export function searchPart(
  { model, search: options }: Task,
  { claims, control }: Shared,
  frontier: readonly Picks[],
  give: (frontier: readonly Picks[]) => void,
): Searched<Store> {
  const { progress: _, maxStates, ...rest } = options;
  const reduce = { ...options.reduce, sleep: false, coin: false };
  const claim = (hi: number, lo: number): boolean => claims.take(hi, lo) && control.count();
  const watch = (live: Live): boolean => {
    if (live.frontier > 1 && control.isHungry()) give(live.spare(generous));
    return control.goesOn(maxStates);
  };
  return search(model, { ...rest, reduce }, { frontier, claim, watch });
}

function serve(port: MessagePort): void {
  let task: Task | null = null;
  let shared: Shared | null = null;
  const say = (answer: Answer, graph: Graph | null): void =>
    port.postMessage(answer, graph === null ? [] : buffersOf(graph));
  port.on("message", (order: Order) => {
    if (order.tag === "task") {
      task = taskOf(order.subject);
      shared = { claims: new Claims(order.claims), control: new Control(order.control) };
    } else if (task !== null && shared !== null) {
      const give = (frontier: readonly Picks[]): void => say({ tag: "spare", frontier }, null);
      const graph = graphOf(searchPart(task, shared, order.frontier, give));
      say({ tag: "done", graph }, graph);
    }
  });
}

function buffersOf({ keys, offsets, targets, labels, ids }: Graph): readonly ArrayBuffer[] {
  return [keys, offsets, targets, labels, ids].map(({ buffer }) => buffer as ArrayBuffer);
}

if (parentPort !== null && workerData === workerMark) serve(parentPort);
