// Signatures of June 2022: what a future or stream of a result looks like, and what the machine calls. Mirrors spec/12.

import { elemSize } from "../../canon/values/layout.ts";
import type { Shape } from "../../history/proposal-2022/tree.ts";
import type { FuncType, ValType } from "../../model/types.ts";
import type { Component, Scenario } from "../ast.ts";
import type { Name, Signature, TypeExpr } from "../ast-types.ts";

/** Whether a scenario is about the proposal of June 2022. */
export function is2022({ design }: Scenario): boolean {
  return design?.name === "proposal-2022";
}

export function isHandle(t: TypeExpr | null | undefined): boolean {
  return t?.tag === "future" || t?.tag === "stream";
}

/** Names types: those of handles are the indices that code sees. */
export type Resolve = (t: TypeExpr) => ValType;

const index: ValType = { tag: "u32" };

function valueType(resolve: Resolve, t: TypeExpr | null | undefined): ValType | null {
  if (t === null || t === undefined) return null;
  return isHandle(t) ? index : resolve(t);
}

/** The type of the end value of a result; null if there is none. */
export function endType(resolve: Resolve, result: TypeExpr | null): ValType | null {
  if (result?.tag === "future") return valueType(resolve, result.t);
  return result?.tag === "stream" ? valueType(resolve, result.end) : null;
}

/** What a task with this result produces. */
export function shapeOf(resolve: Resolve, result: TypeExpr | null): Shape {
  const size = (t: ValType | null): number => (t === null ? 0 : elemSize(t, "i32"));
  const stream = result?.tag === "stream";
  return {
    stream,
    element: stream ? size(valueType(resolve, result.t)) : 0,
    value: size(endType(resolve, result)),
    handle: isHandle(result?.tag === "future" ? result.t : stream ? result.end : null),
  };
}

/** What the machine of today calls: the task is one more parameter, and nothing is returned. */
export function funcType2022(resolve: Resolve, { params }: Signature): FuncType {
  const flat = params.map(({ name, t }) => ({ name, t: valueType(resolve, t) ?? index }));
  return { params: [...flat, { name: "its-own-task", t: index }], result: null, async: true };
}

/** The signature that a path names; the checker has seen to it that there is one. */
export function signatureOf(
  { host }: Scenario,
  components: readonly Component[],
  { path }: Name,
): Signature {
  const [owner = "", func = ""] = path.slice(-2);
  const funcs = owner === "host" ? host?.funcs : components.find((c) => c.name === owner)?.exports;
  const found = funcs?.find((f) => f.name === func);
  if (found === undefined) throw new Error(`no function ${path.join(".")}`);
  return found.sig;
}
