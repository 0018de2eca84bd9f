// Before CM#705: which instances may be entered. Mirrors spec/07 and CanonicalABI.md at 6d28164.

import type { Frame } from "../model/frames.ts";
import type { InstanceId } from "../model/ids.ts";
import { assert, type Ctx, finish } from "./machine.ts";
import type { Rules } from "./rule.ts";

function selfAndAncestors(c: Ctx, id: InstanceId | null): InstanceId[] {
  const chain: InstanceId[] = [];
  for (let at = id; at !== null; at = c.program.instances[at]?.parent ?? null) chain.push(at);
  return chain;
}

/** The instances that a call from `caller` into `id` enters: not those that both share. */
function enteringSet(c: Ctx, id: InstanceId, caller: InstanceId | null): InstanceId[] {
  const outside = selfAndAncestors(c, caller);
  return selfAndAncestors(c, id).filter((inst) => !outside.includes(inst));
}

export function mayEnterFrom(c: Ctx, id: InstanceId, caller: InstanceId | null): boolean {
  return enteringSet(c, id, caller).every((inst) => c.edit.instance.read(inst).mayEnter);
}

export function enterFrom(c: Ctx, id: InstanceId, caller: InstanceId | null): void {
  for (const inst of enteringSet(c, id, caller)) {
    assert(c.edit.instance.read(inst).mayEnter, "A02", "an instance on the stack is not entered");
    c.edit.instance.edit(inst).mayEnter = false;
  }
}

function leaveTo(c: Ctx, id: InstanceId, caller: InstanceId | null): void {
  for (const inst of enteringSet(c, id, caller)) {
    assert(!c.edit.instance.read(inst).mayEnter, "A03", "leaving undoes exactly one entering");
    c.edit.instance.edit(inst).mayEnter = true;
  }
}

/** Stands below a call that entered `instance` from `caller` (null: from the host). */
export interface LeaveFrame extends Frame {
  readonly tag: "lift.leave";
  readonly instance: InstanceId;
  readonly caller: InstanceId | null;
}

export const enteringRules: Rules = {
  "lift.leave": (c, frame: LeaveFrame) => {
    leaveTo(c, frame.instance, frame.caller);
    finish(c, null);
  },
};
