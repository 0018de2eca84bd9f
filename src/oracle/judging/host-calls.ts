// Calls of the host's functions that are open, and ends of them that a trace tells in the middle of a step. Mirrors spec/15.

import { answerOf, type HostReturn } from "../host-functions.ts";
import type { HostFunc } from "../recorded-imports.ts";

/** The end of a call, which the trace has told: the call takes it when it is resumed. */
export interface Announced {
  readonly event: HostReturn;
  /** the calls that may be meant, by the paths of their threads */
  readonly calls: readonly string[];
}

/** A value: what happens to a call makes another one. */
export interface HostCalls {
  /** the calls whose ends were not taken, by the paths of their threads */
  readonly open: ReadonlyMap<string, HostFunc>;
  /** in the order of the trace */
  readonly announced: readonly Announced[];
}

export const noHostCalls: HostCalls = { open: new Map(), announced: [] };

/** A call begins. */
export function opened({ open, announced }: HostCalls, path: string, func: HostFunc): HostCalls {
  return { open: new Map(open).set(path, func), announced };
}

/** A call ends as the trace says, with `event` if that was announced; null: another end has no call any more. */
export function closed(calls: HostCalls, path: string, event: HostReturn | null): HostCalls | null {
  const open = new Map(calls.open);
  open.delete(path);
  const announced = calls.announced
    .filter((one) => one.event !== event)
    .map((one) => ({ event: one.event, calls: one.calls.filter((call) => call !== path) }));
  return haveCalls(announced) ? { open, announced } : null;
}

/** A call has ended, that of the thread at `path` if the trace says which; null: no open call can be meant. */
export function announce(
  { open, announced: before }: HostCalls,
  event: HostReturn,
  path: string | undefined,
): HostCalls | null {
  const calls = [...open.keys()].filter((call) => {
    const func = open.get(call);
    return (
      (path === undefined || path === call) &&
      func !== undefined &&
      answerOf(event, func, false) !== null
    );
  });
  const announced = [...before, { event, calls }];
  return haveCalls(announced) ? { open, announced } : null;
}

/** Whether each announced end can have a call of its own. */
function haveCalls(announced: readonly Announced[]): boolean {
  const ends = new Map<string, Announced>();
  return announced.every((one) => seat(one, ends, new Set()));
}

/** Finds a call for one more end, if need be another one for an end that has a call. */
function seat(one: Announced, ends: Map<string, Announced>, tried: Set<string>): boolean {
  return one.calls.some((call) => {
    if (tried.has(call)) return false;
    tried.add(call);
    const there = ends.get(call);
    if (there !== undefined && !seat(there, ends, tried)) return false;
    ends.set(call, one);
    return true;
  });
}
