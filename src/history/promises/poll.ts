// Polling: sources that are ready or not, and a guest that tries, waits and tries again. Mirrors spec/13.

import type { Encoding } from "../../scheduler/encoding/encoding.ts";
import type { Model, Named } from "../../scheduler/model.ts";

/** What a poll of a list of sources comes to. */
export type Poll =
  | { readonly tag: "ready"; readonly indices: readonly number[] }
  | { readonly tag: "blocks" }
  | { readonly tag: "trap" };

/** The places in `list` whose sources are ready, each place for itself; an empty list traps. */
export function pollOf(ready: readonly boolean[], list: readonly number[]): Poll {
  if (list.length === 0) return { tag: "trap" };
  const indices = [...list.keys()].filter((i) => ready[list[i] ?? -1] === true);
  return indices.length === 0 ? { tag: "blocks" } : { tag: "ready", indices };
}

/** A guest that reads one item from each source, with an await made of polls. */
export interface PollState {
  /** level-triggered: stays until somebody tries */
  readonly ready: readonly boolean[];
  /** whether the item is there */
  readonly arrived: readonly boolean[];
  readonly read: readonly boolean[];
  /** the sources that the guest will try, in order; none: it polls */
  readonly trying: readonly number[];
  readonly log: readonly string[];
}

/** The guest goes on, an item arrives, or a source says that it is ready when it is not. */
export type PollAction = Named & {
  readonly tag: "guest" | "arrive" | "spurious";
  readonly source: number;
};

/** An action is the same in all states, so that it can be said which was left out for ever. */
function action(tag: PollAction["tag"], source: number, name: string): PollAction {
  return { tag, source, name, id: name };
}

const put = <T>(list: readonly T[], i: number, one: T): readonly T[] => list.with(i, one);

/** The sources that were not read yet. */
function waiting({ read }: PollState): readonly number[] {
  return [...read.keys()].filter((i) => read[i] === false);
}

function guestActions(s: PollState): readonly PollAction[] {
  const left = waiting(s);
  if (left.length === 0) return [];
  if (s.trying.length === 0 && pollOf(s.ready, left).tag !== "ready") return [];
  return [action("guest", -1, "guest")];
}

function hostActions(s: PollState, spurious: boolean): readonly PollAction[] {
  return [...s.ready.keys()].flatMap((source): readonly PollAction[] => {
    const arrives = s.arrived[source] === false;
    const lies = spurious && s.ready[source] === false && s.read[source] === false;
    return [
      ...(arrives ? [action("arrive", source, `arrive ${source}`)] : []),
      ...(lies ? [action("spurious", source, `spurious ${source}`)] : []),
    ];
  });
}

/** Tries one source: takes the item, or would block, and then it is not ready any more. */
function tried(s: PollState, source: number, trying: readonly number[]): PollState {
  if (s.arrived[source] === true) {
    return { ...s, read: put(s.read, source, true), trying, log: [`read ${source}`] };
  }
  return { ...s, ready: put(s.ready, source, false), trying, log: [] };
}

function guest(s: PollState): PollState {
  const [source, ...trying] = s.trying;
  if (source !== undefined) return tried(s, source, trying);
  const left = waiting(s);
  const found = pollOf(s.ready, left);
  const indices = found.tag === "ready" ? found.indices : [];
  return { ...s, trying: indices.map((i) => left[i] ?? -1), log: [] };
}

function stepped(s: PollState, { tag, source }: PollAction): PollState {
  if (tag === "guest") return guest(s);
  const ready = put(s.ready, source, true);
  if (tag === "spurious") return { ...s, ready, log: [] };
  return { ...s, ready, arrived: put(s.arrived, source, true), log: [] };
}

/** The model of a guest over so many sources, which may say at any time that they are ready. */
export function pollModel(sources: number, spurious: boolean): Model<PollState, PollAction> {
  const none = new Array<boolean>(sources).fill(false);
  return {
    initial: { ready: none, arrived: none, read: none, trying: [], log: [] },
    enabled: (s) => [...guestActions(s), ...hostActions(s, spurious)],
    step: stepped,
    encode: ({ ready, arrived, read, trying }: PollState, out: Encoding) => {
      out.text(JSON.stringify([ready, arrived, read, trying]));
    },
    observed: ({ log }) => log,
  };
}
