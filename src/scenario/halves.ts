// Which functions of a scenario have halves under the split ABI, and under which names. Mirrors spec/11.

import { pollablesKey } from "../history/isyswasfa/interfaces.ts";
import type { SplitHost } from "../history/isyswasfa/protocol.ts";
import { resultName, startName } from "../history/split/names.ts";
import type { FuncId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Component, ExportDecl, Scenario } from "./ast.ts";
import type { Signature, TypeExpr } from "./ast-types.ts";
import { nodesIn } from "./nodes.ts";

interface Func {
  readonly id: FuncId;
  readonly ft: FuncType;
}

/** Both halves of a function that is split, and its whole type. */
export interface HalfNames {
  readonly ft: FuncType;
  readonly start: Func;
  readonly result: Func;
}

export interface SplitNames {
  readonly host: SplitHost;
  /** by the key of the whole function: `G.foo`, `host.f` */
  readonly halves: Map<string, HalfNames>;
}

/** A function that has halves, as the application knows it. */
export interface Whole {
  /** `G.foo`, `host.f` */
  readonly name: string;
  readonly ft: FuncType;
  /** The host has the halves: it is its own, or an async export that is not split. */
  readonly offered: boolean;
}

type TypeOf = (sig: Signature, scope: Component | null) => FuncType;

/** Every function with halves, but for those that every host has. */
export function wholesOf(
  { host }: Scenario,
  components: readonly Component[],
  typeOf: TypeOf,
): readonly Whole[] {
  const own = (host?.funcs ?? []).filter(({ sig }) => sig.async);
  return [
    ...own.map(({ name, sig }) => ({
      name: `host.${name}`,
      ft: typeOf(sig, null),
      offered: true,
    })),
    ...components.flatMap((c) =>
      c.exports
        .filter(({ sig }) => sig.async)
        .map((e) => ({ ...wholeExport(c, e), ft: typeOf(e.sig, c) })),
    ),
  ];
}

function wholeExport({ name: owner }: Component, { name, mode }: ExportDecl): Omit<Whole, "ft"> {
  return { name: `${owner}.${name}`, offered: mode !== "stackless" };
}

/** Pairs the halves of every function that is split; `funcs` by their names. */
export function pairHalves(
  wholes: readonly Pick<Whole, "name" | "ft">[],
  funcs: ReadonlyMap<string, Func>,
): Map<string, HalfNames> {
  const halves = new Map<string, HalfNames>();
  const put = (called: string, key: string, ft: FuncType): void => {
    const start = funcs.get(startName(key));
    const result = funcs.get(resultName(key));
    if (start !== undefined && result !== undefined) halves.set(called, { ft, start, result });
  };
  for (const { name, ft } of wholes) put(name, name, ft);
  const block = funcs.get(`${pollablesKey}.block`);
  if (block !== undefined) put("pollables.block", "isyswasfa:io/poll.block", block.ft);
  return halves;
}

/** The futures that stackless bodies make and use, by what they carry. */
export function futuresIn(
  components: readonly Component[],
  elementOf: (t: TypeExpr, scope: Component) => ValType | null,
): readonly ValType[] {
  return components.flatMap((c) =>
    nodesIn(
      c.exports.filter(({ mode }) => mode === "stackless"),
      "builtin",
    ).flatMap(({ name, t }) => {
      if (!name.startsWith("future.")) return [];
      return [{ tag: "future", t: t === null ? { tag: "u8" } : elementOf(t, c) } as const];
    }),
  );
}
