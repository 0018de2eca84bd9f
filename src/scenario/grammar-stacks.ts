// The verbs of the host's stacks: `stack.call S A.f(1)`, `stack.poll F`. Mirrors spec/13.

import { apply, seq, succ } from "typescript-parsec";
import type { Expr } from "./ast-exprs.ts";
import { node, type P, word } from "./grammar-terminals.ts";
import { atom, call } from "./grammar-values.ts";

type Verb = (Expr & { readonly tag: "stack" })["verb"];

interface Operands {
  readonly number: Expr | null;
  readonly call: Expr | null;
}

const ofNumber: P<Operands> = apply(atom, (number) => ({ number, call: null }));
const ofCall: P<Operands> = apply(call, (made) => ({ number: null, call: made }));

const operands: Readonly<Record<Verb, P<Operands>>> = {
  new: succ({ number: null, call: null }),
  call: apply(seq(atom, call), ([number, made]) => ({ number, call: made })),
  poll: ofNumber,
  drop: ofNumber,
  plain: ofCall,
  guard: ofCall,
};

/** Each verb by the path that it is written as. */
export const stackVerbs: readonly (readonly [string, P<Expr>])[] = Object.entries(operands).map(
  ([verb, p]) => {
    const path = `stack.${verb}`;
    return [
      path,
      node(seq(word(path), p), ([, taken], pos) => ({
        tag: "stack",
        verb: verb as Verb,
        ...taken,
        pos,
      })),
    ];
  },
);
