// `split`: the WIT that isyswasfa would have made of a world, rule by rule.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { SplitError } from "../../src/history/split/choice.ts";
import { asOneFile } from "../../src/history/split/packages.ts";
import type { SplitOptions } from "../../src/history/split/plan.ts";
import { split } from "../../src/history/split/split.ts";
import type { WitFile } from "../../src/wit/ast.ts";
import { WitError } from "../../src/wit/errors.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { printWit } from "../../src/wit/print.ts";
import { resolve } from "../../src/wit/resolve.ts";
import { cli } from "./cli-harness.ts";

const folder = "tests/unit/fixtures/split";
const io = fixture("io.wit");

function fixture(name: string): WitFile {
  return parseWit(readFileSync(join(folder, name), "utf8"), join(folder, name));
}

/** The text of each package of the split world by its name, and all of them in one text. */
function texts(
  files: readonly WitFile[],
  options: SplitOptions = {},
): { readonly all: string; readonly of: (file: string) => string } {
  const made = split(files, options);
  const of = (file: string): string => {
    const found = made.find((one) => one.file === file);
    if (found === undefined) throw new Error(`no ${file} among ${made.map((one) => one.file)}`);
    return printWit(found);
  };
  return { all: printWit(asOneFile(made)), of };
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join("");
}

/** An interface with these items, a world that imports it, and WASI 0.2 streams. */
function around(items: string): readonly WitFile[] {
  const text = `package a:b@1.0.0;
interface i {
  ${items}
}
world w { import wasi:io/streams@0.2.0; import i; }
`;
  return [parseWit(text, "x.wit"), io];
}

/** What the items of an interface become, without their indentation. */
function itemsOf(items: string, options: SplitOptions = {}): readonly string[] {
  const text = texts(around(items), options).of("a.b@1.0.0.wit");
  const [, inside = ""] = /^interface i \{\n(.*?)^\}/ms.exec(text) ?? [];
  return inside
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.slice(2));
}

const uses = "use isyswasfa:isyswasfa/isyswasfa.{pending, ready};";
const usesStreams = "use wasi:io/streams@0.2.0.{input-stream};";

/** What stands in an interface, and what becomes of it. */
type Row = readonly [rule: string, items: string, becomes: readonly string[]];

const halvesOf: readonly Row[] = [
  [
    "the start half takes the parameters and gives the result or a `pending`",
    "f: func(a: u8, b: string) -> u32;",
    [
      uses,
      "f-isyswasfa-start: func(a: u8, b: string) -> result<u32, pending>;",
      "f-isyswasfa-result: func(ready: ready) -> u32;",
    ],
  ],
  [
    "without a result there is nothing beside `pending`, and nothing to claim",
    "f: func();",
    [
      uses,
      "f-isyswasfa-start: func() -> result<_, pending>;",
      "f-isyswasfa-result: func(ready: ready);",
    ],
  ],
  [
    "a `result` of the function itself is nested",
    "f: func() -> result<_, string>;",
    [
      uses,
      "f-isyswasfa-start: func() -> result<result<_, string>, pending>;",
      "f-isyswasfa-result: func(ready: ready) -> result<_, string>;",
    ],
  ],
  [
    "`async` says no more than the halves do",
    "f: async func();",
    [
      uses,
      "f-isyswasfa-start: func() -> result<_, pending>;",
      "f-isyswasfa-result: func(ready: ready);",
    ],
  ],
  [
    "the second half of a method is static; a constructor is never split",
    "resource r { constructor(a: u8); m: func() -> bool; s: static func(); }",
    [
      uses,
      "resource r {",
      "  constructor(a: u8);",
      "  m-isyswasfa-start: func() -> result<bool, pending>;",
      "  m-isyswasfa-result: static func(ready: ready) -> bool;",
      "  s-isyswasfa-start: static func() -> result<_, pending>;",
      "  s-isyswasfa-result: static func(ready: ready);",
      "}",
    ],
  ],
  [
    "a half stays as it is",
    "f-isyswasfa-start: func(); f-isyswasfa-result: func();",
    ["f-isyswasfa-start: func();", "f-isyswasfa-result: func();"],
  ],
  [
    "comments and gates stand before both halves, an external id before none",
    '/// why\n@since(version = 1.0.0) @external-id("x") f: func();',
    [
      uses,
      "/// why",
      "@since(version = 1.0.0)",
      "f-isyswasfa-start: func() -> result<_, pending>;",
      "/// why",
      "@since(version = 1.0.0)",
      "f-isyswasfa-result: func(ready: ready);",
    ],
  ],
  [
    "a name that is taken comes under another one",
    "type pending = u8; type isyswasfa-ready = u8; ready: func(a: pending);",
    [
      "use isyswasfa:isyswasfa/isyswasfa.{pending as isyswasfa-pending, ready as isyswasfa-ready-2};",
      "type pending = u8;",
      "type isyswasfa-ready = u8;",
      "ready-isyswasfa-start: func(a: pending) -> result<_, isyswasfa-pending>;",
      "ready-isyswasfa-result: func(ready: isyswasfa-ready-2);",
    ],
  ],
];

