// The values of expressions that need no run: initial values of variables, expected log entries.

import type { Expr } from "./ast-exprs.ts";
import { constants } from "./constants.ts";
import { narrow, type ScriptValue, show, toNumber } from "./script-values.ts";

/** The value of a constant expression; the checker has refused any other. */
export function literal(expr: Expr): ScriptValue {
  switch (expr.tag) {
    case "int":
      return narrow(expr.value);
    case "float":
    case "bool":
    case "char":
      return expr.value;
    case "text":
      return expr.parts.map((p) => (typeof p === "string" ? p : show(literal(p)))).join("");
    case "constant":
      return { tag: "named", kind: constants[expr.name].kind, n: constants[expr.name].value };
    case "packed": {
      const n = toNumber(literal(expr.result)) + 16 * toNumber(literal(expr.progress));
      return { tag: "named", kind: "copy", n };
    }
    case "list":
    case "tuple":
      return expr.items.map(literal);
    case "name":
      return { tag: "case", label: expr.name, value: null };
    default:
      return compound(expr);
  }
}

function compound(expr: Expr): ScriptValue {
  switch (expr.tag) {
    case "unary":
      return -toNumber(literal(expr.value));
    case "case":
      return {
        tag: "case",
        label: expr.label,
        value: expr.value === null ? null : (literal(expr.value) as never),
      };
    case "call": {
      const [value] = expr.args;
      const label = expr.name.path.join(".");
      return { tag: "case", label, value: value === undefined ? null : (literal(value) as never) };
    }
    case "flags":
      return { tag: "flags", labels: expr.labels };
    case "record": {
      const fields = expr.fields.map((f) => [f.label, literal(f.value)]);
      return { tag: "record", fields: Object.fromEntries(fields) };
    }
    default:
      throw new Error(`not a constant expression: ${expr.tag}`);
  }
}

/** An expected log entry as the log would print it. */
export function entryText(expr: Expr): string {
  return show(literal(expr));
}
