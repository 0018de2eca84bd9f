// Where the thread of an operation is: its number, and the label of its next step. Mirrors spec/09.

import type { Host, Next, State } from "./host.ts";
import type { Operation, WorldId } from "./world.ts";

/** The operation that a state speaks of. */
export function operationOf({ world }: Host, s: State): Operation {
  const op = world.operations[s.operation as WorldId];
  if (op === undefined) throw new Error(`no operation ${s.operation}`);
  return op;
}

/** The thread of the same operation, at another step. */
export const at = (label: string, { operation }: State, more: object = {}): State => {
  return { ...more, at: label, operation };
};

/** Goes on there. */
export const go = (label: string, s: State, more: object = {}): Next => {
  return { do: "go", state: at(label, s, more) };
};

/** Waits there. */
export const wait = (label: string, s: State): Next => ({ do: "wait", state: at(label, s) });
