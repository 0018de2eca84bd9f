// The built-ins and types of June 2022 in a scenario: what they may be. Mirrors spec/12.

import type { Expr } from "../ast-exprs.ts";
import type { TypeExpr } from "../ast-types.ts";
import type { Place } from "../check-names.ts";
import { fault } from "../errors.ts";
import { is2022 } from "./types.ts";

const numbers: ReadonlySet<string> = new Set("bool u8 s8 u16 s16 u32 s32 u64 s64".split(" "));

export function isNumber(t: TypeExpr): boolean {
  return t.tag === "prim" && numbers.has(t.name);
}

/** `future<U>`, `stream<T, U>`: T is a number, U a number or a future or stream again. */
export function checkHandle(t: TypeExpr): void {
  if (t.tag !== "future" && t.tag !== "stream") {
    fault(
      t.pos,
      "only a future or a stream is a task of June 2022",
      "future<u32>, stream<u8, s32>",
    );
  }
  const element = t.tag === "stream" ? t.t : null;
  const end = t.tag === "stream" ? (t.end ?? null) : t.t;
  if (t.tag === "future" && t.end !== undefined) {
    fault(t.end.pos, "a future has one value", "stream<T, U> has an end value");
  }
  if (element !== null && !isNumber(element)) {
    fault(element.pos, "elements of June 2022 are numbers here", "stream<u8>, stream<u32, u8>");
  }
  if (end === null || isNumber(end)) return;
  checkHandle(end);
}

/** Stops at a built-in of one design in a scenario about the other. */
export function checkCanon({ world, within }: Place, e: Extract<Expr, { tag: "canon" }>): void {
  if (!is2022(world.scenario)) {
    fault(e.pos, `\`${e.name}\` is of June 2022`, "it needs the line `design proposal-2022`");
  }
  if (within.length === 0) fault(e.pos, `the host cannot call ${e.name}`, "let a component do it");
  if (e.t !== null) checkHandle(e.t);
}