const typesOf: readonly Row[] = [
  [
    "a `stream<u8>` is an input stream, in whatever it stands",
    "record r { a: list<option<stream<u8>>> } variant v { b(tuple<u8, stream<u8>>), c } " +
      "type s = result<stream<u8>, u8>; type m = map<u8, stream<u8>>; enum e { d }",
    [
      usesStreams,
      "record r {",
      "  a: list<option<input-stream>>,",
      "}",
      "variant v {",
      "  b(tuple<u8, input-stream>),",
      "  c,",
      "}",
      "type s = result<input-stream, u8>;",
      "type m = map<u8, input-stream>;",
      "enum e {",
      "  d,",
      "}",
    ],
  ],
  [
    "a byte may have a name, and the stream one of another interface",
    `use wasi:io/streams@0.2.0.{input-stream as bytes}; type byte = u8; type s = stream<byte>;`,
    ["use wasi:io/streams@0.2.0.{input-stream as bytes};", "type byte = u8;", "type s = bytes;"],
  ],
  [
    "a future is a receiver; what it sends may never come",
    "resource body; type f = future<body>; type g = option<future<own<body>>>;",
    [
      uses,
      "resource body;",
      "type f = isyswasfa-receiver-own-body;",
      "type g = option<isyswasfa-receiver-own-body>;",
      "resource isyswasfa-sender-own-body {",
      "  send: static func(sender: isyswasfa-sender-own-body, %result: body);",
      "}",
      "resource isyswasfa-receiver-own-body {",
      "  receive-isyswasfa-start: static func(receiver: isyswasfa-receiver-own-body) -> result<option<body>, pending>;",
      "  receive-isyswasfa-result: static func(ready: ready) -> option<body>;",
      "}",
      "isyswasfa-pipe-own-body: func() -> tuple<isyswasfa-sender-own-body, isyswasfa-receiver-own-body>;",
    ],
  ],
  [
    "a future of nothing sends and receives nothing",
    "type f = future;",
    [
      uses,
      "type f = isyswasfa-receiver-unit;",
      "resource isyswasfa-sender-unit {",
      "  send: static func(sender: isyswasfa-sender-unit);",
      "}",
      "resource isyswasfa-receiver-unit {",
      "  receive-isyswasfa-start: static func(receiver: isyswasfa-receiver-unit) -> result<_, pending>;",
      "  receive-isyswasfa-result: static func(ready: ready);",
      "}",
      "isyswasfa-pipe-unit: func() -> tuple<isyswasfa-sender-unit, isyswasfa-receiver-unit>;",
    ],
  ],
];

describe("functions", () => {
  for (const [rule, items, becomes] of halvesOf) {
    test(rule, () => expect(itemsOf(items)).toEqual(becomes));
  }
});

