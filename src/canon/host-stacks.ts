// NON-SPEC: the host puts a whole stack of threads aside and takes it up again. Mirrors spec/13.

import type { Frame } from "../model/frames.ts";
import type { ThreadId } from "../model/ids.ts";
import { assert, type Ctx, finish, results } from "./machine.ts";
import type { Rules } from "./rule.ts";

/** Threads by path, the lowest first: a path is the same in whatever order threads were made. */
interface SwitchFrame extends Frame {
  readonly paths: readonly string[];
}

/** The live thread of a path; null if it has ended. */
export function threadAt(c: Ctx, path: string): ThreadId | null {
  return c.edit.thread.ids().find((id) => c.edit.thread.read(id).path === path) ?? null;
}

function switchIn(c: Ctx, { paths }: SwitchFrame): void {
  results(c);
  for (const path of paths) {
    const id = threadAt(c, path);
    assert(id !== null, "M16", "a stack that was put aside is still there");
    c.edit.thread.edit(id).state = { tag: "running" };
    c.edit.enter(id);
  }
}

/** The current thread gives way together with those below it, down to the first of `paths`. */
function switchOut(c: Ctx, { paths }: SwitchFrame): void {
  finish(c, null);
  for (const _ of paths) {
    const id = c.edit.running;
    assert(id !== null, "M16", "whoever is put aside runs");
    c.edit.thread.edit(id).state = { tag: "suspended" };
    c.edit.leave();
  }
}

export const hostStackRules: Rules = {
  "host.switch-in": switchIn,
  "host.switch-out": switchOut,
};
