// The desk between the machine and JavaScript: plain data among the globals of the host's instance.

import type { Ctx } from "../canon/machine.ts";
import type { Edit } from "../model/edit.ts";
import type { WaitableId } from "../model/ids.ts";
import { hostInstance } from "../scenario/resolve.ts";
import type { Answer, Items, Notice } from "./arrivals.ts";

/** Everything by number; what was taken is gone. */
interface Desk {
  /** requests made so far */
  readonly requests: number;
  /** the path of the next thread that an arrival begins */
  readonly threads: number;
  readonly notices: readonly Notice[];
  /** the subtasks of the calls of `invoke` that are not over */
  readonly calls: Readonly<Record<number, WaitableId>>;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly items: Readonly<Record<number, Items>>;
  /** reads that are to end with what they have */
  readonly ended: readonly number[];
}

const key = "embedding";

/** A desk with nothing on it; `threads`: how many there are already. */
export function emptyDesk(threads: number): Readonly<Record<string, unknown>> {
  const empty: Desk = {
    requests: 0,
    threads,
    notices: [],
    calls: {},
    answers: {},
    items: {},
    ended: [],
  };
  return { [key]: empty };
}

export function desk({ edit }: { readonly edit: Edit }): Desk {
  return edit.instance.read(hostInstance).globals[key] as Desk;
}

export function change({ edit }: { readonly edit: Edit }, changes: Partial<Desk>): void {
  const host = edit.instance.edit(hostInstance);
  host.globals = { ...host.globals, [key]: { ...(host.globals[key] as Desk), ...changes } };
}

export function tell(c: Ctx, notice: Notice): void {
  change(c, { notices: [...desk(c).notices, notice] });
}

/** The same table without one entry. */
export function without<X>(table: Readonly<Record<number, X>>, n: number): Record<number, X> {
  const { [n]: _, ...rest } = table;
  return rest;
}
