// Ill-formed WIT texts: where each goes wrong, why, and what the message suggests.

import { describe, expect, test } from "vitest";
import { WitError } from "../../src/wit/errors.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { resolve } from "../../src/wit/resolve.ts";

function errorOf(text: string, file = "x.wit"): WitError {
  try {
    resolve([parseWit(text, file)]);
  } catch (error) {
    if (error instanceof WitError) return error;
    throw error;
  }
  throw new Error(`well-formed: ${text}`);
}

/** The text, `LINE:COLUMN MESSAGE`, and the hint. */
type Row = readonly [text: string, error: string, hint: string | null];

/** Items of an interface; they begin in line 3, column 3. */
const inside = (items: string): string => `package a:b@1.0.0;\ninterface i {\n  ${items}\n}\n`;

/** Items of a world beside an interface and another world; they begin in line 5, column 3. */
const inWorld = (items: string): string =>
  "package a:b@1.0.0;\n" +
  "interface i { type t = u32; f: func(); }\n" +
  `world v { import p: func(); import i; }\nworld w {\n  ${items}\n}\n`;

function check(rows: readonly Row[]): void {
  for (const [text, error, hint] of rows) {
    test(error, () => {
      const e = errorOf(text);
      expect([`${e.line}:${e.column} ${e.message}`, e.hint]).toEqual([error, hint]);
      expect([e.name, e.file]).toEqual(["WitError", "x.wit"]);
    });
  }
}

const notInWit = "control codes, marks of direction and deprecated characters have no place in WIT";

describe("WIT.md, Lexical structure: characters, names and strings", () => {
  check([
    [
      "package a:b;\ninterface fooBar {}",
      "2:11 `fooBar` is not a kebab-case name",
      "write `foo-bar`",
    ],
    [
      "package a:b;\ninterface foo_bar {}",
      "2:11 `foo_bar` is not a kebab-case name",
      "write `foo-bar`",
    ],
    ["package a:b;\ninterface a--b {}", "2:11 `a--b` is not a kebab-case name", "write `a-b`"],
    [
      "package a:b;\ninterface -x {}",
      "2:11 unexpected character `-`",
      "names begin with a letter; a result is written `-> T`",
    ],
    ["package a:b;\n# no", "2:1 unexpected character `#`", "a comment begins with `//`"],
    ["package a:b;\n\u0007", "2:1 unexpected character U+0007", notInWit],
    ["package a:b; // \u202e", "1:17 unexpected character U+202E", notInWit],
    ["package a:b; // \u0149", "1:17 unexpected character `\u0149`", notInWit],
    [
      "package a:b;\n/* /* */",
      "2:1 this comment is not closed",
      "block comments nest: each `/*` needs its own `*/`",
    ],
    [inside("f: func() -> [u8];"), "3:16 unexpected character `[`", "lists are written `list<T>`"],
    [
      'package a:b;\nworld w { @external-id("x) import a: func(); }',
      '2:24 unexpected character `"`',
      "a string ends on its line with another quote",
    ],
    [
      'package a:b;\nworld w { @external-id("\\q") import a: func(); }',
      "2:24 unknown escape `\\q`",
      "a backslash itself is `\\\\`",
    ],
    [
      'package a:b;\nworld w { @external-id("\\ff") import a: func(); }',
      "2:24 the bytes of this string are not UTF-8",
      "a character is `\\u{..}`",
    ],
    [
      'package a:b;\nworld w { @external-id("\\u{d800}") import a: func(); }',
      "2:24 U+d800 is not a Unicode scalar value",
      "surrogates have no place in a string",
    ],
  ]);
});

describe("WIT.md, Package declaration", () => {
  check([
    ["package a:b@1.0;", "1:13 `1.0` is not a version", "a version has three numbers: 1.0.0"],
    ["package a:b@1.00.0;", "1:13 `1.00.0` is not a version", "a version has three numbers: 1.0.0"],
    ["package a:B;", "1:11 `B` is not in lower case", "names of packages have no capitals"],
    ["package a;", "1:10 expected `:`, but found `;`", "a package has a namespace: `package a:b;`"],
    [
      "package a:b\ninterface i {}",
      "1:12 expected `/`, `:`, `;`, `@` or `{`, but found the end of the line",
      "each item ends with `;`",
    ],
    [
      "package a:b;\npackage a:c;",
      "2:12 expected `/`, `:`, `@` or `{`, but found `;`",
      "only the first line names its package so; another one is `package a:b { .. }`",
    ],
    [
      "interface i {}",
      "1:1 no file of this folder declares a package",
      "begin it with `package a:b;`",
    ],
    [
      "package a:b { interface i {} }\npackage a:b { interface j {} }",
      "2:9 package `a:b` is declared twice and differently",
      "the other one is in x.wit",
    ],
  ]);
});

