// WIT packages with all names resolved (WIT.md), and their types as the machine has them.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ResourceTypeId } from "../../src/model/ids.ts";
import { externName } from "../../src/wit/names.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { interfaces, resolve } from "../../src/wit/resolve.ts";
import type { Interface, InterfaceFunc, ResourceId, World } from "../../src/wit/resolved.ts";
import { funcType, valType } from "../../src/wit/val-types.ts";

const fixtures = ["types", "shelf"].map((name) => {
  const text = readFileSync(new URL(`fixtures/wit/${name}.wit`, import.meta.url), "utf8");
  return parseWit(text, `wit/${name}.wit`);
});

const all = interfaces(fixtures);
const types = all.get("lab:jars/types@0.2.0")!;

const jar: ResourceId = { interface: "lab:jars/types@0.2.0", name: "jar" };
const lid: ResourceId = { interface: "lab:jars/types@0.2.0", name: "lid" };

/** Resource types as numbers: jars are 7, lids are 8. */
function resourceType(id: ResourceId): ResourceTypeId {
  return ([jar, lid].findIndex((one) => one.name === id.name) +
    (7 as ResourceTypeId)) as ResourceTypeId;
}

function func(of: Interface, name: string): InterfaceFunc {
  return of.funcs.find((f) => externName(f) === name)!;
}

function only(text: string): Interface {
  return [...interfaces([parseWit(`package a:b;\n${text}`, "x.wit")]).values()].at(-1)!;
}

describe("an interface", () => {
  test("is found by its id, in a file without a package and in a block too", () => {
    expect([...all.keys()]).toEqual([
      "lab:jars/types@0.2.0",
      "lab:jars/shelf@0.2.0",
      "lab:clock/ticks@1.1.0",
    ]);
    expect([types.name, types.file]).toEqual(["types", "wit/types.wit"]);
  });

  test("has the types that it declares and those that it uses", () => {
    expect([...types.types.keys()].sort()).toEqual(
      "allowed color content jar label lid moment own-jar weight".split(" "),
    );
    expect(types.resources).toEqual(["jar", "lid"]);
    expect(types.types.get("moment")).toEqual({
      tag: "value",
      name: "moment",
      definedIn: "lab:clock/ticks@1.1.0",
      t: { tag: "u64" },
    });
    expect(types.uses).toEqual([all.get("lab:clock/ticks@1.1.0")]);
  });

  test("writes named types out", () => {
    const label = {
      tag: "record",
      fields: [
        { label: "text", t: { tag: "string" } },
        { label: "at", t: { tag: "option", t: { tag: "u64" } } },
      ],
    };
    expect(types.types.get("content")).toEqual({
      tag: "value",
      name: "content",
      definedIn: types.id,
      t: {
        tag: "variant",
        cases: [
          { label: "empty", t: null },
          { label: "powder", t: { tag: "u64" } },
          { label: "other", t: { tag: "list", t: label, length: null } },
        ],
      },
    });
    expect(types.types.get("allowed")).toMatchObject({
      t: { tag: "flags", labels: ["read", "write", "use"] },
    });
  });

  test("knows a resource by where it was declared, under each of its names", () => {
    const shelf = all.get("lab:jars/shelf@0.2.0")!;
    expect(shelf.resources).toEqual([]);
    expect([...shelf.types.values()]).toEqual([
      { tag: "resource", name: "jar", definedIn: types.id, resource: jar },
      { tag: "resource", name: "own-jar", definedIn: types.id, resource: jar },
    ]);
    expect(func(shelf, "put").params).toEqual([
      { name: "jar", t: { tag: "own", resource: jar } },
      { name: "near", t: { tag: "borrow", resource: jar } },
    ]);
  });

  test("may use types that come later, in the same file or in another", () => {
    const later = only(
      "interface i { use j.{t}; type u = v; type v = t; }\ninterface j { type t = s8; }",
    );
    expect(later.name).toBe("j");
    const both = interfaces([
      parseWit("package a:b;\ninterface i { use j.{t}; type u = v; type v = t; }", "i.wit"),
      parseWit("interface j { type t = s8; }", "j.wit"),
    ]);
    expect(both.get("a:b/i")?.types.get("u")).toMatchObject({ t: { tag: "s8" } });
  });
});

