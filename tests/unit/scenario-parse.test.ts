// The grammar of the scenario language, construct by construct.

import { describe, expect, test } from "vitest";
import type { Check, Scenario, Stmt } from "../../src/scenario/ast.ts";
import type { Expr } from "../../src/scenario/ast-exprs.ts";
import { checkScenario } from "../../src/scenario/check.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";

function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== "object" || node === null) return node;
  const entries = Object.entries(node).filter(([key]) => key !== "pos");
  return Object.fromEntries(entries.map(([key, value]) => [key, bare(value)]));
}

function one(text: string): Scenario {
  const [scenario, ...more] = parseScenarios(text, "unit.scn");
  expect(more).toEqual([]);
  return scenario!;
}

function stmts(text: string): readonly Stmt[] {
  const lines = `type op = variant { push(u8), pop }\ncomponent A {\nexport f: func() {\n${text}\n}\n}`;
  return one(`scenario "t"\n${lines}`).components[0]!.exports[0]!.body;
}

function stmt(text: string): unknown {
  const [first, ...more] = stmts(text);
  expect(more).toEqual([]);
  return bare(first);
}

function expr(text: string): unknown {
  const s = stmts(`log ${text}`)[0] as Stmt & { tag: "log" };
  return bare(s.value);
}

function check(text: string): Check {
  return one(`scenario "t"\n${text}`).checks[0]!;
}

/** An expression with its parentheses where the grammar sees them. */
function shape(e: Expr): string {
  if (e.tag === "binary") return `(${shape(e.left)} ${e.op} ${shape(e.right)})`;
  if (e.tag === "unary") return `(${e.op} ${shape(e.value)})`;
  if (e.tag === "packed") return `(${shape(e.result)}|${shape(e.progress)})`;
  if (e.tag === "builtin") return `<${e.name} ${e.args.map(shape).join(" ")}>`;
  if (e.tag === "int") return String(e.value);
  return e.tag === "name" || e.tag === "constant" ? e.name : e.tag;
}

function shaped(text: string): string {
  const s = stmts(`log ${text}`)[0] as Stmt & { tag: "log" };
  return shape(s.value);
}

const name = (of: string): unknown => ({ tag: "name", name: of });
const int = (value: bigint): unknown => ({ tag: "int", value });
const template = (...parts: unknown[]): unknown => ({ tag: "text", parts });