describe("WIT.md, Top-level items and Item: world", () => {
  check([
    [
      "package a:b;\ninterfce i {}",
      "2:1 expected `interface`, `world`, `use` or `package`, but found `interfce`",
      "did you mean `interface`?",
    ],
    [
      "package a:b;\nfunc f();",
      "2:1 expected `interface`, `world`, `use` or `package`, but found `func`",
      "functions stand in interfaces: `name: func();`",
    ],
    [
      "package a:b;\ninterface i { }\n}",
      "3:1 expected `interface`, `world`, `use` or `package`, but found `}`",
      "this `}` closes nothing",
    ],
    [
      "package a:b;\ninterface i {\n  f: func();\n",
      "4:1 expected `}` or an item of an interface, but found the end of the text",
      "the `{` of line 2 is not closed",
    ],
    [
      "package a:b;\ninterface i {\n  f: func();\n\ninterface j {}\n",
      "5:1 expected `}` or an item of an interface, but found `interface`",
      "the `{` of line 2 is not closed",
    ],
    [
      inWorld("exprot f: func();"),
      "5:3 expected `}` or an item of a world, but found `exprot`",
      "did you mean `export`?",
    ],
    [
      inWorld("f: func();"),
      "5:3 expected `}` or an item of a world, but found `f`",
      "a world imports or exports: `import f: ..`",
    ],
    [
      inWorld("import a:b;"),
      "5:13 expected `/` or `:`, but found `;`",
      "an interface of a package is `a:b/c`; a name of one's own has a space: `a: b`",
    ],
    [
      inWorld('@external-id("x") import i;'),
      "5:3 this takes no external id",
      "one goes with a name that is declared here",
    ],
    [
      inWorld("include v with { p }"),
      "5:22 expected `as`, but found `}`",
      "a name is changed by `a as b`",
    ],
    [
      inWorld("include v with { p as type }"),
      "5:25 expected a name, but found `type`",
      "`type` is a keyword; as a name it is written `%type`",
    ],
  ]);
});

describe("WIT.md, Item: interface and Item: use", () => {
  check([
    [inside("recrod r { a: u32 }"), "3:10 expected `:`, but found `r`", "did you mean `record`?"],
    [
      inside("f: fucn();"),
      "3:6 expected `async` or `func`, but found `fucn`",
      "did you mean `func`?",
    ],
    [
      inside("g: func()\n  h: func();"),
      "3:12 expected `->` or `;`, but found the end of the line",
      "each item ends with `;`",
    ],
    [
      inside("f func();"),
      "3:5 expected `:`, but found `func`",
      "a name and what it is are parted by a colon",
    ],
    [
      inside("type: func();"),
      "3:7 expected the name of the type, but found `:`",
      "`type` is a keyword; as a name it is written `%type`",
    ],
    [
      inside("f: async();"),
      "3:11 expected `func`, but found `(`",
      "a function is written `name: func(a: u32) -> string;`",
    ],
    [
      inside("f: func(u32);"),
      "3:11 expected `)` or the name of a parameter, but found `u32`",
      "a parameter has a name: `a: u32`",
    ],
    [
      inside("f: func(a: u8;"),
      "3:16 expected `)` or `,`, but found `;`",
      "a comma stands between the parts, and may follow the last",
    ],
    [
      inside("use j;"),
      "3:8 expected `.`, but found `;`",
      "the types to use stand in braces after a point: `use a.{b}`",
    ],
    [
      inside("use j.x;"),
      "3:9 expected `{`, but found `x`",
      "the types to use stand in braces after a point: `use a.{b}`",
    ],
    [
      inside("use j.{};"),
      "3:10 expected the name of a type, but found `}`",
      "there is at least one",
    ],
    [
      inside('@external-id("x") use j.{t};'),
      "3:3 this takes no external id",
      "one goes with a name that is declared here",
    ],
    [
      inside("@sinse(version = 1.0.0) f: func();"),
      "3:4 expected `deprecated`, `external-id`, `since` or `unstable`, but found `sinse`",
      "did you mean `since`?",
    ],
    [
      inside("@since(verion = 1.0.0) f: func();"),
      "3:10 expected `version`, but found `verion`",
      "did you mean `version`?",
    ],
    [
      inside("@since(version = 1) f: func();"),
      "3:20 `1` is not a version",
      "a version has three numbers: 1.0.0",
    ],
  ]);
});