describe("a function", () => {
  test("is called after its resource", () => {
    expect(types.funcs.map(externName)).toEqual([
      "[constructor]jar",
      "[method]jar.fill",
      "[method]jar.pour",
      "[method]jar.drain",
      "[static]jar.twin",
      "[constructor]lid",
      "weigh",
      "digest",
      "stream",
    ]);
  });

  // WIT.md, "Item: `resource`": `self` is a borrow, a constructor gives an own
  test("of a resource has the implicit parameter and result", () => {
    expect(func(types, "[method]jar.pour")).toEqual({
      kind: "method",
      resource: "jar",
      name: "pour",
      params: [
        { name: "self", t: { tag: "borrow", resource: jar } },
        { name: "into", t: { tag: "borrow", resource: jar } },
        { name: "amount", t: { tag: "u64" } },
      ],
      result: null,
      async: true,
      pos: { line: 33, column: 9 },
    });
    expect(func(types, "[constructor]jar")).toMatchObject({
      kind: "constructor",
      resource: "jar",
      name: "jar",
      params: [{ name: "color" }],
      result: { tag: "own", resource: jar },
      async: false,
    });
    expect(func(types, "[constructor]lid").result).toEqual({
      tag: "result",
      ok: { tag: "own", resource: lid },
      error: { tag: "string" },
    });
    expect(func(types, "[static]jar.twin").params).toEqual([
      { name: "of", t: { tag: "borrow", resource: jar } },
    ]);
  });
});

describe("the machine's type", () => {
  test("of a method", () => {
    expect(funcType(func(types, "[method]jar.drain"), resourceType)).toEqual({
      params: [{ name: "self", t: { tag: "borrow", rt: 7 } }],
      result: {
        tag: "tuple",
        ts: [
          { tag: "stream", t: { tag: "u8" } },
          {
            tag: "future",
            t: { tag: "result", ok: null, error: { tag: "enum", labels: ["clear", "amber"] } },
          },
        ],
      },
      async: false,
    });
  });

  test("of a fallible constructor, of maps, lists and the rest", () => {
    expect(funcType(func(types, "[constructor]lid"), resourceType).result).toEqual({
      tag: "result",
      ok: { tag: "own", rt: 8 },
      error: { tag: "string" },
    });
    expect(funcType(func(types, "weigh"), resourceType)).toEqual({
      params: [{ name: "jars", t: { tag: "list", t: { tag: "own", rt: 7 }, length: null } }],
      result: { tag: "map", k: { tag: "string" }, v: { tag: "u64" } },
      async: false,
    });
    expect(funcType(func(types, "digest"), resourceType)).toEqual({
      params: [{ name: "of", t: { tag: "list", t: { tag: "u8" }, length: 32 } }],
      result: { tag: "error-context" },
      async: true,
    });
    expect(funcType(func(types, "stream"), resourceType).result).toEqual({
      tag: "stream",
      t: null,
    });
    const content = types.types.get("content")!;
    expect(content.tag === "value" && valType(content.t, resourceType)).toMatchObject({
      tag: "variant",
      cases: [{ label: "empty", t: null }, { label: "powder", t: { tag: "u64" } }, {}],
    });
  });
});

describe("a world", () => {
  const worlds = resolve(fixtures).packages.get("lab:jars@0.2.0")!.worlds;
  const names = (world: World): readonly (readonly string[])[] => [
    world.imports.map((extern) => extern.name),
    world.exports.map((extern) => extern.name),
  ];

  test("imports what its interfaces use, before them", () => {
    expect(names(worlds.get("cellar")!)).toEqual([
      ["lab:clock/ticks@1.1.0", "lab:jars/types@0.2.0", "lab:jars/shelf@0.2.0", "spare", "log"],
      ["run"],
    ]);
  });

  test("has what it includes, under new names", () => {
    expect(names(worlds.get("house")!)).toEqual([
      [
        "door",
        "[method]door.open",
        "lab:clock/ticks@1.1.0",
        "lab:jars/types@0.2.0",
        "lab:jars/shelf@0.2.0",
        "spare",
        "diary",
      ],
      ["lab:jars/types@0.2.0", "lab:jars/shelf@0.2.0", "run"],
    ]);
  });

  test("defines its own resources and inline interfaces itself", () => {
    const [door, open] = worlds.get("house")!.imports;
    expect(door).toMatchObject({
      tag: "type",
      type: { tag: "resource", resource: { interface: "lab:jars/house@0.2.0", name: "door" } },
    });
    expect(open).toMatchObject({ tag: "func", externalId: "open/0" });
    expect(worlds.get("house")!.imports.at(-1)).toMatchObject({
      tag: "interface",
      name: "diary",
      interface: { id: "lab:jars/cellar@0.2.0/import/log", name: "log" },
    });
  });

  // WIT.md, "Transitive imports and worlds": w1 is equivalent to w2
  test("imports what an export uses, unless that is exported too", () => {
    const text = `package a:b;
interface a { resource r; }
interface b { use a.{r}; foo: func() -> r; }
world w1 { export b; }
world w2 { import a; export b; }
world w3 { export a; export b; }`;
    const found = resolve([parseWit(text, "x.wit")]).packages.get("a:b")!.worlds;
    expect(["w1", "w2", "w3"].map((name) => names(found.get(name)!))).toEqual([
      [["a:b/a"], ["a:b/b"]],
      [["a:b/a"], ["a:b/b"]],
      [[], ["a:b/a", "a:b/b"]],
    ]);
  });

  // WIT.md, "De-duplication of interfaces"
  test("has an interface once that two of its included worlds import", () => {
    const text = `package a:b;
interface i {}
interface j {}
world v { import i; import j; }
world w { import i; include v; include u; }
world u { import j; }`;
    const found = resolve([parseWit(text, "x.wit")]).packages.get("a:b")!.worlds;
    expect(names(found.get("w")!)).toEqual([["a:b/i", "a:b/j"], []]);
  });
});

