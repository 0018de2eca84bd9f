// The two halves of a function: one starts the call, the other claims its result.

import type { FuncExpr, TypeExpr } from "../../wit/ast.ts";
import { localName, nameHere, nowhere, type Scope } from "./scope.ts";

export function typeHere(name: string): TypeExpr {
  return { tag: "named", name, pos: nowhere };
}

/** The signatures of both halves of `func`, whose types are those of the split world. */
export function halves(
  scope: Scope,
  func: FuncExpr,
): { readonly start: FuncExpr; readonly result: FuncExpr } {
  const { tasks } = scope.job;
  const error = typeHere(localName(scope, tasks, "pending"));
  const ready = typeHere(localName(scope, tasks, "ready"));
  const started: TypeExpr = { tag: "result", ok: func.result, error, pos: nowhere };
  return {
    start: { async: false, params: func.params, result: started },
    result: {
      async: false,
      params: [{ name: nameHere("ready"), t: ready }],
      result: func.result,
    },
  };
}