describe("WIT.md, Types and Item: resource", () => {
  const deep = `type t = ${"list<".repeat(70)}u8${">".repeat(70)};`;
  check([
    [
      inside("record r { type: u32 }"),
      "3:14 expected the name of a field, but found `type`",
      "`type` is a keyword; as a name it is written `%type`",
    ],
    [
      inside("record r {}"),
      "3:13 expected the name of a field, but found `}`",
      "there is at least one",
    ],
    [
      inside("record r { a: u32 b: u32 }"),
      "3:21 expected `,` or `}`, but found `b`",
      "a comma stands between the parts, and may follow the last",
    ],
    [inside("type t = lits<u8>;"), "3:16 expected `;`, but found `<`", "did you mean `list`?"],
    [
      inside("type t = record { a: u8 };"),
      "3:12 expected a type, but found `record`",
      "a record is declared with a name, and then used by it",
    ],
    [inside("type t = tuple<>;"), "3:18 expected a type, but found `>`", "there is at least one"],
    [
      inside("type t = list<u8, 0>;"),
      "3:21 `0` is not a length",
      "a length is from 1 to 4294967295",
    ],
    [
      inside("type t = list<u8, 4294967296>;"),
      "3:21 `4294967296` is not a length",
      "a length is from 1 to 4294967295",
    ],
    [
      inside("type t = map<f32, u8>;"),
      "3:16 expected an integer, bool, char or string type, but found `f32`",
      null,
    ],
    [
      inside("type t = result<_>;"),
      "3:20 expected `,`, but found `>`",
      "a comma stands between the parts, and may follow the last",
    ],
    [inside(deep), "3:331 brackets nest deeper than 64", "give a part a name with `type`"],
    [
      inside("constructor();"),
      "3:3 expected `}` or an item of an interface, but found `constructor`",
      "a constructor stands in the braces of its resource",
    ],
    [
      inside("resource r { async constructor(); }"),
      "3:16 expected `}` or a function of the resource, but found `async`",
      "`async` stands right before `func`",
    ],
    [
      inside("resource r { constructor(); constructor(); }"),
      "3:31 a resource has at most one constructor",
      null,
    ],
    [
      inside("resource r { constructor() -> u32; }"),
      "3:33 a constructor returns its resource, or a result of it",
      "write `-> result<r>`, perhaps with an error type, or nothing",
    ],
    [
      inside("resource r { constructor() -> result<u32>; }"),
      "3:33 a constructor returns its resource, or a result of it",
      "write `-> result<r>`, perhaps with an error type, or nothing",
    ],
    [
      inside(`flags f { ${Array.from({ length: 33 }, (_, i) => `x${i}`).join(", ")} }`),
      "3:9 `f` has more than 32 flags",
      "split it into two types",
    ],
  ]);
});

