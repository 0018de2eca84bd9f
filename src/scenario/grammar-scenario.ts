// A whole scenario: its title, types, cast, invocations and checks.

import { alt_sc, apply, kright, list_sc, opt_sc, rep_sc, seq } from "typescript-parsec";
import type {
  Check,
  Component,
  HostDecl,
  HostFunc,
  RunDecl,
  Scenario,
  SymmetricDecl,
  WasiArg,
  WasiDecl,
  WasiLine,
} from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import type { Name, Pos, TypeDecl } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { check, revision } from "./grammar-conditions.ts";
import { component, variableDecl } from "./grammar-decls.ts";
import { block } from "./grammar-stmts.ts";
import {
  braced,
  byWord,
  called,
  lineEnd,
  missing,
  name,
  node,
  type P,
  segments,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import { signature, typeDecl } from "./grammar-types.ts";
import { callArguments } from "./grammar-values.ts";
import type { ScenarioToken } from "./lexer-layout.ts";
import { pieces } from "./lexer-strings.ts";

type Process = HostDecl["processes"][number];

type HostItem =
  | { readonly tag: "var"; readonly value: HostDecl["vars"][number] }
  | { readonly tag: "func"; readonly value: HostFunc }
  | { readonly tag: "process"; readonly value: Process }
  | { readonly tag: "cancels"; readonly value: HostDecl["cancelCopy"]; readonly pos: Pos };

const when: P<HostDecl["cancelCopy"]> = alt_sc(
  apply(seq(word("at"), word("once")), () => "at-once"),
  apply(word("later"), () => "defer"),
  apply(word("either"), () => "either"),
);

const cancels: P<HostItem> = node(
  kright(seq(word("cancels"), word("copies")), when),
  (value, pos) => ({ tag: "cancels", value, pos }),
);

const hostFunc: P<HostFunc> = node(
  seq(
    kright(word("func"), name("a name")),
    kright(sign(":"), signature),
    opt_sc(word("cancellable")),
    block,
  ),
  ([text, sig, cancellable, body], pos) => ({
    name: text,
    sig,
    cancellable: cancellable !== undefined,
    body,
    pos,
  }),
);

const process: P<Process> = node(
  seq(kright(word("process"), name("a name")), block),
  ([text, body], pos) => ({ name: text, body, pos }),
);

const hostItem: P<HostItem> = byWord<HostItem>(
  {
    var: apply(variableDecl, (value): HostItem => ({ tag: "var", value })),
    func: apply(hostFunc, (value): HostItem => ({ tag: "func", value })),
    process: apply(process, (value): HostItem => ({ tag: "process", value })),
    cancels,
  },
  missing("a line of the host"),
);

function gatherHost(items: readonly HostItem[], pos: Pos): HostDecl {
  const [cancel, again] = items.filter((i) => i.tag === "cancels");
  if (again !== undefined) fault(again.pos, "the host has a second `cancels copies`", "drop one");
  return {
    vars: items.flatMap((i) => (i.tag === "var" ? [i.value] : [])),
    funcs: items.flatMap((i) => (i.tag === "func" ? [i.value] : [])),
    cancelCopy: cancel?.value ?? "either",
    processes: items.flatMap((i) => (i.tag === "process" ? [i.value] : [])),
    pos,
  };
}

const host: P<HostDecl> = node(kright(word("host"), braced(hostItem)), gatherHost);

/** Text without holes: `what` says of what. */
function plainText(what: string, token: ScenarioToken): string {
  const [piece, more] = pieces(token.text, token.at);
  if (more !== undefined) fault(token.at, `${what} has no holes`, "a plain brace is `{{`");
  return piece?.tag === "text" ? piece.text : "";
}

const wasiText: P<WasiArg> = node(
  terminal("text in double quotes", (t) => t.kind === "string"),
  (t, pos) => ({ tag: "text", text: plainText("a text of the world", t), pos }),
);

const wasiWord: P<WasiArg> = node(
  terminal("a word", (t) => t.kind === "path" || t.kind === "number"),
  (t, pos) => ({ tag: "word", text: t.text.replace("%", ""), pos }),
);

const wasiLine: P<WasiLine> = node(
  seq(name("a line of the world"), rep_sc(alt_sc(wasiText, wasiWord))),
  ([text, args], pos) => ({ word: text, args, pos }),
);

const wasi: P<WasiDecl> = node(kright(word("wasi"), braced(wasiLine)), (found, pos) => ({
  lines: found,
  pos,
}));

const callee: P<Name> = node(
  terminal("a component's export, like A.run", (t) => t.kind === "path"),
  (t, pos) => ({ path: segments(t.text), pos }),
);

const run: P<RunDecl> = node(
  seq(
    kright(word("run"), callee),
    opt_sc(callArguments),
    opt_sc(kright(word("as"), name("a name for the run"))),
  ),
  ([func, args, as], pos) => ({
    name: as ?? func.path.at(-1) ?? "",
    func,
    args: args ?? ([] as Expr[]),
    pos,
  }),
);

type Item =
  | { readonly tag: "design"; readonly name: string; readonly pos: Pos }
  | { readonly tag: "type"; readonly value: TypeDecl }
  | { readonly tag: "component"; readonly value: Component }
  | { readonly tag: "host"; readonly value: HostDecl }
  | { readonly tag: "wasi"; readonly value: WasiDecl }
  | { readonly tag: "run"; readonly value: RunDecl }
  | { readonly tag: "symmetric"; readonly value: SymmetricDecl }
  | { readonly tag: "expect"; readonly value: readonly string[] }
  | { readonly tag: "only"; readonly value: readonly string[]; readonly pos: Pos }
  | { readonly tag: "check"; readonly value: Check };

const expectations: P<string[]> = kright(
  word("expect"),
  list_sc(name("bugs, deadlock, .."), sign(",")),
);

const checkItem: P<Item> = apply(check, (value): Item => ({ tag: "check", value }));

const only: P<Item> = node(kright(word("only"), list_sc(revision, sign(","))), (value, pos) => ({
  tag: "only",
  value,
  pos,
}));

const symmetric: P<SymmetricDecl> = node(
  kright(word("symmetric"), list_sc(name("the name of a run"), sign(","))),
  (names, pos) => ({ names, pos }),
);

const design: P<Item> = node(kright(word("design"), name("a design")), (text, pos) => {
  if (text !== "proposal-2022") fault(pos, `there is no design \`${text}\``, "proposal-2022");
  return { tag: "design", name: text, pos };
});

const item: P<Item> = byWord<Item>(
  {
    design,
    type: apply(typeDecl, (value): Item => ({ tag: "type", value })),
    component: apply(component, (value): Item => ({ tag: "component", value })),
    host: apply(host, (value): Item => ({ tag: "host", value })),
    wasi: apply(wasi, (value): Item => ({ tag: "wasi", value })),
    run: apply(run, (value): Item => ({ tag: "run", value })),
    symmetric: apply(symmetric, (value): Item => ({ tag: "symmetric", value })),
    expect: apply(expectations, (value): Item => ({ tag: "expect", value })),
    only,
    under: checkItem,
    with: checkItem,
    always: checkItem,
    sometimes: checkItem,
    never: checkItem,
    exactly: checkItem,
  },
  missing("a line of a scenario"),
);

const titleId = /^(?:(?:[A-Z][A-Z0-9]*-)+[A-Z]?[0-9]+[a-z]?|[A-Z][0-9]{2}[a-z]?)$/;

/** The id that a title begins with: its first word when that looks like `STR-04`, `ISY-S2` or `F02`. */
export function idOf(title: string): string | null {
  const [first = ""] = title.split(" ");
  return titleId.test(first) ? first : null;
}

function single<T extends { readonly pos: Pos }>(found: readonly T[], what: string): T | null {
  const [first, second] = found;
  if (second !== undefined) fault(second.pos, `this scenario has a second ${what}`, "join the two");
  return first ?? null;
}

/** An earlier design does not change with the specification of today. */
const newestAlone: readonly string[] = ["d1daf829"];

function gather(title: string, items: readonly Item[], pos: Pos): Scenario {
  const all = <T extends Item["tag"]>(tag: T): Extract<Item, { tag: T }>[] =>
    items.filter((i): i is Extract<Item, { tag: T }> => i.tag === tag);
  const other = single(all("design"), "`design` line");
  return {
    title,
    id: idOf(title),
    ...(other === null ? {} : { design: { name: "proposal-2022", pos: other.pos } as const }),
    types: all("type").map((i) => i.value),
    components: all("component").map((i) => i.value),
    host: single(
      all("host").map((i) => i.value),
      "host",
    ),
    wasi: single(
      all("wasi").map((i) => i.value),
      "`wasi` block",
    ),
    runs: all("run").map((i) => i.value),
    symmetric: all("symmetric").map((i) => i.value),
    expects: all("expect").flatMap((i) => i.value),
    only: single(all("only"), "`only` line")?.value ?? (other === null ? null : newestAlone),
    checks: all("check").map((i) => i.value),
    pos,
  };
}

const titleText: P<string> = apply(
  terminal("a title in double quotes", (t) => t.kind === "string"),
  (token) => plainText("a title", token),
);

const scenario: P<Scenario> = node(
  seq(kright(word("scenario"), titleText), rep_sc(kright(lineEnd, item))),
  ([text, items], pos) => gather(text, items, pos),
);

/** A file: scenarios one after the other. */
export const scenarios: P<Scenario[]> = apply(
  opt_sc(list_sc(called("a scenario", scenario), lineEnd)),
  (found) => found ?? [],
);