describe("values", () => {
  test.each([
    ["12", 12n],
    ["-3", -3n],
    ["0xff", 255n],
    ["18446744073709551615", 2n ** 64n - 1n],
  ])("the integer %s", (source, value) => {
    expect(expr(source)).toEqual(int(value));
  });

  test.each([
    ["1.5", 1.5],
    ["-0.0", -0],
    ["2.0e-3", 0.002],
    ["nan", Number.NaN],
    ["inf", Number.POSITIVE_INFINITY],
    ["-inf", Number.NEGATIVE_INFINITY],
  ])("the float %s", (source, value) => {
    expect(expr(source)).toEqual({ tag: "float", value });
  });

  test("characters and strings have escapes", () => {
    expect(expr(String.raw`'\u{1f600}'`)).toEqual({ tag: "char", value: "😀" });
    expect(expr(String.raw`"a\n\t\"\\\xe9\u{41}"`)).toEqual(template('a\n\t"\\éA'));
  });

  test("templates alternate text and holes", () => {
    expect(expr('"a{x}{y}"')).toEqual(template("a", name("x"), "", name("y"), ""));
    expect(expr('"{{x}"')).toEqual(template("{x}"));
    expect(expr('"{ {x: 1}[0] }"')).toMatchObject({ parts: ["", { tag: "index" }, ""] });
  });

  test("a hole knows where it stands", () => {
    const s = stmts('log "a {x} {y}"')[0] as Stmt & { tag: "log" };
    const [, x, , y] = (s.value as Expr & { tag: "text" }).parts as Expr[];
    expect([x!.pos, y!.pos]).toEqual([
      { line: 5, column: 9 },
      { line: 5, column: 13 },
    ]);
  });

  test("braces hold a record or flags", () => {
    expect(expr("{x: 1}")).toMatchObject({ tag: "record", fields: [{ label: "x" }] });
    expect(expr("{read, write}")).toEqual({ tag: "flags", labels: ["read", "write"] });
    expect(expr("{}")).toEqual({ tag: "flags", labels: [] });
  });

  test("parentheses group, or make a tuple", () => {
    expect(expr("(1)")).toEqual(int(1n));
    expect(expr("(1,)")).toEqual({ tag: "tuple", items: [int(1n)] });
    expect(expr("(1, 2)")).toEqual({ tag: "tuple", items: [int(1n), int(2n)] });
  });

  test("labels of the scenario's types and of WIT's own are cases", () => {
    expect(expr("none")).toEqual({ tag: "case", label: "none", value: null });
    expect(expr("push(1)")).toEqual({ tag: "case", label: "push", value: int(1n) });
    expect(expr("%pop")).toEqual({ tag: "case", label: "pop", value: null });
    expect(expr("pull(1)")).toMatchObject({ tag: "call", name: { path: ["pull"] } });
  });

  test("a percent sign makes a name of a keyword", () => {
    expect(expr("%not")).toEqual(name("not"));
    expect(expr("%thread.index")).toEqual({ tag: "field", value: name("thread"), label: "index" });
  });

  test("a dot is a field, or a function of a component", () => {
    expect(expr("x.a.b")).toMatchObject({ tag: "field", label: "b", value: { label: "a" } });
    expect(expr("x[0].a")).toMatchObject({ tag: "field", value: { tag: "index" } });
    expect(expr("Outer.Inner.f(1)")).toMatchObject({ name: { path: ["Outer", "Inner", "f"] } });
    expect(expr("host.f()")).toMatchObject({ tag: "call", async: false, args: [] });
    expect(expr("async P.f(x, (y))")).toMatchObject({ async: true, args: [name("x"), name("y")] });
  });
});

describe("operators", () => {
  test.each([
    ["1 + 2 * 3", "(1 + (2 * 3))"],
    ["1 - 2 - 3", "((1 - 2) - 3)"],
    ["1 + 2 == 3 and x or y", "((((1 + 2) == 3) and x) or y)"],
    ["not x == 1 and y", "((not (x == 1)) and y)"],
    ["not not x", "(not (not x))"],
    ["x == COMPLETED|4", "(x == (COMPLETED|4))"],
    ["-x * - 3", "((- x) * (- 3))"],
    ["a-b - 1", "(a-b - 1)"],
    ["stream.read r 4 == BLOCKED", "(<stream.read r 4> == BLOCKED)"],
    ["(1 + 2) * 3", "((1 + 2) * 3)"],
  ])("%s", (source, tree) => {
    expect(shaped(source)).toBe(tree);
  });

  test("an operator at the end or the start of a line goes on", () => {
    expect(shaped("1 +\n 2")).toBe("(1 + 2)");
    expect(shaped("1\n + 2")).toBe("(1 + 2)");
    expect(shaped("x and\n y\n or z")).toBe("((x and y) or z)");
  });
});