describe("WIT.md, Name resolution", () => {
  const chain = Array.from({ length: 120 }, (_, i) => `type a${i} = option<a${i + 1}>;`);
  const wide = Array.from({ length: 20 }, (_, i) => `type a${i + 1} = tuple<a${i}, a${i}>;`);
  const uses = Array.from({ length: 300 }, (_, i) => `interface i${i} { use i${i + 1}.{t}; }`);
  check([
    [
      `package a:b;\n${uses.join("\n")}\ninterface i300 { type t = u8; }`,
      "257:22 uses nest deeper than 256",
      null,
    ],
    [
      inside("f: func(x: foo);"),
      "3:14 there is no type `foo`",
      "types of other interfaces come by `use`",
    ],
    [inside("type t = strng;"), "3:12 there is no type `strng`", "did you mean `string`?"],
    [inside("f: func();\n  g: func(x: f);"), "4:14 `f` is not a type", null],
    [inside("type t = t;"), "3:12 type `t` contains itself: t -> t", "types are not recursive"],
    [
      inside("record a { b: b }\n  record b { a: option<a> }"),
      "4:24 type `a` contains itself: a -> b -> a",
      "types are not recursive",
    ],
    [
      inside(`${chain.join("\n")} type a120 = u8;`),
      "102:19 types nest deeper than 100",
      "give up some layers",
    ],
    [
      inside(`type a0 = u8; ${wide.join("\n")}`),
      "15:6 type `a13` is too large",
      "it has over 10000 parts or is too deep",
    ],
    [
      inside("type t = u8;\n  f: func(x: borrow<t>);"),
      "4:21 `t` is not a resource",
      "only handles of resources are lent",
    ],
    [
      inside("use j.{t};"),
      "3:7 there is no `j` in package `a:b@1.0.0`",
      "one of another package is written `a:b/c`",
    ],
    [inside("use c:d/j.{t};"), "3:7 there is no package `c:d`", "its files have to be given too"],
    [inside("use a:b/i@2.0.0.{t};"), "3:7 there is no package `a:b@2.0.0`", "there is `a:b@1.0.0`"],
    [
      inside("use i.{t};"),
      "3:7 `i` needs itself: a:b/i@1.0.0 -> a:b/i@1.0.0",
      "move what both need to a third one",
    ],
    [
      "package a:b;\ninterface i { use j.{t}; }\ninterface j { use i.{u}; }",
      "3:19 `i` needs itself: a:b/i -> a:b/j -> a:b/i",
      "move what both need to a third one",
    ],
    [
      "package a:b;\ninterface i { f: func(); }\ninterface j { use i.{f}; }",
      "3:22 `f` of `a:b/i` is a function, not a type",
      null,
    ],
    [
      "package a:b;\ninterface i { type tt = u8; }\ninterface j { use i.{t}; }",
      "3:22 there is no type `t` in `a:b/i`",
      "did you mean `tt`?",
    ],
    [
      "package a:b;\ninterface i { use w.{t}; }\nworld w {}",
      "2:19 `w` is a world, not an interface",
      "a world is included",
    ],
    [
      "package a:b;\nuse w as x;\nworld w {}",
      "2:5 `w` is a world, not an interface",
      "a world is included",
    ],
    [
      "package a:b;\nuse i;",
      "2:5 there is no `i` in package `a:b`",
      "one of another package is written `a:b/c`",
    ],
    [
      "package a:b;\nuse c:d/e;\ninterface i {}",
      "2:5 there is no package `c:d`",
      "its files have to be given too",
    ],
  ]);
});

describe("Explainer.md, strongly-unique names", () => {
  check([
    [
      inside("type t = u8;\n  type t = u16;"),
      "4:8 `t` is declared twice",
      "the other one is in line 3",
    ],
    [
      inside("t: func();\n  type T = u8;"),
      "4:8 `T` is declared twice",
      "`t` in line 3 differs only in capitals",
    ],
    [
      inside("record r { a: u8, A: u8 }"),
      "3:21 `A` is declared twice",
      "`a` in line 3 differs only in capitals",
    ],
    [inside("variant v { a, a(u8) }"), "3:18 `a` is declared twice", "the other one is in line 3"],
    [inside("enum e { a, a }"), "3:15 `a` is declared twice", "the other one is in line 3"],
    [inside("f: func(a: u8, a: u8);"), "3:18 `a` is declared twice", "the other one is in line 3"],
    [
      inside("resource r { m: func(self: u8); }"),
      "3:24 `self` is declared twice",
      "the other one is in line 3",
    ],
    [
      inside("resource r { m: func(); m: static func(); }"),
      "3:27 `m` is declared twice",
      "the other one is in line 3",
    ],
    // `[method]r.r` counts as `r`
    [
      inside("resource r { r: func(); }"),
      "3:16 `r` is declared twice",
      "the other one is in line 3",
    ],
    [
      "package a:b;\ninterface i {}\nworld i {}",
      "3:7 `i` is declared twice",
      "the other one is in line 2",
    ],
    [
      "package a:b;\ninterface i { type t = u8; }\ninterface j { use i.{t}; type t = u8; }",
      "3:31 `t` is declared twice",
      "the other one is in line 3",
    ],
    [
      "package a:b;\nuse a:b/i;\ninterface i {}",
      "3:11 `i` is declared twice",
      "the other one is in line 2",
    ],
  ]);
});

describe("Binary.md, validation of functype and of stream and future types", () => {
  check([
    [
      inside("resource r;\n  f: func() -> borrow<r>;"),
      "4:16 a result cannot contain a borrow",
      "a borrow ends with its call",
    ],
    [
      inside("resource r;\n  type t = list<borrow<r>>;\n  f: func() -> option<t>;"),
      "5:16 a result cannot contain a borrow",
      "a borrow ends with its call",
    ],
    [
      inside("resource r;\n  f: func(s: stream<borrow<r>>);"),
      "4:21 a stream cannot carry a borrow",
      "a borrow ends with its call",
    ],
    [
      inside("resource r;\n  f: func(s: future<option<borrow<r>>>);"),
      "4:21 a future cannot carry a borrow",
      "a borrow ends with its call",
    ],
  ]);
});