describe("types", () => {
  for (const [rule, items, becomes] of typesOf) {
    test(rule, () => expect(itemsOf(items)).toEqual(becomes));
  }

  /** Payloads and how the resources of their futures are called. */
  const names: readonly (readonly [payload: string, name: string])[] = [
    ["f32", "f32"],
    ["error-context", "error-context"],
    ["e", "e"],
    ["r", "own-r"],
    ["own<r>", "own-r"],
    ["option<list<u8>>", "option-list-u8"],
    ["list<u8, 4>", "list-u8-4"],
    ["tuple<u8, string>", "tuple-u8-string"],
    ["result", "result-unit-unit"],
    ["result<_, e>", "result-unit-e"],
    ["map<u8, r>", "map-u8-own-r"],
    ["stream<u8>", "own-input-stream"],
    ["future<u8>", "own-isyswasfa-receiver-u8"],
  ];
  for (const [payload, name] of names) {
    test(`the resources of future<${payload}> are called ${name}`, () => {
      const items = `enum e { x } resource r; type f = future<${payload}>;`;
      expect(itemsOf(items)).toContain(`type f = isyswasfa-receiver-${name};`);
    });
  }

  test("what a future adds has the narrowest gate of its payload", () => {
    const items = `@unstable(feature = later) type a = u8; @since(version = 1.0.0) type b = u8;
      @unstable(feature = later) f: func(x: future<tuple<b, a>>);`;
    const made = itemsOf(items);
    const pipe = made.findIndex((line) => line.startsWith("isyswasfa-pipe-tuple-b-a:"));
    expect(made[pipe - 1]).toBe("@unstable(feature = later)");
  });

  test("everything in an unstable interface is unstable", () => {
    const text = `package a:b@1.0.0;
@unstable(feature = x) interface i { @unstable(feature = x) f: func(a: future); }
world w { @unstable(feature = x) import i; }`;
    const made = texts([parseWit(text, "x.wit")]).of("a.b@1.0.0.wit");
    // one for each: the interface, the use, two halves, two resources with three functions, the
    // pipe; and in the world one for its import of the interface
    expect(made.match(/@unstable/g)).toHaveLength(11);
  });
});

