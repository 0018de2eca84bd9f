// Components, the host, and the scenario around them.

import { alt_sc, apply, combine, kleft, kmid, kright, opt_sc, rule, seq } from "typescript-parsec";
import type { Block, Component, ExportDecl, FuncDecl, LiftMode } from "./ast.ts";
import type { Pos } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { expression } from "./grammar-exprs.ts";
import { stacklessBody } from "./grammar-stackless.ts";
import { block, parameters } from "./grammar-stmts.ts";
import {
  binder,
  braced,
  byWord,
  integer,
  lineEnd,
  missing,
  name,
  node,
  type P,
  sign,
  terminal,
  word,
} from "./grammar-terminals.ts";
import { signature } from "./grammar-types.ts";
import type { Kind } from "./lexer.ts";

type Var = Component["vars"][number];
type Import = Component["imports"][number];
type Resource = Component["resources"][number];

interface ExportHead {
  readonly name: string;
  readonly sig: ExportDecl["sig"];
  readonly pos: Pos;
}

/** A line of a component, before the lines of a kind are gathered. */
type Item =
  | { readonly tag: "memory"; readonly value: Component["memory"]; readonly pos: Pos }
  | { readonly tag: "encoding"; readonly value: Component["encoding"]; readonly pos: Pos }
  | { readonly tag: "var"; readonly value: Var; readonly pos: Pos }
  | { readonly tag: "import"; readonly value: Import; readonly pos: Pos }
  | { readonly tag: "realloc"; readonly value: FuncDecl; readonly pos: Pos }
  | { readonly tag: "child"; readonly value: Component; readonly pos: Pos }
  | ExportDecl
  | FuncDecl
  | Resource;

function memory(keyword: "memory" | "memory64", address: "i32" | "i64"): P<Item> {
  return node(kright(word(keyword), integer), (bytes, pos) => ({
    tag: "memory",
    value: { bytes: Number(bytes), address },
    pos,
  }));
}

const encodingName: P<Component["encoding"]> = alt_sc(
  apply(word("utf8"), () => "utf8"),
  apply(word("utf16"), () => "utf16"),
  apply(seq(word("latin1"), sign("+"), word("utf16")), () => "latin1+utf16"),
);

const encoding: P<Item> = node(kright(word("encoding"), encodingName), (value, pos) => ({
  tag: "encoding",
  value,
  pos,
}));

const variable: P<Var> = node(
  seq(kright(word("var"), name("a name")), kright(sign("="), expression)),
  ([text, value], pos) => ({ name: text, value, pos }),
);

const interfaceName: P<string> = apply(
  terminal("an interface", (t) => t.kind === "interface"),
  (t) => t.text,
);

const importItem: P<Item> = node(
  kright(word("import"), alt_sc(name("a component or `host`"), interfaceName)),
  (text, pos) => ({ tag: "import", value: { name: text, pos }, pos }),
);

const destructor = apply(
  seq(kright(word("drop"), kmid(sign("("), binder, sign(")"))), block),
  ([param, body]) => ({ param, body }),
);

const resource: P<Item> = node(
  seq(
    kright(word("resource"), name("a name for the resource")),
    opt_sc(kmid(sign("{"), opt_sc(destructor), sign("}"))),
  ),
  ([text, dtor], pos) => ({ tag: "resource", name: text, dtor: dtor ?? null, pos }),
);

const func: P<FuncDecl> = node(
  seq(kright(word("func"), name("a name")), parameters, block),
  ([text, params, body], pos) => ({ tag: "func", name: text, params, body, pos }),
);

const realloc: P<Item> = node(
  seq(kright(word("realloc"), parameters), block),
  ([params, body], pos) => ({
    tag: "realloc",
    value: { tag: "func", name: "realloc", params, body, pos },
    pos,
  }),
);

interface Bodies {
  readonly mode: LiftMode;
  readonly task?: string;
  readonly start: readonly string[] | null;
  readonly body: Block;
  readonly onEvent: ExportDecl["onEvent"];
  readonly postReturn: Block | null;
  readonly onCancel?: Block;
}

/** `(t)` after the way it is lifted: its own task, in the design of June 2022. */
const ownTask: P<string | undefined> = opt_sc(kmid(sign("("), binder, sign(")")));

const plainBody: P<Bodies> = apply(
  seq(
    opt_sc(alt_sc(word("sync"), word("stackful"))),
    ownTask,
    block,
    opt_sc(kright(seq(opt_sc(lineEnd), word("post-return")), block)),
  ),
  ([mode, task, body, postReturn]) => ({
    mode: mode?.text === "stackful" ? "stackful" : "sync",
    ...(task === undefined ? {} : { task }),
    start: null,
    body,
    onEvent: null,
    postReturn: postReturn ?? null,
  }),
);