describe("built-ins", () => {
  test("take a fixed number of atoms", () => {
    expect(stmt("waitable.join sub (f(1))")).toMatchObject({
      value: { tag: "builtin", name: "waitable.join", args: [name("sub"), { tag: "call" }] },
    });
    expect(stmt("context.set 1 -2")).toMatchObject({ value: { args: [int(1n), int(-2n)] } });
  });

  test("task.return takes a value, or the line ends", () => {
    expect(stmts("task.return; task.return 1\ntask.return").length).toBe(3);
    expect(stmt("task.return<u32> some(1)")).toMatchObject({
      value: { t: { tag: "prim", name: "u32" }, args: [{ tag: "case" }] },
    });
  });

  test("have types, modifiers and buffers", () => {
    expect(expr("async stream.read<_> r 4 at p")).toEqual({
      tag: "builtin",
      name: "stream.read",
      async: true,
      cancellable: false,
      t: { tag: "none" },
      args: [name("r"), int(4n)],
      at: name("p"),
    });
    expect(expr('stream.write w "ab"')).toMatchObject({
      args: [name("w"), template("ab")],
      at: null,
    });
    expect(expr("stream.write w [1, 2]")).toMatchObject({ args: [name("w"), { tag: "list" }] });
    expect(expr("future.write w at p")).toMatchObject({ args: [name("w")], at: name("p") });
    expect(expr("future.write<_> w")).toMatchObject({ args: [name("w")], at: null });
    expect(expr("waitable-set.wait cancellable ws")).toMatchObject({ cancellable: true });
    expect(expr("resource.new<r> 1")).toMatchObject({ t: { tag: "named", name: { path: ["r"] } } });
    expect(expr("thread.new-indirect worker 5")).toMatchObject({ args: [name("worker"), int(5n)] });
  });
});

describe("statements", () => {
  test("newlines and semicolons separate", () => {
    expect(stmts("let x = 1; log x\n\n;\nlog 2;").map((s) => s.tag)).toEqual(["let", "log", "log"]);
  });

  test("newlines inside brackets do not", () => {
    expect(stmts("log [\n1,\n2\n]\nlog f(\n1\n)\nlog {\nx: 1,\ny: 2\n}").length).toBe(3);
  });

  test("keywords are only keywords where they can be", () => {
    expect(stmt("log = 3")).toMatchObject({ tag: "assign", name: "log" });
    expect(stmt("let start, event = stream.new")).toMatchObject({ names: ["start", "event"] });
    expect(stmt("%log(1)")).toMatchObject({ tag: "expr", value: { tag: "call" } });
    expect(stmt('log("x")')).toMatchObject({ tag: "log", value: template("x") });
  });

  test("an else can begin a line, and an else if is an if inside", () => {
    expect(stmt("if x { log 1 }\nelse if y {}\nelse { log 2 }")).toMatchObject({
      tag: "if",
      otherwise: [{ tag: "if", otherwise: [{ tag: "log" }] }],
    });
  });

  test.each([
    ["keep w", { tag: "keep", name: "w" }],
    ["repeat n { break }", { tag: "repeat", count: name("n"), body: [{ tag: "break" }] }],
    ["while x < 3 {}", { tag: "while", body: [] }],
    ["return", { tag: "return", value: null }],
    ["return {x: 1}", { tag: "return", value: { tag: "record" } }],
    ["wait ws", { tag: "wait", set: name("ws") }],
    ["exit", { tag: "exit" }],
    ["yield", { tag: "yield" }],
    ["unreachable", { tag: "unreachable" }],
    ["throw", { tag: "throw" }],
    ["store list<u8> p [1] ", { tag: "store", ptr: name("p"), value: { tag: "list" } }],
    ["choose { exit } or { yield } or {}", { tag: "choose", options: [[{}], [{}], []] }],
    ["await go", { tag: "await", what: { tag: "variable", name: "go", equals: null } }],
    ["await go == -1", { tag: "await", what: { tag: "variable", name: "go", equals: -1 } }],
    ["await cancel", { tag: "await", what: { tag: "cancel" } }],
    ["await %cancel", { tag: "await", what: { tag: "variable", name: "cancel", equals: null } }],
    ["let x = load u32 (p + 4)", { tag: "let", value: { tag: "load", ptr: { tag: "binary" } } }],
    ["let x = alloc 8 4", { tag: "let", value: { tag: "alloc", size: int(8n), align: int(4n) } }],
    ["f(list-at p 3)", { tag: "expr", value: { args: [{ tag: "list-at", length: int(3n) }] } }],
  ])("%s", (source, tree) => {
    expect(stmt(source)).toMatchObject(tree);
  });
});