describe("packages", () => {
  test("of WASI only the handler and `body.finish` of its HTTP are split", () => {
    const made = texts([fixture("http.wit")], { world: "proxy" }).of("wasi.http@0.3.0-draft.wit");
    expect(made).toBe(
      lines(
        "package wasi:http@0.3.0-draft;",
        "",
        "interface types {",
        "  use isyswasfa:isyswasfa/isyswasfa.{pending, ready};",
        "",
        "  resource body {",
        "    size: func() -> u64;",
        "    finish-isyswasfa-start: static func(this: body) -> result<bool, pending>;",
        "    finish-isyswasfa-result: static func(ready: ready) -> bool;",
        "  }",
        "",
        "  /// no static function of `body`",
        "  finish: func();",
        "}",
        "",
        "interface handler {",
        "  use isyswasfa:isyswasfa/isyswasfa.{pending, ready};",
        "  use types.{body};",
        "  handle-isyswasfa-start: func(request: body) -> result<result<body>, pending>;",
        "  handle-isyswasfa-result: func(ready: ready) -> result<body>;",
        "}",
        "",
        "world proxy {",
        "  import isyswasfa:isyswasfa/isyswasfa;",
        "  import handler;",
        "  export handler;",
        "}",
      ),
    );
  });

  test("a world gets its imports, its halves and its poll function, and keeps what it needs", () => {
    const files = [fixture("world.wit"), io];
    const options = { world: "kitchen", suffix: "-stove" };
    const made = texts(files, options);
    expect(made.of("shop.kitchen.wit")).toBe(
      lines(
        "package shop:kitchen;",
        "",
        "interface menu {",
        "  use isyswasfa:isyswasfa/isyswasfa.{pending, ready};",
        "  type dish = string;",
        "  price-isyswasfa-start: func(of: dish) -> result<u32, pending>;",
        "  price-isyswasfa-result: func(ready: ready) -> u32;",
        "}",
        "",
        "world base {",
        "  use isyswasfa:isyswasfa/isyswasfa.{pending as isyswasfa-pending, ready as isyswasfa-ready};",
        "  import clean-isyswasfa-start: func() -> result<_, isyswasfa-pending>;",
        "  import clean-isyswasfa-result: func(ready: isyswasfa-ready);",
        "",
        "  import tools: interface {",
        "    use isyswasfa:isyswasfa/isyswasfa.{pending, ready};",
        "    sharpen-isyswasfa-start: func() -> result<bool, pending>;",
        "    sharpen-isyswasfa-result: func(ready: ready) -> bool;",
        "  }",
        "}",
        "",
        "world kitchen {",
        "  use isyswasfa:isyswasfa/isyswasfa.{pending, ready, poll-input, poll-output};",
        "  import isyswasfa:isyswasfa/isyswasfa;",
        "  use menu.{dish};",
        "  include base with { clean-isyswasfa-start as wipe-isyswasfa-start, clean-isyswasfa-result as wipe-isyswasfa-result }",
        "  import wasi:io/poll@0.2.0;",
        "  import isyswasfa:io/poll;",
        "  export cook-isyswasfa-start: func(what: dish) -> result<_, pending>;",
        "  export cook-isyswasfa-result: func(ready: ready);",
        "  export isyswasfa-poll-stove: func(input: list<poll-input>) -> list<poll-output>;",
        "}",
      ),
    );
    // A pollable is waited for by a split pair of isyswasfa's own.
    expect(made.of("deps/isyswasfa.io.wit")).toContain(
      "  block-isyswasfa-start: func(pollable: borrow<pollable>) -> result<_, pending>;\n" +
        "\n  block-isyswasfa-result: func(ready: ready);\n",
    );
    expect(split(files, options).map((file) => file.file)).toEqual([
      "shop.kitchen.wit",
      "deps/isyswasfa.io.wit",
      "deps/isyswasfa.isyswasfa.wit",
      "deps/wasi.io@0.2.0.wit",
    ]);
  });

  test("what a caller and a callee hold of a task are three resources", () => {
    const found = resolve(split(around("f: func();"))).packages.get("isyswasfa:isyswasfa");
    expect(found?.interfaces.get("isyswasfa")?.resources).toEqual(["pending", "cancel", "ready"]);
  });

  test("a package of isyswasfa that is given is used, and not split", () => {
    const own = `package isyswasfa:isyswasfa@0.1.0;
interface isyswasfa { resource pending; resource ready; make-task: func(); }`;
    const text = "package a:b; interface i { f: func(); } world w { export i; }";
    const made = texts([parseWit(text, "a/x.wit"), parseWit(own, "b/y.wit")]);
    expect(made.of("a.b.wit")).toContain(
      "use isyswasfa:isyswasfa/isyswasfa@0.1.0.{pending, ready};",
    );
    expect(made.of("deps/isyswasfa.isyswasfa@0.1.0.wit")).toContain("  make-task: func();");
  });
});