describe("an unstable item", () => {
  test("is hidden unless its feature is wanted", () => {
    const shelf = (features?: ReadonlySet<string>): readonly string[] =>
      interfaces(fixtures, features).get("lab:jars/shelf@0.2.0")!.funcs.map(externName);
    expect(shelf()).toEqual(["put"]);
    expect(shelf(new Set(["glass-doors"]))).toEqual(["put", "lock"]);
  });

  test("may be anything: an interface, a method, an import", () => {
    const text = `package a:b@1.0.0;
@unstable(feature = x) interface i {}
interface j { resource r { @unstable(feature = x) m: func(); n: func(); } }
world w {
  @unstable(feature = x) import i;
  resource r { @unstable(feature = x) m: func(); }
  import k: interface { @unstable(feature = x) f: func(); g: func(); }
}`;
    const count = (features: ReadonlySet<string>): readonly unknown[] => {
      const [found] = resolve([parseWit(text, "x.wit")], features).packages.values();
      const imports = found!.worlds.get("w")!.imports;
      const inline = imports.find((extern) => extern.name === "k")!;
      return [
        [...found!.interfaces.keys()],
        found!.interfaces.get("j")!.funcs.map(externName),
        imports.map((extern) => extern.name),
        inline.tag === "interface" && inline.interface.funcs.map(externName),
      ];
    };
    expect(count(new Set())).toEqual([["j"], ["[method]r.n"], ["r", "k"], ["g"]]);
    expect(count(new Set(["x"]))).toEqual([
      ["i", "j"],
      ["[method]r.m", "[method]r.n"],
      ["r", "[method]r.m", "a:b/i@1.0.0", "k"],
      ["f", "g"],
    ]);
  });
});

describe("a package", () => {
  // WIT.md, "Root Package: A Directory": what is duplicated must have the same contents
  test("may be there twice", () => {
    const one = parseWit("package c:d;\ninterface i { f: func(); }", "deps/one/i.wit");
    const two = parseWit("package c:d;\ninterface i {\n  f: func();\n}", "deps/two/i.wit");
    expect([...interfaces([one, two]).keys()]).toEqual(["c:d/i"]);
  });

  test("of two versions is two packages", () => {
    const text = (version: string, t: string): string =>
      `package c:d@${version};\ninterface i { type t = ${t}; }`;
    const found = interfaces([
      parseWit(text("1.0.0", "u8"), "1.wit"),
      parseWit(text("2.0.0", "u16"), "2.wit"),
      parseWit(
        "package a:b;\nuse c:d/i@1.0.0;\nuse c:d/i@2.0.0 as k;\n" +
          "interface j { use i.{t}; use k.{t as u}; f: func(a: t, b: u); }",
        "3.wit",
      ),
    ]);
    expect(found.get("a:b/j")?.funcs[0]?.params.map((param) => param.t)).toEqual([
      { tag: "u8" },
      { tag: "u16" },
    ]);
  });
});

describe("gates", () => {
  const since = (outer: string, inner: string): string =>
    `package a:b@2.0.0;\n@since(version = ${outer})\ninterface i {\n` +
    `  @since(version = ${inner})\n  f: func();\n}`;

  // Semantic Versioning 2.0, item 11: each of these comes before the next one
  const order =
    "1.0.0-1 1.0.0-2 1.0.0-10 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta 1.0.0 1.0.2 1.0.10 1.2.0 2.0.0".split(
      " ",
    );

  test.each(order.slice(1).map((later, i) => [order[i]!, later]))(
    "of %s may be around those of %s, and not the other way round",
    (earlier, later) => {
      expect(() => resolve([parseWit(since(earlier, later), "x.wit")])).not.toThrow();
      expect(() => resolve([parseWit(since(later, earlier), "x.wit")])).toThrow("weaker than");
      expect(() => resolve([parseWit(since(later, `${later}+x`), "x.wit")])).not.toThrow();
    },
  );
});