describe("WIT.md, WIT Worlds and include", () => {
  check([
    [
      inWorld("import i;\n  import i;"),
      "6:10 `a:b/i@1.0.0` is declared twice",
      "the other one is in line 5",
    ],
    [
      inWorld("import p: func();\n  import P: func();"),
      "6:10 `P` is declared twice",
      "`p` in line 5 differs only in capitals",
    ],
    [inWorld("import v;"), "5:10 `v` is a world, not an interface", "a world is included"],
    [
      inWorld("include i;"),
      "5:11 `i` is an interface, not a world",
      "an interface is imported or exported",
    ],
    [
      inWorld("include w;"),
      "5:11 `w` needs itself: a:b/w@1.0.0 -> a:b/w@1.0.0",
      "move what both need to a third one",
    ],
    [
      inWorld("import p: func();\n  include v;"),
      "6:11 `p` of world `v` is there already",
      "`with { p as .. }` gives it another name",
    ],
    [
      inWorld("include v with { i as j }"),
      "5:20 world `v` has no plain name `i`",
      "the name of an interface cannot be changed",
    ],
    // WIT.md, "Transitive imports and worlds": j has to be imported, and an import needs no export
    [
      "package a:b;\ninterface i { type t = u8; }\ninterface j { use i.{t}; }\n" +
        "interface k { use j.{t}; }\nworld w { export i; export k; }",
      "5:7 `a:b/j` is needed as an import, but it uses the export `a:b/i`",
      "export both of them",
    ],
    [inWorld("include v with { q as j }"), "5:20 world `v` has no plain name `q`", null],
    [
      inWorld("import f: func(x: t);"),
      "5:21 there is no type `t`",
      "types of other interfaces come by `use`",
    ],
  ]);
});

describe("WIT.md, Feature Gates", () => {
  check([
    [
      inside("@since(version = 1.0.0)\n  @unstable(feature = x)\n  f: func();"),
      "4:3 an item is either `@since` or `@unstable`",
      "leave one of them out",
    ],
    [
      inside("@since(version = 1.0.0)\n  @since(version = 1.0.0)\n  f: func();"),
      "4:3 `@since` stands here twice",
      null,
    ],
    [
      inside("@deprecated(version = 1.0.0)\n  f: func();"),
      "3:3 `@deprecated` stands alone",
      "say `@since` or `@unstable` too",
    ],
    [
      "package a:b;\n@since(version = 1.0.0)\ninterface i {}",
      "2:1 a package with gates has a version",
      "write it as `package a:b@1.0.0`",
    ],
    [
      "package a:b@1.0.0;\n@since(version = 1.0.0)\ninterface i {\n" +
        "  @since(version = 1.0.0-rc.1)\n  f: func();\n}",
      "4:3 this gate is weaker than @since 1.0.0 around it",
      "a part is never older",
    ],
    [
      "package a:b@1.0.0;\n@unstable(feature = x)\ninterface i {\n" +
        "  @since(version = 1.0.0)\n  f: func();\n}",
      "4:3 this gate is weaker than @unstable x around it",
      "a part is never older",
    ],
    [
      inside("@unstable(feature = x)\n  resource r {\n  constructor();\n}"),
      "5:3 this has no gate inside @unstable x",
      "give it one too",
    ],
    [
      "package a:b@1.0.0;\ninterface i {}\n@unstable(feature = x)\nworld w {\n  import i;\n}",
      "5:10 this has no gate inside @unstable x",
      "give it one too",
    ],
    [
      inside("@since(version = 1.0.0)\n  type t = u8;\n  type u = t;"),
      "5:12 `t` has @since 1.0.0, its user has no gate",
      "gate the user too",
    ],
    [
      inside("@unstable(feature = x)\n  type t = u8;\n  @since(version = 1.0.0)\n  f: func(x: t);"),
      "6:14 `t` has @unstable x, its user has @since 1.0.0",
      "gate the user too",
    ],
  ]);
});

describe("several files", () => {
  test("an error names the file in which it is", () => {
    const files = [
      parseWit("package a:b;\ninterface i { use j.{t}; }", "wit/i.wit"),
      parseWit("interface j { type t = none; }", "wit/j.wit"),
    ];
    expect(() => resolve(files)).toThrow(
      expect.objectContaining({ file: "wit/j.wit", line: 1, column: 24 }),
    );
  });

  test("a file without a package cannot be in two", () => {
    const files = [
      parseWit("package a:b;", "wit/b.wit"),
      parseWit("package a:c;", "wit/c.wit"),
      parseWit("interface i {}", "wit/i.wit"),
    ];
    expect(() => resolve(files)).toThrow("this file may belong to `a:b` and `a:c`");
  });
});
