// Calls of async functions that are over at once, or STARTED until the host is ready to answer. Mirrors spec/09.

import type { Value } from "../model/values.ts";
import { freshId, give, type Host, type Next, type State, settled } from "./host.ts";
import type { ObjectRef, WorldId } from "./world.ts";

const answers = { either: ["now", "later"], "at-once": ["now"], pending: ["later"] } as const;

/** Asks whether a call may be over at once; goes on at the step `begin`, which `isNow` tells. */
export function begin(h: Host, s: State): Next {
  const options = answers[settled(h, "calls") as keyof typeof answers];
  return { do: "choose", options, state: { ...s, at: "begin", options } };
}

/** The answer, at the step `begin`. */
export function isNow({ options }: State, pick: number): boolean {
  return (options as readonly string[])[pick] === "now";
}

/** The call waits at a step until that is ready; its objects stay open meanwhile. */
export function pending(h: Host, name: string, held: readonly ObjectRef[], state: State): Next {
  const call = freshId(h);
  const objects = held.map(({ kind, id }) => ({ kind, id }));
  h.world.calls[call] = { name, objects, operation: null };
  return { do: "wait", state: { ...state, call } };
}

/** A call that was waiting, if it was, is over. */
export function over({ world }: Host, { call }: State, next: Next): Next {
  if (call !== undefined) delete world.calls[call as WorldId];
  return next;
}

/** A call returns. */
export function answer(h: Host, s: State, value: Value): Next {
  return over(h, s, give(value));
}