describe("declarations", () => {
  test("types", () => {
    const { types } = one(`scenario "t"
type a = record { x: u32, y: list<u8, 4> }
type b = variant { push(u8), pop }
type c = enum { red, green }
type d = flags { read, write }
type e = result<_, string>
type f = tuple<a, option<P.r>, map<string, stream>, future<result>, own<r>, borrow<P.r>>`);
    expect(types.map((t) => t.body.tag)).toEqual(
      "record variant enum flags alias alias".split(" "),
    );
    expect(bare(types[4]!.body)).toEqual({
      tag: "alias",
      t: { tag: "result", ok: null, error: { tag: "prim", name: "string" } },
    });
  });

  test("a component", () => {
    const [c] = one(`scenario "t"
component Proxy {
  memory64 1024
  encoding latin1+utf16
  import B; import host
  var x = 0
  resource r
  resource s { drop(rep) { log rep } }
  func worker(c) { task.return 1 }
  realloc(old, old-size, align, size) { return 16 }
  export f: func(h: borrow<r>) -> u32 { return 1 }
  post-return { log 2 }
  export g: async func() sync {}
  component Child {}
}`).components;
    expect(c).toMatchObject({
      memory: { bytes: 1024, address: "i64" },
      encoding: "latin1+utf16",
      imports: [{ name: "B" }, { name: "host" }],
      resources: [{ dtor: null }, { dtor: { param: "rep" } }],
      realloc: { params: ["old", "old-size", "align", "size"] },
      exports: [
        { name: "f", mode: "sync", postReturn: [{ tag: "log" }] },
        { name: "g", mode: "sync", sig: { async: true } },
      ],
      children: [{ name: "Child", memory: { bytes: 4096, address: "i32" }, encoding: "utf8" }],
    });
  });

  test("a callback export", () => {
    const [c] = one(`scenario "t"
component A {
  export f: async func(a: u32) callback {
    on start(a) { exit }
    on event(e, _, p) { yield }
  }
}`).components;
    expect(c!.exports[0]).toMatchObject({
      mode: "callback",
      body: [{ tag: "exit" }],
      onEvent: { params: ["e", "_", "p"], body: [{ tag: "yield" }] },
    });
  });

  test("the host", () => {
    const { host } = one(`scenario "t"
host {
  var go = 0
  cancels copies at once
  func slow: async func(x: u32) -> u32 cancellable { await go == 1; return x }
  process driver { go = 1 }
}`);
    expect(host).toMatchObject({
      cancelCopy: "at-once",
      funcs: [{ name: "slow", cancellable: true }],
      processes: [{ name: "driver" }],
    });
  });

  test("runs, expectations and revisions", () => {
    const s = one(`scenario "STR-04 partial copy"
run A.f(1, "x") as main
run A.g
symmetric main, g
expect bugs, deadlock
only 6d28164, d1daf829`);
    expect(s).toMatchObject({
      title: "STR-04 partial copy",
      id: "STR-04",
      runs: [
        { name: "main", args: [{}, {}] },
        { name: "g", func: { path: ["A", "g"] } },
      ],
      symmetric: [{ names: ["main", "g"] }],
      expects: ["bugs", "deadlock"],
      only: ["6d28164", "d1daf829"],
    });
    expect(one('scenario "str-04"').id).toBe(null);
  });

  test("several scenarios stand in one file", () => {
    const book = '-- a book\n\nscenario "a"\nrun A.f\n\nscenario "b"\nalways ok\n';
    expect(parseScenarios(book, "f").map((s) => s.title)).toEqual(["a", "b"]);
    expect(parseScenarios(" \n-- nothing\n", "f")).toEqual([]);
  });

  test("a label of one scenario is a name in the next", () => {
    const body = "always log = [red]";
    const [a, b] = parseScenarios(
      `scenario "a"\ntype t = enum { red }\n${body}\nscenario "b"\n${body}`,
      "f",
    );
    expect(a!.checks[0]!.condition).toMatchObject({ log: [{ tag: "case" }] });
    expect(b!.checks[0]!.condition).toMatchObject({ log: [{ tag: "name" }] });
  });

  test("carriage returns, tabs and comments are spaces", () => {
    const s = one('scenario "t"\r\n\tcomponent A {\r\n\tmemory 8 -- bytes\r\n}\r\n');
    expect(s.components[0]!.memory.bytes).toBe(8);
  });
});

