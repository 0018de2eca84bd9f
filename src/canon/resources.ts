// resource.new, resource.drop, resource.rep. Mirrors spec/03 and CanonicalABI.md, "canon resource.*".

import type { Frame } from "../model/frames.ts";
import type { HandleId, ResourceTypeId } from "../model/ids.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { HandleEntry } from "../model/store.ts";
import type { CoreValue } from "../model/values.ts";
import {
  assert,
  become,
  type Ctx,
  currentInstance,
  results,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import type { Rules } from "./rule.ts";
import { addHandle, getHandle, removeHandle } from "./waitables.ts";

interface ResourceFrame extends Frame {
  readonly args: readonly CoreValue[];
  readonly rt: ResourceTypeId;
  readonly opts: CanonicalOptions;
}

const arg = (frame: ResourceFrame): number => Number(frame.args[0] ?? 0);

/** The handle an entry stands for; traps unless it is of this resource type. */
function expectHandle(c: Ctx, entry: HandleEntry, rt: ResourceTypeId): HandleId {
  trapIf(c, entry.tag !== "resource", "not-a-resource");
  const { handle } = entry as HandleEntry & { tag: "resource" };
  trapIf(c, c.edit.handle.read(handle).rt !== rt, "wrong-type");
  return handle;
}

function newHandle(c: Ctx, frame: ResourceFrame): void {
  trapUnlessMayLeave(c);
  const handle = c.edit.handle.add({
    rt: frame.rt,
    rep: arg(frame),
    own: true,
    task: null,
    numLends: 0,
  });
  results(c, addHandle(c, currentInstance(c), { tag: "resource", handle }));
}

/** Dropping an own handle calls the destructor, as a sync call into the defining instance. */
function drop(c: Ctx, frame: ResourceFrame): void {
  const instance = trapUnlessMayLeave(c);
  const handle = expectHandle(c, removeHandle(c, instance, arg(frame)), frame.rt);
  const { numLends, own, rep, task } = c.edit.handle.read(handle);
  trapIf(c, numLends !== 0, "lent");
  c.edit.handle.remove(handle);
  if (!own) {
    assert(task !== null, "A53", "a borrow has a scope");
    c.edit.task.edit(task).numBorrows -= 1;
    results(c);
    return;
  }
  assert(task === null, "A53", "own handles have no scope");
  const type = c.program.resourceTypes[frame.rt];
  assert(type !== undefined, "M09", "a resource type is defined");
  const opts = { ...frame.opts, async: false, callback: null, postReturn: null };
  become(c, { tag: "lower", func: type.dtor, opts, args: [rep] });
}

export const resourceRules: Rules = {
  "resource.new": newHandle,
  "resource.drop": drop,
  "resource.rep": (c, frame: ResourceFrame) => {
    const handle = expectHandle(c, getHandle(c, currentInstance(c), arg(frame)), frame.rt);
    results(c, c.edit.handle.read(handle).rep);
  },
};
