// The built-ins of June 2022: `canon.listen s ptr 8`, `canon.lower L.f(1) ptr`. Mirrors spec/12.

import { apply, opt_sc, type Parser, seq, succ } from "typescript-parsec";
import type { Expr } from "../ast-exprs.ts";
import type { TypeExpr } from "../ast-types.ts";
import { node, type P, word } from "../grammar-terminals.ts";
import { payloadArgument } from "../grammar-types.ts";
import { atom, call } from "../grammar-values.ts";
import type { Kind } from "../lexer.ts";
import { type Name2022, names2022, shapes2022 } from "./names.ts";

/** At least so many atoms, and at most so many more. */
function atoms(least: number, more: number): P<Expr[]> {
  let p: P<Expr[]> = succ([]) as Parser<Kind, Expr[]>;
  for (let i = 0; i < least; i++) p = apply(seq(p, atom), ([before, last]) => [...before, last]);
  if (more === 0) return p;
  return apply(seq(p, opt_sc(atom)), ([before, last]) =>
    last === undefined ? before : [...before, last],
  );
}

function builtin(name: Name2022): P<Expr> {
  const { least, most } = shapes2022[name];
  const none = succ<Kind, null>(null);
  const called: P<Expr | null> = name === "canon.lower" ? call : none;
  const type: P<TypeExpr | null> = name === "canon.task.new" ? payloadArgument : none;
  return node(
    seq(word(name), type, called, atoms(least, most - least)),
    ([, t, of, args], pos): Expr => ({ tag: "canon", name, t, call: of, args, pos }),
  );
}

/** The parser of each, by its name. */
export const builtins2022: ReadonlyMap<string, P<Expr>> = new Map(
  names2022.map((name) => [name, builtin(name as Name2022)]),
);
