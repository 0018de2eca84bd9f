// The request for a realloc call, as lowering makes it; the call itself is `realloc-call.ts`. Mirrors spec/03.

import type { Frame } from "../model/frames.ts";
import type { CoreValue } from "../model/values.ts";
import { assert, type Ctx, push } from "./machine.ts";
import type { LiftLowerContext } from "./values/context.ts";

export interface ReallocFrame extends Frame {
  readonly tag: "realloc";
  readonly cx: LiftLowerContext;
  readonly args: readonly CoreValue[];
}

/**
 * `LiftLowerContext.reallocate`: pushes the call on the current thread; when control is back in the
 * frame below, `takeCore` gives the one pointer. Sizes and alignment in bytes.
 */
export function callRealloc(
  c: Ctx,
  cx: LiftLowerContext,
  old: number,
  oldSize: number,
  align: number,
  newSize: number,
): void {
  assert(cx.opts.realloc !== null, "M08", "validation requires a realloc here");
  const args = [old, oldSize, align, newSize];
  const wide = cx.opts.address === "i64";
  const frame: ReallocFrame = { tag: "realloc", cx, args: wide ? args.map(BigInt) : args };
  push(c, frame);
}
