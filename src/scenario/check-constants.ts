// What stands where nothing runs: `var` lines, arguments of `run`, and claims hold constants.

import { didYouMean } from "../wit/spelling.ts";
import type { Expr } from "./ast-exprs.ts";
import { type Code, checkExpr, isCase, operands } from "./check-exprs.ts";
import type { Place } from "./check-names.ts";
import { constants } from "./constants.ts";
import { fault } from "./errors.ts";

/** Whether `e` is the same in every run: what `var`, `run` and conditions can hold. */
function isConstant(place: Place, e: Expr): boolean {
  const all = (some: readonly Expr[]): boolean => some.every((one) => isConstant(place, one));
  if (e.tag === "packed") return all([e.result, e.progress]);
  if (["int", "float", "bool", "char", "constant", "flags"].includes(e.tag)) return true;
  if (e.tag === "name") return place.world.wasiCases.has(e.name);
  if (e.tag === "call") return isCase(place, e) && all(e.args);
  if (e.tag === "unary") return e.op === "-" && all([e.value]);
  return ["text", "list", "tuple", "record", "case"].includes(e.tag) && all(operands(e));
}

/** Stops unless `e` is a constant. */
export function checkConstant(code: Code, e: Expr, where: string): void {
  const { cases, wasiCases } = code.place.world;
  if (e.tag === "name" && !wasiCases.has(e.name)) {
    const hint = didYouMean(e.name, [...cases, ...wasiCases, ...Object.keys(constants)]);
    fault(
      e.pos,
      `${where} holds constants, not \`${e.name}\``,
      hint ?? "text is written in quotes",
    );
  }
  if (!isConstant(code.place, e))
    fault(e.pos, `${where} holds constants only`, "numbers, text, lists, cases");
  checkExpr(code, e);
}