describe("quirks", () => {
  const two = `package a:b;
interface i { type f = future<f32>; }
interface j { type f = future<f32>; }
world w { import i; import j; }`;

  test("without them each interface has resources of its own", () => {
    const made = texts([parseWit(two, "x.wit")]).all;
    expect(made.match(/resource isyswasfa-receiver-f32 /g)).toHaveLength(2);
  });

  test("share-payloads: the second interface uses those of the first", () => {
    const made = texts([parseWit(two, "x.wit")], { quirks: ["share-payloads"] }).all;
    expect(made.match(/resource isyswasfa-receiver-f32 /g)).toHaveLength(1);
    expect(made).toContain(
      "interface j {\n  use i.{isyswasfa-receiver-f32};\n  type f = isyswasfa-receiver-f32;\n}",
    );
  });

  test("share-payloads: what an interface uses comes before it, so that nothing goes in a circle", () => {
    const text = `package a:b;
interface i { use j.{t}; f: func(a: t) -> future<u8>; }
interface j { type t = u8; f: func() -> future<u8>; }
world w { export i; export j; }`;
    const made = texts([parseWit(text, "x.wit")], { quirks: ["share-payloads"] }).all;
    expect(made).toContain("  use j.{isyswasfa-receiver-u8};");
  });

  test("float-names: floats are called as they were in 2024", () => {
    const made = texts([parseWit(two, "x.wit")], { quirks: ["float-names"] }).all;
    expect(made).toContain("type f = isyswasfa-receiver-float32;");
  });

  test("split-again: the halves of a world and the functions of a future are split again", () => {
    const text = `package a:b;
interface i { isyswasfa-pipe-u8: func(); f-isyswasfa-start: func(); }
world w { import i; import g-isyswasfa-start: func(); }`;
    const made = texts([parseWit(text, "x.wit")], { quirks: ["split-again"] }).of("a.b.wit");
    expect(made).toContain("isyswasfa-pipe-u8-isyswasfa-start: func()");
    expect(made).toContain("  f-isyswasfa-start: func();");
    expect(made).toContain("import g-isyswasfa-start-isyswasfa-start: func()");
    const kept = texts([parseWit(text, "x.wit")]).of("a.b.wit");
    expect(kept).toContain("  isyswasfa-pipe-u8: func();");
    expect(kept).toContain("  import g-isyswasfa-start: func();");
  });
});

const worlds: readonly (readonly [name: string, files: readonly WitFile[], o: SplitOptions])[] = [
  [
    "functions",
    around(
      halvesOf
        .slice(0, 2)
        .map(([, items], i) => items.replace("f", `f${i}`))
        .join(""),
    ),
    { suffix: "" },
  ],
  [
    "types",
    around(
      typesOf
        .slice(2)
        .map(([, items], i) => items.replaceAll(/type (\w)/g, `type $1${i}`))
        .join(""),
    ),
    {},
  ],
  ["http", [fixture("http.wit")], { world: "proxy" }],
  ["world", [fixture("world.wit"), io], { world: "kitchen", suffix: "-stove" }],
];

describe("the result", () => {
  for (const [name, files, options] of worlds) {
    test(`${name}: splitting it again changes nothing, and the order of files does not matter`, () => {
      const { all } = texts(files, options);
      const again = texts([parseWit(all, "again.wit")], { suffix: options.suffix });
      expect(again.all).toBe(all);
      expect(texts([...files].reverse(), options).all).toBe(all);
      const separate = split(files, options).map((one) => parseWit(printWit(one), one.file));
      expect(texts(separate.reverse(), { suffix: options.suffix }).all).toBe(all);
    });
  }
});

/** Items in line 3, or the text of a whole file; where it goes wrong, and what is said. */
const errors: readonly (readonly [items: string, error: string, hint: string])[] = [
  [
    "f: func(a: stream<u16>);",
    "3:14 only a `stream<u8>` can be split",
    "isyswasfa has no streams of anything else",
  ],
  [
    "f: func(); f-isyswasfa-start: func();",
    "3:14 `f-isyswasfa-start` is declared twice",
    "the other one is in line 3",
  ],
  [
    "type x-y = u8; type y = u8; type x = u8; type a = future<tuple<x, y>>; type b = future<tuple<x-y>>;",
    "3:83 another future has the name `isyswasfa-receiver-tuple-x-y` already",
    "give one of the payloads a name by `type`",
  ],
  [
    "type isyswasfa-sender-unit = u8; f: func(a: future);",
    "3:47 `isyswasfa-sender-unit` is declared twice",
    "the other one is in line 3",
  ],
  ["f: func(a: strin);", "3:14 there is no type `strin`", "did you mean `string`?"],
];

