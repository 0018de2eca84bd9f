// WIT texts into syntax trees (WIT.md), exactly.

import { describe, expect, test } from "vitest";
import type { InterfaceItem, WitFile, WorldItem } from "../../src/wit/ast.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { printWit } from "../../src/wit/print.ts";
import { sameWit } from "../../src/wit/strip.ts";

function parse(text: string): WitFile {
  return parseWit(text, "x.wit");
}

/** The one item of an interface; it begins in line 2, column 1. */
function itemOf(text: string): InterfaceItem {
  const [item] = parse(`interface i {\n${text}\n}`).items;
  if (item?.tag !== "interface" || item.items.length !== 1) throw new Error("not one item");
  return item.items[0]!;
}

function worldItemOf(text: string): WorldItem {
  const [item] = parse(`world w {\n${text}\n}`).items;
  if (item?.tag !== "world" || item.items.length !== 1) throw new Error("not one item");
  return item.items[0]!;
}

/** A type as it prints, after a round through the parser. */
function typeText(text: string): string {
  const item = itemOf(`type t = ${text};`);
  const file = parse(`interface i { type t = ${text}; }`);
  expect(item.tag).toBe("alias");
  return /= (.*);/.exec(printWit(file))?.[1] ?? "";
}

const bare = { docs: null, gates: [], externalId: null };

describe("a file", () => {
  test("begins with its package", () => {
    expect(parse("/// All of it.\npackage a:b@1.2.3-rc.1+x.5;")).toEqual({
      file: "x.wit",
      package: {
        docs: "All of it.",
        name: {
          namespaces: ["a"],
          names: ["b"],
          version: "1.2.3-rc.1+x.5",
          pos: { line: 2, column: 9 },
        },
      },
      items: [],
    });
  });

  test("may hold whole packages, with nested namespaces and packages", () => {
    const { items } = parse("package a:b:c/d { interface i {} }\npackage e:f@0.1.0 { world w {} }");
    expect(items).toMatchObject([
      {
        tag: "package",
        name: { namespaces: ["a", "b"], names: ["c", "d"], version: null },
        items: [{ tag: "interface", name: { name: "i" } }],
      },
      {
        tag: "package",
        name: { namespaces: ["e"], names: ["f"], version: "0.1.0" },
        items: [{ tag: "world", name: { name: "w" } }],
      },
    ]);
  });

  test("may hold nothing, and a comment is nothing", () => {
    expect(parse("// none /* not even this one\n/* a /* nested */ one */")).toEqual({
      file: "x.wit",
      package: null,
      items: [],
    });
  });

  test("gives interfaces short names by `use`", () => {
    expect(parse("use c:d/e@1.0.0 as f;").items).toEqual([
      {
        ...bare,
        tag: "top-use",
        path: {
          package: {
            namespaces: ["c"],
            names: ["d"],
            version: "1.0.0",
            pos: { line: 1, column: 5 },
          },
          name: "e",
          pos: { line: 1, column: 5 },
        },
        as: { name: "f", pos: { line: 1, column: 20 } },
      },
    ]);
  });
});

