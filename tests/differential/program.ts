// Guest programs that both sides can run: plain JSON for the driver, scenario text for the explorer.

/** A number, or the name of a variable or parameter. */
export type Atom = number | string;

/** Results go to variables of the instance; null ignores one. */
type Dst = readonly (string | null)[];

export interface Builtin {
  readonly op: "builtin";
  readonly id: number;
  readonly name: string;
  readonly async: boolean;
  readonly cancellable: boolean;
  readonly args: readonly Atom[];
  /** of streams and futures: their elements */
  readonly t: Type | null;
  /** the fixed address of a buffer or of an event's payload */
  readonly at: number | null;
  /** of `resource.*` */
  readonly resource: string | null;
  /** of `thread.new-indirect` */
  readonly func: string | null;
  readonly dst: Dst;
}

export interface Call {
  readonly op: "call";
  readonly id: number;
  readonly func: string;
  readonly async: boolean;
  readonly args: readonly Atom[];
  /** async: state, subtask, result pointer; sync: the result */
  readonly dst: Dst;
}

export interface If {
  readonly op: "if";
  readonly a: Atom;
  readonly cmp: "==" | "!=" | "<";
  readonly b: Atom;
  readonly yes: Block;
  readonly no: Block;
}

export type Op =
  | Builtin
  | Call
  | If
  | { readonly op: "set"; readonly dst: string; readonly value: Atom }
  | { readonly op: "add"; readonly dst: string; readonly n: number }
  | { readonly op: "log"; readonly id: number; readonly values: readonly Atom[] }
  | { readonly op: "poke"; readonly at: number; readonly value: Atom }
  | { readonly op: "fetch"; readonly dst: string; readonly at: number }
  | { readonly op: "peek"; readonly id: number; readonly at: number; readonly n: number }
  | { readonly op: "load"; readonly id: number; readonly ptr: Atom }
  | { readonly op: "return"; readonly value: Atom | null }
  | { readonly op: "wait"; readonly set: Atom }
  | { readonly op: "exit" | "yield" | "unreachable" | "throw" };

export type Block = readonly Op[];

/** `u8`, `u32`, `none`, `own:R`, `borrow:R`; `stream` and `future` of u8, `stream:T`, `future:T` */
export type Type = string;

export interface Export {
  readonly name: string;
  readonly async: boolean;
  readonly mode: "sync" | "stackful" | "callback";
  readonly params: readonly Type[];
  readonly result: Type | null;
  readonly body: Block;
  /** callbacks: each turn logs its event under this number first */
  readonly eventId: number;
  readonly onEvent: Block | null;
  readonly postReturn: Block | null;
}

export interface Component {
  readonly name: string;
  readonly parent: string | null;
  readonly imports: readonly string[];
  readonly vars: readonly string[];
  readonly resources: readonly { readonly name: string; readonly dtor: Block | null }[];
  /** core functions of one parameter, `x`: the starts of threads */
  readonly funcs: readonly { readonly name: string; readonly body: Block }[];
  readonly exports: readonly Export[];
}

/** An invocation by the host, which with `cancel` asks at some time to cancel it. */
export interface Run {
  readonly name: string;
  readonly func: string;
  readonly cancel: boolean;
}

export interface Program {
  /** parents before their children */
  readonly components: readonly Component[];
  readonly runs: readonly Run[];
}

type Lines = readonly string[];

function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}

function inBraces(head: string, lines: Lines): Lines {
  return [`${head} {`, ...indented(lines), "}"];
}

function typeText(t: Type): string {
  const [kind = ""] = t.split(":");
  const name = t.slice(kind.length + 1);
  if (kind === "none") return "_";
  if (kind === "stream" || kind === "future") return `${kind}<${typeText(name || "u8")}>`;
  return name === "" ? kind : `${kind}<${name}>`;
}

const gives: Readonly<Record<string, number>> = {
  "stream.new": 2,
  "future.new": 2,
  "waitable-set.wait": 3,
  "waitable-set.poll": 3,
};

const silent: ReadonlySet<string> = new Set(
  [
    "task.return task.cancel context.set backpressure.inc backpressure.dec waitable-set.drop",
    "waitable.join subtask.drop thread.resume-later resource.drop stream.forward future.forward",
    "stream.drop-readable stream.drop-writable future.drop-readable future.drop-writable",
  ].flatMap((names) => names.split(" ")),
);

function immediate({ t, resource }: Builtin): string {
  if (resource !== null) return `<${resource}>`;
  return t === null || t === "u8" ? "" : `<${typeText(t)}>`;
}

function builtinCall(op: Builtin): string {
  const [first, ...rest] = op.args;
  const words = [
    op.async ? "async" : "",
    op.name + immediate(op),
    op.cancellable ? "cancellable" : "",
    op.func ?? "",
    first === undefined ? "" : `${first}`,
    ...rest.map(String),
    op.at === null ? "" : `at ${op.at}`,
  ];
  return words.filter((word) => word !== "").join(" ");
}

/** Names the results of an operation, keeps those that are wanted, and logs them. */
function results(id: number, what: string, names: Lines, dst: Dst, shown: Lines): Lines {
  const kept = dst.flatMap((name, i) => (name === null ? [] : [`${name} = ${names[i]}`]));
  const holes = shown.map((name) => ` {${name}}`).join("");
  return [`let ${names.join(", ")} = ${what}`, ...kept, `log "${id}${holes}"`];
}

function printBuiltin(op: Builtin): Lines {
  const what = builtinCall(op);
  if (silent.has(op.name)) return [what];
  const n = gives[op.name] ?? 1;
  const names = ["a", "b", "c"].slice(0, n).map((letter) => `v${op.id}${letter}`);
  return results(op.id, what, names, op.dst, names);
}