describe("errors", () => {
  function errorOf(files: readonly WitFile[], options: SplitOptions = {}): WitError | SplitError {
    try {
      split(files, options);
    } catch (error) {
      if (error instanceof WitError || error instanceof SplitError) return error;
      throw error;
    }
    throw new Error("it can be split");
  }

  for (const [items, error, hint] of errors) {
    test(error, () => {
      const e = errorOf(around(items)) as WitError;
      expect([e.file, `${e.line}:${e.column} ${e.message}`, e.hint]).toEqual([
        "x.wit",
        error,
        hint,
      ]);
    });
  }

  test("a stream without WASI 0.2 streams", () => {
    const e = errorOf([
      parseWit("package a:b;\nworld w { import f: func(a: stream<u8>); }", "x.wit"),
    ]);
    expect(e).toMatchObject({
      line: 2,
      column: 29,
      hint: "the world has to import an interface `wasi:io/streams`",
    });
  });

  test("a future of a world itself", () => {
    const e = errorOf([parseWit("package a:b;\nworld w { import f: func(a: future); }", "x.wit")]);
    expect(e).toMatchObject({ line: 2, column: 29, hint: "move what uses it to an interface" });
  });

  test("worlds that are unknown or several", () => {
    const files = [fixture("world.wit"), io];
    expect(errorOf(files, { world: "kitchn" }).message).toBe(
      "there is no world `kitchn`; did you mean `kitchen`? (the worlds are " +
        "shop:kitchen/base, shop:kitchen/kitchen, shop:kitchen/other)",
    );
    // `base` is part of another world, and so not meant
    expect(errorOf(files).message).toBe(
      "several worlds could be meant: shop:kitchen/kitchen, shop:kitchen/other",
    );
    expect(errorOf([io]).message).toBe("there is no world in these files");
  });

  test("interfaces that would have to use each other", () => {
    const text = `package a:b;
interface i { type t = u8; f: func(a: stream<t>); }
world w { import i; import wasi:io/streams; }
package wasi:io { interface streams { use a:b/i.{t}; resource input-stream; } }`;
    expect(errorOf([parseWit(text, "x.wit")]).message).toBe(
      "this world cannot be split: `i` needs itself: a:b/i -> wasi:io/streams -> a:b/i",
    );
  });

  test("a suffix that makes no name", () => {
    expect(errorOf(around(""), { suffix: "_x" }).message).toBe(
      "`isyswasfa-poll_x` is no name of a function",
    );
  });
});

describe("the command", () => {
  const paths = [join(folder, "world.wit"), join(folder, "io.wit")];

  test("prints one text, or writes a folder that says the same", async () => {
    const output = join(mkdtempSync(join(tmpdir(), "split-")), "out");
    const printed = await cli(["split", ...paths, "--world", "kitchen", "--suffix=-stove"]);
    expect(printed).toEqual({
      code: 0,
      out: texts([fixture("world.wit"), io], { world: "kitchen", suffix: "-stove" }).all,
      err: "",
    });
    const args = ["--world", "kitchen", "--suffix=-stove", "--output", output];
    expect(await cli(["split", ...paths, ...args])).toEqual({ code: 0, out: "", err: "" });
    const again = await cli(["split", output, "--suffix=-stove"]);
    expect(again.out).toBe(printed.out);
    expect(await cli(["split", ...paths, ...args])).toMatchObject({
      code: 2,
      err: expect.stringContaining("it is there and not empty"),
    });
  });

  test("writes nothing when a text is wrong, and points at the place", async () => {
    const home = mkdtempSync(join(tmpdir(), "split-"));
    writeFileSync(join(home, "x.wit"), "package a:b;\nworld w { import f: func(a: future); }\n");
    mkdirSync(join(home, "empty"));
    const said = await cli(["split", join(home, "x.wit"), "--output", join(home, "out")]);
    expect(said.code).toBe(2);
    expect(said.err).toContain("x.wit:2:29: a world has no place for the resources of a future\n");
    expect(said.err).toContain("hint: move what uses it to an interface\n");
    expect(readdirSync(home).sort()).toEqual(["empty", "x.wit"]);
    const none = await cli(["split", join(home, "empty")]);
    expect([none.code, none.err]).toEqual([2, expect.stringContaining("no .wit files under")]);
  });

  test("knows its quirks and worlds", async () => {
    const quirk = await cli(["split", ...paths, "--quirk", "float-name"]);
    expect([quirk.code, quirk.err]).toEqual([
      2,
      expect.stringContaining("did you mean `float-names`?"),
    ]);
    const world = await cli(["split", ...paths, "--world", "oter"]);
    expect([world.code, world.err]).toEqual([2, expect.stringContaining("did you mean `other`?")]);
    const missing = await cli(["split", "nowhere.wit"]);
    expect(missing).toEqual({
      code: 2,
      out: "",
      err: "cannot read nowhere.wit: there is no such file or folder\n",
    });
  });
});