describe("an item of an interface", () => {
  test("is a use, whose version ends before the point", () => {
    expect(itemOf("use c:d/e@1.0.0-a.1.{t, u as v,};")).toMatchObject({
      tag: "use",
      path: { package: { version: "1.0.0-a.1" }, name: "e" },
      names: [
        { name: { name: "t" }, as: null },
        { name: { name: "u" }, as: { name: "v" } },
      ],
    });
  });

  test("is a function with documentation and gates", () => {
    const text = [
      "/// Adds.",
      "///   Twice.",
      "@since(version = 1.2.3)",
      "@deprecated(version = 1.3.0)",
      '@external-id("a\\u{2f}b\\"")',
      "f: async func(a: u8, %type: string) -> bool;",
    ];
    expect(itemOf(text.join("\n"))).toEqual({
      docs: "Adds.\n  Twice.",
      gates: [
        { tag: "since", version: "1.2.3", pos: { line: 4, column: 1 } },
        { tag: "deprecated", version: "1.3.0", pos: { line: 5, column: 1 } },
      ],
      externalId: 'a/b"',
      tag: "func",
      name: { name: "f", pos: { line: 7, column: 1 } },
      func: {
        async: true,
        params: [
          {
            name: { name: "a", pos: { line: 7, column: 15 } },
            t: { tag: "prim", name: "u8", pos: { line: 7, column: 18 } },
          },
          {
            name: { name: "type", pos: { line: 7, column: 22 } },
            t: { tag: "prim", name: "string", pos: { line: 7, column: 29 } },
          },
        ],
        result: { tag: "prim", name: "bool", pos: { line: 7, column: 40 } },
      },
    });
  });

  test("is a type with documented parts", () => {
    expect(itemOf("variant v {\n  /// none\n  a,\n  b(list<u8>),\n}")).toEqual({
      ...bare,
      tag: "variant",
      name: { name: "v", pos: { line: 2, column: 9 } },
      cases: [
        { docs: "none", name: { name: "a", pos: { line: 4, column: 3 } }, t: null },
        {
          docs: null,
          name: { name: "b", pos: { line: 5, column: 3 } },
          t: {
            tag: "list",
            t: { tag: "prim", name: "u8", pos: { line: 5, column: 10 } },
            length: null,
            pos: { line: 5, column: 5 },
          },
        },
      ],
    });
    expect(itemOf("record r { a: u8 }")).toMatchObject({ tag: "record", name: { name: "r" } });
    expect(itemOf("enum e { a, b }")).toMatchObject({ tag: "enum", labels: [{}, {}] });
    expect(itemOf("flags f { %flags }")).toMatchObject({ labels: [{ name: { name: "flags" } }] });
  });

  test("is a resource with functions of all kinds", () => {
    const text = [
      "resource r {",
      "  constructor(a: u8) -> result<r>;",
      "  m: func();",
      "  @unstable(feature = x)",
      "  s: static async func() -> r;",
      "}",
    ];
    expect(itemOf(text.join("\n"))).toMatchObject({
      tag: "resource",
      members: [
        {
          tag: "constructor",
          params: [{ name: { name: "a" } }],
          result: { tag: "result", ok: { tag: "named", name: "r" }, error: null },
          pos: { line: 3, column: 3 },
        },
        { tag: "method", name: { name: "m" }, func: { async: false, params: [], result: null } },
        {
          tag: "static",
          name: { name: "s" },
          gates: [{ tag: "unstable", feature: "x" }],
          func: { async: true, params: [], result: { tag: "named", name: "r" } },
        },
      ],
    });
    expect(itemOf("resource r;")).toEqual({
      ...bare,
      tag: "resource",
      name: { name: "r", pos: { line: 2, column: 10 } },
      members: [],
    });
  });
});

describe("an item of a world", () => {
  const extern = (text: string): unknown => {
    const item = worldItemOf(text);
    return "extern" in item ? item.extern : null;
  };

  test("imports an interface by its own name, or under another one", () => {
    expect(extern("import a;")).toMatchObject({ tag: "path", path: { package: null, name: "a" } });
    expect(extern("export a:b/c@1.0.0;")).toMatchObject({
      tag: "path",
      path: { package: { namespaces: ["a"], names: ["b"], version: "1.0.0" }, name: "c" },
    });
    expect(extern('@external-id("x") import a: b:c/d;')).toMatchObject({
      tag: "named-path",
      name: { name: "a" },
      path: { package: { namespaces: ["b"], names: ["c"] }, name: "d" },
    });
  });

  // `a:b` without a space is one token (WIT.md, "Item: world")
  test("tells `a: b` from `a:b/c` by the space", () => {
    expect(extern("import a: b;")).toMatchObject({ tag: "named-path", path: { name: "b" } });
    expect(extern("import a:b/c;")).toMatchObject({ tag: "path", path: { name: "c" } });
    expect(extern("import a:func();")).toMatchObject({ tag: "func", name: { name: "a" } });
  });

  test("imports functions and inline interfaces", () => {
    expect(extern("export f: async func() -> u8;")).toMatchObject({
      tag: "func",
      name: { name: "f" },
      func: { async: true, params: [], result: { tag: "prim", name: "u8" } },
    });
    expect(extern("import i: interface { f: func(); }")).toMatchObject({
      tag: "interface",
      name: { name: "i" },
      items: [{ tag: "func", name: { name: "f" } }],
    });
  });

  test.each(["", ";"])("includes another world, the braces ended by `%s`", (end) => {
    expect(worldItemOf(`include v with { a as b, %use as %type }${end}`)).toMatchObject({
      tag: "include",
      path: { name: "v" },
      names: [
        { name: { name: "a" }, as: { name: "b" } },
        { name: { name: "use" }, as: { name: "type" } },
      ],
    });
  });
});