function printCall({ id, func, async, args, dst }: Call, result: Type | null): Lines {
  const what = `${func}(${args.join(", ")})`;
  if (async) {
    const n = result === null ? 2 : 3;
    const names = ["a", "b", "c"].slice(0, n).map((letter) => `v${id}${letter}`);
    const kept = dst.slice(0, n);
    return results(id, `async ${what}`, names, kept, names.slice(0, 2));
  }
  if (result === null) return [what, `log "${id}"`];
  return results(id, what, [`v${id}a`], dst, [`v${id}a`]);
}

function printOp(program: Program, op: Op): Lines {
  switch (op.op) {
    case "builtin":
      return printBuiltin(op);
    case "call":
      return printCall(op, exportOf(program, op.func).result);
    case "if": {
      const head = `if ${op.a} ${op.cmp} ${op.b}`;
      const lines = inBraces(head, printBlock(program, op.yes));
      if (op.no.length === 0) return lines;
      const [, ...rest] = inBraces("", printBlock(program, op.no));
      return [...lines.slice(0, -1), "} else {", ...rest];
    }
    case "set":
      return [`${op.dst} = ${op.value}`];
    case "add":
      return [`${op.dst} = ${op.dst} + ${op.n}`];
    case "log":
      return [`log "${op.id}${op.values.map((v) => ` {${v}}`).join("")}"`];
    case "poke":
      return [`store u32 ${op.at} ${op.value}`];
    case "fetch":
      return [`${op.dst} = load u32 ${op.at}`];
    case "peek":
      return [`log "${op.id} {list-at ${op.at} ${op.n}}"`];
    case "load":
      return [`log "${op.id} {load u32 ${op.ptr}}"`];
    case "return":
      return [op.value === null ? "return" : `return ${op.value}`];
    case "wait":
      return [`wait ${op.set}`];
    default:
      return [op.op];
  }
}

function printBlock(program: Program, block: Block): Lines {
  return block.flatMap((op) => printOp(program, op));
}

function parameters(e: Export): string {
  return e.params.map((_, i) => `a${i}`).join(", ");
}

function printExport(program: Program, e: Export): Lines {
  const params = e.params.map((t, i) => `a${i}: ${typeText(t)}`).join(", ");
  const result = e.result === null ? "" : ` -> ${typeText(e.result)}`;
  const mode = e.async ? ` ${e.mode}` : "";
  const head = `export ${e.name}: ${e.async ? "async " : ""}func(${params})${result}${mode}`;
  const body = printBlock(program, e.body);
  if (e.onEvent === null) {
    const lines = inBraces(head, body);
    if (e.postReturn === null) return lines;
    const [, ...post] = inBraces("", printBlock(program, e.postReturn));
    return [...lines.slice(0, -1), "} post-return {", ...post];
  }
  const event = [`log "${e.eventId} {e} {i} {p}"`, ...printBlock(program, e.onEvent)];
  return inBraces(head, [
    ...inBraces(`on start(${parameters(e)})`, body),
    ...inBraces("on event(e, i, p)", event),
  ]);
}

function printResource(program: Program, r: Component["resources"][number]): Lines {
  if (r.dtor === null) return [`resource ${r.name}`];
  return inBraces(`resource ${r.name}`, inBraces("drop(rep)", printBlock(program, r.dtor)));
}

function printComponent(program: Program, c: Component): Lines {
  const children = program.components.filter(({ parent }) => parent === c.name);
  const own = new Set(children.map(({ name }) => name));
  return inBraces(`component ${c.name}`, [
    ...c.imports.filter((name) => !own.has(name)).map((name) => `import ${name}`),
    ...c.vars.map((name) => `var ${name} = 0`),
    ...c.resources.flatMap((r) => printResource(program, r)),
    ...c.funcs.flatMap((f) => inBraces(`func ${f.name}(x)`, printBlock(program, f.body))),
    ...c.exports.flatMap((e) => printExport(program, e)),
    ...children.flatMap((child) => printComponent(program, child)),
  ]);
}

/** The export that a path like `B.f` names. */
function exportOf(program: Program, path: string): Export {
  const [owner, name] = path.split(".");
  const found = program.components
    .find((c) => c.name === owner)
    ?.exports.find((e) => e.name === name);
  if (found === undefined) throw new Error(`no export ${path}`);
  return found;
}

function printHost(runs: readonly Run[]): Lines {
  if (runs.length === 0) return [];
  const lines = runs.flatMap(({ name, func }) => [
    `var ${name}-call = 0`,
    `var ${name}-on = 0`,
    ...inBraces(`process ${name}`, [
      `let t = async ${func}()`,
      `${name}-call = t`,
      `${name}-on = 1`,
      "wait t",
    ]),
    ...inBraces(`process ${name}-cancel`, [`await ${name}-on`, `subtask.cancel ${name}-call`]),
  ]);
  return inBraces("host", lines);
}

/** The program as a scenario without claims. */
export function scenarioText(program: Program, title: string): string {
  const roots = program.components.filter(({ parent }) => parent === null);
  const plain = program.runs.filter(({ cancel }) => !cancel);
  const runs = plain.map(({ name, func }) => `run ${func} as ${name}`);
  const lines = [
    `scenario "${title}"`,
    ...roots.flatMap((c) => printComponent(program, c)),
    ...printHost(program.runs.filter(({ cancel }) => cancel)),
    ...runs,
  ];
  return `${lines.join("\n")}\n`;
}