const eventParameters: P<readonly [string, string, string, ...string[]]> = apply(
  seq(
    kright(sign("("), binder),
    kright(sign(","), binder),
    kright(sign(","), binder),
    kleft(opt_sc(kright(sign(","), binder)), sign(")")),
  ),
  ([event, index, payload, closure]) =>
    closure === undefined ? [event, index, payload] : [event, index, payload, closure],
);

const onStart = kright(seq(word("on"), word("start")), seq(opt_sc(parameters), block));

const onEvent = apply(
  kright(seq(word("on"), word("event")), seq(eventParameters, block)),
  ([params, body]) => ({ params, body }),
);

const callbackBody: P<Bodies> = apply(
  seq(
    kright(word("callback"), ownTask),
    kmid(sign("{"), seq(onStart, opt_sc(kright(lineEnd, onEvent))), sign("}")),
  ),
  ([task, [[start, body], event]]) => ({
    mode: "callback",
    ...(task === undefined ? {} : { task }),
    start: start ?? null,
    body,
    onEvent: event ?? null,
    postReturn: null,
  }),
);

const stackless: P<Bodies> = apply(stacklessBody(block, lineEnd), (rest) => ({
  ...rest,
  mode: "stackless",
  start: null,
  onEvent: null,
  postReturn: null,
}));

const bodies: P<Bodies> = byWord<Bodies>({ callback: callbackBody, stackless }, plainBody);

/** What is missing after an `async func` without a mode; `parse.ts` explains it. */
export const liftModes = "one of sync, stackful, callback, stackless";

const asyncBodies: P<Bodies> = byWord<Bodies>(
  { callback: callbackBody, sync: plainBody, stackful: plainBody, stackless },
  missing(liftModes),
);

const head: P<ExportHead> = node(
  seq(kright(word("export"), name("a name")), kright(sign(":"), signature)),
  ([text, sig], pos) => ({ name: text, sig, pos }),
);

function withBodies({ name: text, sig, pos }: ExportHead, { start, ...rest }: Bodies): ExportDecl {
  const names = sig.params.map((p) => p.name);
  if (start !== null && start.join() !== names.join()) {
    fault(
      pos,
      `\`on start\` of ${text} does not repeat the parameters of its signature`,
      `write \`on start(${names.join(", ")})\``,
    );
  }
  return { tag: "export", name: text, sig, ...rest, pos };
}

const exported: P<ExportDecl> = combine(head, (of: ExportHead) =>
  apply(of.sig.async ? asyncBodies : bodies, (rest) => withBodies(of, rest)),
);

const componentRule = rule<Kind, Component>();

const item: P<Item> = byWord<Item>(
  {
    memory: memory("memory", "i32"),
    memory64: memory("memory64", "i64"),
    encoding,
    var: node(variable, (value, pos): Item => ({ tag: "var", value, pos })),
    import: importItem,
    resource,
    func,
    realloc,
    export: exported,
    component: node(componentRule, (value, pos): Item => ({ tag: "child", value, pos })),
  },
  missing("a line of a component"),
);

function only<T extends Item>(items: readonly T[], what: string): T | undefined {
  const [first, second] = items;
  if (second !== undefined) fault(second.pos, `this component has a second ${what}`, "drop one");
  return first;
}

function gather(text: string, items: readonly Item[], pos: Pos): Component {
  if (!/^[A-Z]/.test(text)) {
    fault(
      pos,
      `a component's name begins with an upper-case letter, not \`${text}\``,
      "A, Proxy, ..",
    );
  }
  const all = <T extends Item["tag"]>(tag: T): Extract<Item, { tag: T }>[] =>
    items.filter((i): i is Extract<Item, { tag: T }> => i.tag === tag);
  return {
    name: text,
    memory: only(all("memory"), "memory")?.value ?? { bytes: 4096, address: "i32" },
    encoding: only(all("encoding"), "encoding")?.value ?? "utf8",
    vars: all("var").map((i) => i.value),
    resources: all("resource"),
    imports: all("import").map((i) => i.value),
    exports: all("export"),
    funcs: all("func"),
    realloc: only(all("realloc"), "realloc")?.value ?? null,
    children: all("child").map((i) => i.value),
    pos,
  };
}

componentRule.setPattern(
  node(
    seq(kright(word("component"), name("a name for the component")), braced(item)),
    ([text, items], pos) => gather(text, items, pos),
  ),
);

/** `component NAME { .. }` */
export const component: P<Component> = componentRule;

/** `var x = 0` */
export const variableDecl: P<Var> = variable;