describe("a type", () => {
  test.each([
    "u8",
    "error-context",
    "list<string>",
    "list<u8, 4294967295>",
    "tuple<char, f32, f64>",
    "option<option<bool>>",
    "result",
    "result<u8>",
    "result<_, s8>",
    "result<u8, s8>",
    "map<u64, list<u8>>",
    "stream",
    "stream<u8>",
    "future",
    "future<result<_, e>>",
    "own<r>",
    "borrow<%resource>",
    "XML-4-reader",
    // a type of somebody's own that happens to be called like one of WIT's
    "%error-context",
    "%map",
  ])("%s", (text) => {
    expect(typeText(text)).toBe(text);
  });

  test.each([
    ["tuple<u8,>", "tuple<u8>"],
    ["%foo", "foo"],
    ["map < u8 , u8 >", "map<u8, u8>"],
  ])("%s is %s", (text, same) => {
    expect(typeText(text)).toBe(same);
  });
});

describe("a comment", () => {
  const docsOf = (comment: string): string | null => itemOf(`${comment}\nf: func();`).docs;

  test.each([
    ["// plain", null],
    ["/* plain */", null],
    ["/**/", null],
    ["/// one", "one"],
    ["///one", "one"],
    ["//// one", "/ one"],
    ["///", ""],
    ["/// one\n\n// plain\n/// two", "one\ntwo"],
    ["/** one */", "one"],
    ["/**\n * one\n *\n *   two\n */", "one\n\n  two"],
    ["/** one /* nested */ */", "one /* nested */"],
    ["/// one\n/** two */", "one\ntwo"],
  ])("%j documents what follows by %j", (comment, docs) => {
    expect(docsOf(comment)).toBe(docs);
  });

  test("between the gates and the item documents the item", () => {
    expect(docsOf("@unstable(feature = x)\n/// one")).toBe("one");
  });

  test("before a closing brace documents nothing", () => {
    expect(parse("interface i { f: func(); /// lost\n}").items).toEqual(
      parse("interface i { f: func(); }").items,
    );
  });

  test("does not begin inside a string", () => {
    expect(worldItemOf('@external-id("http://a/*") import f: func();').externalId).toBe(
      "http://a/*",
    );
  });
});

describe("a string", () => {
  // the bytes of U+00E9 in UTF-8 are c3 a9
  test.each([
    ['"\\c3\\a9"', "\u00e9"],
    ['"\\t\\n\\r\\"\\\'\\\\"', "\t\n\r\"'\\"],
    ['"\\u{1F4A1}%41"', "\u{1f4a1}%41"],
  ])("%s", (literal, text) => {
    expect(worldItemOf(`@external-id(${literal}) import f: func();`).externalId).toBe(text);
  });
});

test("trees are the same up to positions and the name of the file", () => {
  const text = "package a:b;\ninterface i { f: func(); }";
  expect(sameWit(parse(text), parseWit(text.replaceAll(" ", "\n  "), "y.wit"))).toBe(true);
  expect(sameWit(parse(text), parse(text.replace("f:", "g:")))).toBe(false);
  expect(sameWit(parse(text), parse(text.replace("f:", "/// x\nf:")))).toBe(false);
});