test("docs/split.md shows what the command prints", async () => {
  const page = readFileSync("docs/split.md", "utf8");
  const [, before = "", after = ""] = /```wit\n(.*?)```.*?```wit\n(.*?)```/s.exec(page) ?? [];
  const file = join(mkdtempSync(join(tmpdir(), "split-")), "library.wit");
  writeFileSync(file, before);
  const { out } = await cli(["split", file, "--suffix=-library"]);
  const [shown] = out.split("\npackage isyswasfa:isyswasfa {");
  expect(shown).toBe(after);
});

/** Every .wit file under a folder. */
function witUnder(root: string): readonly WitFile[] {
  const names = readdirSync(root, { recursive: true, encoding: "utf8" }).sort();
  return names
    .filter((name) => name.endsWith(".wit"))
    .map((name) => parseWit(readFileSync(join(root, name), "utf8"), join(root, name)));
}

// CANON_ISYSWASFA names a checkout of dicej/isyswasfa.
const isyswasfa = process.env.CANON_ISYSWASFA;

test.skipIf(isyswasfa === undefined)("the worlds of isyswasfa itself are split", () => {
  const files = witUnder(join(isyswasfa ?? "", "wit"));
  const handler = (world: string): readonly string[] | undefined => {
    const packages = resolve(split(files, { world, suffix: "-x" })).packages;
    return packages
      .get("wasi:http@0.3.0-draft")
      ?.interfaces.get("handler")
      ?.funcs.map((f) => f.name);
  };
  for (const world of ["proxy", "router"].map((name) => `component:test/${name}`)) {
    expect(handler(world)).toEqual(["handle-isyswasfa-start", "handle-isyswasfa-result"]);
  }
  for (const world of ["component:test/round-trip", "wasi:cli/command", "wasi:http/proxy"]) {
    const { all } = texts(files, { world, suffix: "-x" });
    expect(texts([parseWit(all, "again.wit")], { suffix: "-x" }).all).toBe(all);
  }
  // Trailers come later than the body: they were the only future of WASI at the time.
  const { all: router } = texts(files, { world: "router" });
  expect(router).toContain(
    "constructor(%stream: input-stream, trailers: option<isyswasfa-receiver-own-trailers>);",
  );
});

// CANON_WASI names a checkout of WebAssembly/WASI at v0.3.0.
const wasi = process.env.CANON_WASI;

test.skipIf(wasi === undefined)("WASI 0.3 is split as far as isyswasfa goes", () => {
  const files = witUnder(join(wasi ?? "", "proposals")).filter(
    ({ file }) => !file.includes("deps"),
  );
  const { of } = texts(files, { world: "wasi:random/imports" });
  expect(of("wasi.random@0.3.0.wit")).toContain(
    "get-random-bytes: func(max-len: u64) -> list<u8>;",
  );
  // Its streams are native ones, and 0.2 streams are not among its packages.
  const stop = (): unknown => split(files, { world: "wasi:cli/command" });
  expect(stop).toThrow("a stream needs `wasi:io/streams`, which is not imported");
  const types = parseWit(
    "package a:b; world w { import wasi:io/streams@0.2.0; import wasi:filesystem/types@0.3.0; }",
    "w/w.wit",
  );
  expect(() => split([...files, io, types], { world: "a:b/w" })).toThrow(
    "only a `stream<u8>` can be split",
  );
});
