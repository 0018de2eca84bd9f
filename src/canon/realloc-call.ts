// realloc: a sync call into the guest that owns the memory, on a thread of its own. Mirrors spec/03.

import type { Frame } from "../model/frames.ts";
import type { InstanceId } from "../model/ids.ts";
import type { AddressType, FuncType, ValType } from "../model/types.ts";
import { startLift } from "./lift.ts";
import { assert, become, type Ctx, currentThread, results, takeCore } from "./machine.ts";
import type { ReallocFrame } from "./realloc.ts";
import type { Rules } from "./rule.ts";

function reallocType(address: AddressType): FuncType {
  const t: ValType = { tag: address === "i32" ? "u32" : "u64" };
  const names = ["old", "old-size", "align", "new-size"];
  return { params: names.map((name) => ({ name, t })), result: t, async: false };
}

/** `LiftLowerContext.reallocate`: the instance may not leave until realloc is back. */
function callIt(c: Ctx, { cx, args }: ReallocFrame): void {
  const { instance, opts } = cx;
  assert(opts.realloc !== null, "M08", "validation requires a realloc here");
  const inst = c.edit.instance.edit(instance);
  assert(inst.mayLeave, "A27", "realloc calls do not nest");
  inst.mayLeave = false;
  become(c, { tag: "realloc.returned", instance });
  startLift(c, {
    name: "realloc",
    ft: reallocType(opts.address),
    opts: { ...opts, realloc: null, postReturn: null, callback: null, async: false },
    core: opts.realloc,
    instance,
    caller: { tag: "realloc", thread: currentThread(c), args },
  });
}

export const reallocRules: Rules = {
  realloc: callIt,
  "realloc.returned": (c, frame: Frame & { instance: InstanceId }) => {
    c.edit.instance.edit(frame.instance).mayLeave = true;
    results(c, ...takeCore(c));
  },
};