describe("checks", () => {
  test("not binds tighter than and, and than or", () => {
    expect(check('always ok and log contains "x" or not traps')).toMatchObject({
      quantifier: "always",
      condition: {
        tag: "or",
        left: { tag: "and", left: { tag: "ok" }, right: { tag: "contains" } },
        right: { tag: "not", of: { tag: "traps", code: null } },
      },
    });
  });

  test.each([
    ["traps stream.read.not-idle", { tag: "traps", code: "stream.read.not-idle" }],
    ["bug A40", { tag: "bug", code: "A40" }],
    ["stuck", { tag: "stuck", root: null }],
    ["stuck main", { tag: "stuck", root: "main" }],
    ["diverges", { tag: "diverges" }],
    ["leaks subtask", { tag: "leaks", what: "subtask" }],
    ["leaks and ok", { tag: "and", left: { tag: "leaks", what: null } }],
    ['log = ["a", COMPLETED|4]', { tag: "log", log: [{}, { tag: "packed" }] }],
    ['"a" before "b"', { tag: "before" }],
    ["ok before ok(1)", { tag: "before", first: { tag: "case" }, second: { tag: "case" } }],
    ["(1, 2) before [3]", { tag: "before", first: { tag: "tuple" } }],
    ["[1] before [3]", { tag: "before", first: { tag: "list" } }],
    ["(ok or traps) and stuck", { tag: "and", left: { tag: "or" } }],
    ["((ok))", { tag: "ok" }],
    ['["x"] stuck main, other', { tag: "outcome", outcome: { end: { roots: ["main", "other"] } } }],
    ["[] diverges", { tag: "outcome", outcome: { log: [], end: { tag: "diverges" } } }],
  ])("never %s", (source, tree) => {
    expect(check(`never ${source}`)).toMatchObject({ quantifier: "never", condition: tree });
  });

  test("exactly lists outcomes, one a line", () => {
    const { outcomes, condition } = check(
      'exactly {\n["a"]\n["b"] traps x.y\n[] bug A40; [1] stuck f\n}',
    );
    expect(condition).toBe(null);
    expect(outcomes.map((o) => o.end.tag)).toEqual(["ok", "traps", "bug", "stuck"]);
  });

  test("under names a revision and amendments", () => {
    expect(check("under 6d28164 + CM#708 + CM#719 - sync-cancel:\n always ok").under).toMatchObject(
      {
        base: "6d28164",
        plus: ["CM#708", "CM#719"],
        minus: ["sync-cancel"],
      },
    );
    expect(check("under d1daf829: sometimes ok").under).toMatchObject({ base: "d1daf829" });
  });
});

describe("size", () => {
  const body = Array.from({ length: 17 }, (_, i) => `    log "line ${i} {x}"\n    x = x + ${i}`);
  const scenario = ['scenario "s"', "component A {", "  var x = 0", "  export f: func() {"];
  const file = [...scenario, ...body, "  }", "}", "run A.f", "always ok"].join("\n");

  test("a file of 100 scenarios of 40 lines is parsed and checked", () => {
    const found = parseScenarios(`${file}\n`.repeat(100), "big.scn");
    for (const s of found) checkScenario(s, "big.scn");
    expect(found.length).toBe(100);
  });

  test("the greatest nesting parses, prints and checks without overflow", () => {
    const operators = " + 1".repeat(31);
    const deep = `${"[".repeat(28)}1${operators}${`]${operators}`.repeat(28)}`;
    const s = one(`scenario "t"\ncomponent A {\nexport f: func() {\nlog [${deep}]\n}\n}`);
    checkScenario(s, "deep.scn");
    expect(bare(one(printScenario(s)))).toEqual(bare(s));
  });

  test("a long list is no trouble", () => {
    expect(expr(`[${"1, ".repeat(4095)}1]`)).toMatchObject({ tag: "list" });
  });
});
