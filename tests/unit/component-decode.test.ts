// Components byte by byte: what each code means, where bytes go wrong, and the bounds of this package.

import { describe, expect, test } from "vitest";
import type { Canon, Definition } from "../../src/component/ast.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { component, leb, nameBytes, refusedBytes } from "./component-check-harness.ts";
import { refusalOf } from "./wasm-harness.ts";

function definitionsOf(bytes: Uint8Array): readonly Definition[] {
  return decodeComponent(bytes).definitions;
}

function refusedDecoding(bytes: Uint8Array): string | null {
  return refusalOf(() => decodeComponent(bytes));
}

const empty = [...component()];

describe("Binary.md, Component Definitions: the preamble and sections", () => {
  test("eight bytes are the smallest component", () => {
    expect(decodeComponent(component())).toEqual({
      definitions: [],
      names: { component: null, sorts: new Map() },
      offset: 0,
    });
  });

  test("a core module is called what it is", () => {
    const module = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
    expect(refusedDecoding(module)).toBe("malformed at 4: this is a core module, not a component");
  });

  test.each([
    ["no bytes", [], "malformed at 0: unexpected end of section or function"],
    ["another magic", [1, ...empty.slice(1)], "malformed at 0: magic header not detected"],
    [
      "another version",
      [...empty.slice(0, 4), 0x0c, 0, 1, 0],
      "malformed at 4: unknown binary version",
    ],
    [
      "another layer",
      [...empty.slice(0, 4), 0x0d, 0, 2, 0],
      "malformed at 4: unknown binary version",
    ],
    ["an unknown section", [...empty, 13, 0], "malformed at 8: malformed section id"],
    [
      "a section that is longer than the file",
      [...empty, 7, 3, 0],
      "malformed at 10: unexpected end of section or function",
    ],
    [
      "a vector that is longer than its section",
      [...empty, 7, 2, 99, 0x73],
      "malformed at 11: unexpected end of section or function",
    ],
    [
      "bytes after the vector of a section",
      [...empty, 7, 3, 1, 0x73, 0],
      "malformed at 12: section size mismatch",
    ],
    [
      "a core module in a component section",
      [...empty, 4, 8, 0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      "malformed at 14: expected a version header for a component",
    ],
    [
      "a custom section whose name is no UTF-8",
      [...empty, 0, 2, 1, 0xff],
      "malformed at 11: malformed UTF-8 encoding",
    ],
  ] as const)("%s is malformed", (_, bytes, refusal) => {
    expect(refusedDecoding(Uint8Array.from(bytes))).toBe(refusal);
  });

  test("definitions stand in the order of the bytes and say where", () => {
    const bytes = component([7, [2, 0x73, 0x70, 0x7d]], [5, [1, 0x01, 0]], [7, [1, 0x7f]]);
    expect(definitionsOf(bytes).map(({ tag, offset }) => [tag, offset])).toEqual([
      ["type", 11],
      ["type", 12],
      ["exports", 17],
      ["type", 22],
    ]);
  });

  test("offsets of nested components are those of the file", () => {
    const inner = [...component([7, [1, 0x62]])];
    expect(refusedDecoding(component([4, inner]))).toBe(
      "malformed at 21: invalid leading byte (0x62) for component defined type",
    );
  });
});

describe("Binary.md, Name Section: never an error", () => {
  const title = (text: string): readonly number[] => [
    0,
    nameBytes(text).length,
    ...nameBytes(text),
  ];
  const section = (...contents: number[]): readonly [number, readonly number[]] => [
    0,
    [...nameBytes("component-name"), ...contents],
  ];

  test("names the component and its definitions by sort and index", () => {
    const funcs = [0x01, 1, 3, ...nameBytes("run")];
    const modules = [0x00, 0x11, 1, 0, ...nameBytes("libc")];
    const bytes = component(
      section(...title("main"), 1, funcs.length, ...funcs, 1, modules.length, ...modules),
    );
    expect(decodeComponent(bytes).names).toEqual({
      component: "main",
      sorts: new Map([
        ["func", new Map([[3, "run"]])],
        ["core module", new Map([[0, "libc"]])],
      ]),
    });
  });

  test("keeps what stands before garbage, and what another section said", () => {
    const bytes = component(section(...title("a"), 0xff, 0xff), section(0x01, 0x7f));
    expect(decodeComponent(bytes).names).toEqual({ component: "a", sorts: new Map() });
  });
});

/** The type alone in a component, which is decoded and not checked. */
function typeDefOf(...bytes: number[]): unknown {
  const [definition] = definitionsOf(component([7, [1, ...bytes]]));
  if (definition?.tag !== "type") throw new Error("no type");
  return definition.type;
}

describe("Binary.md, Type Definitions: the codes", () => {
  test.each([
    [0x7f, "bool"],
    [0x7e, "s8"],
    [0x7d, "u8"],
    [0x7c, "s16"],
    [0x7b, "u16"],
    [0x7a, "s32"],
    [0x79, "u32"],
    [0x78, "s64"],
    [0x77, "u64"],
    [0x76, "f32"],
    [0x75, "f64"],
    [0x74, "char"],
    [0x73, "string"],
    [0x64, "error-context"],
  ] as const)("0x%x is %s, as a definition and inside of one", (byte, type) => {
    expect(typeDefOf(byte)).toEqual({ tag: "prim", type });
    expect(typeDefOf(0x6b, byte)).toEqual({ tag: "option", type: { tag: "prim", type } });
  });

  const u8 = { tag: "prim", type: "u8" } as const;
  const nine = { tag: "index", index: 9 } as const;

  test.each([
    [[0x72, 1, 1, 0x61, 9], { tag: "record", fields: [{ label: "a", type: nine }] }],
    [[0x71, 1, 1, 0x61, 1, 9, 0], { tag: "variant", cases: [{ label: "a", type: nine }] }],
    [[0x71, 1, 1, 0x61, 0, 0], { tag: "variant", cases: [{ label: "a", type: null }] }],
    [[0x70, 9], { tag: "list", type: nine, length: null }],
    [[0x67, 0x7d, 0x80, 0x01], { tag: "list", type: u8, length: 128 }],
    [[0x6f, 2, 9, 0x7d], { tag: "tuple", types: [nine, u8] }],
    [[0x6e, 1, 1, 0x61], { tag: "flags", labels: ["a"] }],
    [[0x6d, 1, 1, 0x61], { tag: "enum", labels: ["a"] }],
    [[0x6a, 1, 9, 0], { tag: "result", ok: nine, error: null }],
    [[0x6a, 0, 1, 9], { tag: "result", ok: null, error: nine }],
    [[0x69, 9], { tag: "own", index: 9 }],
    [[0x68, 9], { tag: "borrow", index: 9 }],
    [[0x66, 1, 9], { tag: "stream", type: nine }],
    [[0x65, 0], { tag: "future", type: null }],
    [[0x63, 0x7d, 9], { tag: "map", key: u8, value: nine }],
    [[0x3f, 0x7f, 1, 4], { tag: "resource", rep: "i32", dtor: 4 }],
    [[0x40, 0, 1, 0], { tag: "func", async: false, params: [], result: null }],
    [[0x43, 0, 0, 9], { tag: "func", async: true, params: [], result: nine }],
  ] as const)("%j", (bytes, type) => {
    expect(typeDefOf(...bytes)).toEqual(type);
  });

  test.each([
    [
      "a list of no type",
      [0x70, 0x40],
      "malformed at 12: invalid leading byte (0x40) for component value type",
    ],
    ["an index below zero", [0x70, 0xff, 0x7f], "malformed at 12: malformed type index"],
    [
      "a case with an immediate",
      [0x71, 1, 1, 0x61, 0, 1],
      "malformed at 16: invalid leading byte (0x1) for zero byte required",
    ],
    [
      "two results",
      [0x40, 0, 1, 2],
      "malformed at 14: invalid leading byte (0x2) for number of results",
    ],
    [
      "an import in an instance type",
      [0x42, 1, 0x03, 0, 1, 0x61, 3, 1],
      "malformed at 13: invalid leading byte (0x3) for component or instance type declaration",
    ],
  ] as const)("%s is malformed", (_, bytes, refusal) => {
    expect(refusedDecoding(component([7, [1, ...bytes]]))).toBe(refusal);
  });
});

/** A canonical definition alone in a component, which is decoded and not checked. */
function canonOf(...bytes: number[]): Canon {
  const [definition] = definitionsOf(component([8, [1, ...bytes]]));
  if (definition?.tag !== "canon") throw new Error("no canonical definition");
  return definition.canon;
}

describe("Binary.md, Canonical Definitions: the codes", () => {
  test.each([
    [[0x02, 7], "resource.new", { type: 7 }],
    [[0x03, 7], "resource.drop", { type: 7 }],
    [[0x04, 7], "resource.rep", { type: 7 }],
    [[0x05], "task.cancel", {}],
    [[0x06, 0], "subtask.cancel", {}],
    [[0x09, 0, 0x79, 0], "task.return", { result: { tag: "prim", type: "u32" } }],
    [[0x0a, 0x7f, 1], "context.get", { core: "i32", slot: 1 }],
    [[0x0b, 0x7e, 0], "context.set", { core: "i64", slot: 0 }],
    [[0x0c, 1], "thread.yield", { cancellable: true }],
    [[0x0d], "subtask.drop", {}],
    [[0x0e, 7], "stream.new", { type: 7 }],
    [[0x0f, 7, 0], "stream.read", { type: 7 }],
    [[0x10, 7, 0], "stream.write", { type: 7 }],
    [[0x11, 7, 0], "stream.cancel-read", { type: 7 }],
    [[0x12, 7, 0], "stream.cancel-write", { type: 7 }],
    [[0x13, 7], "stream.drop-readable", { type: 7 }],
    [[0x14, 7], "stream.drop-writable", { type: 7 }],
    [[0x15, 7], "future.new", { type: 7 }],
    [[0x16, 7, 0], "future.read", { type: 7 }],
    [[0x17, 7, 0], "future.write", { type: 7 }],
    [[0x18, 7, 0], "future.cancel-read", { type: 7 }],
    [[0x19, 7, 0], "future.cancel-write", { type: 7 }],
    [[0x1a, 7], "future.drop-readable", { type: 7 }],
    [[0x1b, 7], "future.drop-writable", { type: 7 }],
    [[0x1c, 0], "error-context.new", {}],
    [[0x1d, 0], "error-context.debug-message", {}],
    [[0x1e], "error-context.drop", {}],
    [[0x1f], "waitable-set.new", {}],
    [[0x22], "waitable-set.drop", {}],
    [[0x23], "waitable.join", {}],
    [[0x24], "backpressure.inc", {}],
    [[0x25], "backpressure.dec", {}],
    [[0x26], "thread.index", {}],
    [[0x27, 3, 4], "thread.new-indirect", { type: 3, table: 4 }],
    [[0x28], "thread.resume-later", {}],
    [[0x29, 0], "thread.suspend", {}],
    [[0x2a, 0], "thread.suspend-then-resume", {}],
    [[0x2b, 0], "thread.yield-then-resume", {}],
    [[0x2c, 0], "thread.suspend-then-promote", {}],
    [[0x2d, 0], "thread.yield-then-promote", {}],
  ] as const)("%j is %s", (bytes, builtin, immediates) => {
    const absent = { type: null, result: null, slot: null, core: null, table: null };
    expect(canonOf(...bytes)).toMatchObject({
      tag: "builtin",
      name: builtin,
      ...absent,
      cancellable: false,
      ...immediates,
    });
  });

  test("immediates that are options are found among the options", () => {
    expect(canonOf(0x06, 1)).toMatchObject({ opts: { async: true } });
    expect(canonOf(0x20, 1, 5)).toMatchObject({ cancellable: true, opts: { memory: 5 } });
    expect(canonOf(0x21, 0, 6)).toMatchObject({ cancellable: false, opts: { memory: 6 } });
  });

  test("every option has its field", () => {
    const opts = [5, 0x02, 0x03, 10, 0x04, 11, 0x06, 0x07, 12];
    expect(canonOf(0x00, 0x00, 9, ...opts, 8)).toEqual({
      tag: "lift",
      func: 9,
      type: 8,
      opts: {
        encoding: "latin1+utf16",
        memory: 10,
        realloc: 11,
        postReturn: null,
        async: true,
        callback: 12,
      },
    });
    expect(canonOf(0x01, 0x00, 9, 1, 0x05, 3)).toMatchObject({
      tag: "lower",
      func: 9,
      opts: { encoding: null, postReturn: 3, async: false },
    });
  });

  test.each([
    [
      "a code that is not given",
      [0x08],
      "malformed at 11: invalid leading byte (0x8) for canonical function",
    ],
    [
      "threads of another proposal",
      [0x42, 0],
      "unsupported at 11: the built-ins of shared-everything-threads are not supported",
    ],
    ["a flag of 2", [0x0c, 2], "malformed at 12: invalid boolean value"],
    [
      "an unknown option",
      [0x01, 0x00, 0, 1, 0x08],
      "malformed at 15: invalid leading byte (0x8) for canonical option",
    ],
    [
      "two memories",
      [0x01, 0x00, 0, 2, 0x03, 0, 0x03, 0],
      "invalid at 17: canonical option `memory` is specified more than once",
    ],
    [
      "two asyncs",
      [0x01, 0x00, 0, 2, 0x06, 0x06],
      "invalid at 16: canonical option `async` is specified more than once",
    ],
    [
      "the same encoding twice",
      [0x01, 0x00, 0, 2, 0x00, 0x00],
      "invalid at 16: canonical encoding option `utf8` conflicts with option `utf8`",
    ],
  ] as const)("%s is refused", (_, bytes, refusal) => {
    expect(refusedDecoding(component([8, [1, ...bytes]]))).toBe(refusal);
  });
});

describe("Binary.md, Import and Export Definitions: names with attributes", () => {
  test("each attribute has its field", () => {
    const attributes = [3, 2, ...nameBytes("id"), 0, ...nameBytes("a:b/c"), 1, ...nameBytes(".1")];
    const bytes = component([10, [1, 2, ...nameBytes("x"), ...attributes, 0x03, 0x01]]);
    expect(definitionsOf(bytes)).toEqual([
      {
        tag: "import",
        name: { name: "x", implements: "a:b/c", versionSuffix: ".1", externalId: "id" },
        type: { tag: "type", bound: { tag: "sub-resource" } },
        offset: 11,
      },
    ]);
  });

  test("an attribute stands there once", () => {
    const attributes = [2, 2, ...nameBytes("a"), 2, ...nameBytes("b")];
    const bytes = component([10, [1, 2, ...nameBytes("x"), ...attributes, 0x03, 0x01]]);
    expect(refusedDecoding(bytes)).toBe("invalid at 18: duplicate 'external-id' option in name");
  });
});

describe("values and start definitions are decoded, and not supported", () => {
  test("a value keeps its bytes", () => {
    const bytes = component([12, [1, 0x79, 4, 1, 2, 3, 4]]);
    expect(definitionsOf(bytes)).toEqual([
      {
        tag: "value",
        type: { tag: "prim", type: "u32" },
        bytes: Uint8Array.of(1, 2, 3, 4),
        offset: 11,
      },
    ]);
    expect(refusedBytes(bytes)).toBe("unsupported at 11: a value definition is not supported");
  });

  test("a start definition is one, not a vector", () => {
    const bytes = component([9, [2, 1, 5, 1]]);
    expect(definitionsOf(bytes)).toEqual([
      { tag: "start", func: 2, args: [5], results: 1, offset: 10 },
    ]);
    expect(refusedBytes(bytes)).toBe("unsupported at 10: a start definition is not supported");
  });
});

/** A definition inside of itself, so many times. */
function nested(depth: number, wrap: (inner: readonly number[]) => readonly number[]) {
  let bytes: readonly number[] = wrap([]);
  for (let i = 1; i < depth; i++) bytes = wrap(bytes);
  return bytes;
}

describe("bounds: hostile bytes are refused before they cost anything", () => {
  const shell = (inner: readonly number[]): readonly number[] =>
    inner.length === 0 ? empty : [...empty, 4, ...leb(inner.length), ...inner];
  const typeIn = (inner: readonly number[]): readonly number[] =>
    inner.length === 0 ? [0x42, 0] : [0x42, 1, 0x01, ...inner];

  test("components lie at most 100 deep in each other", () => {
    expect(refusedDecoding(Uint8Array.from(nested(101, shell)))).toBe(null);
    expect(refusedDecoding(Uint8Array.from(nested(102, shell)))).toMatch(
      /^unsupported at \d+: components lie more than 100 deep$/,
    );
  });

  test("types lie at most 100 deep in each other", () => {
    expect(refusedBytes(component([7, [1, ...nested(100, typeIn)]]))).toBe(null);
    expect(refusedDecoding(component([7, [1, ...nested(101, typeIn)]]))).toMatch(
      /^unsupported at \d+: types lie more than 100 deep in each other$/,
    );
  });

  /** An index where a type stands: bytes from 0x40 on are primitive types. */
  const index = (i: number): readonly number[] => (i < 0x40 ? [i] : [(i % 0x80) | 0x80, i >> 7]);

  /** A type, and types that use the one before them. */
  const chain = (length: number, next: (index: number) => readonly number[]): Uint8Array => {
    const types = Array.from({ length }, (_, i) => next(i)).flat();
    return component([7, [...leb(length + 1), 0x7d, ...types]]);
  };

  test("value types lie at most 100 deep in each other, by index too", () => {
    expect(refusedBytes(chain(99, (i) => [0x70, ...index(i)]))).toBe(null);
    expect(refusedBytes(chain(100, (i) => [0x70, ...index(i)]))).toMatch(
      /^unsupported at \d+: types lie more than 100 deep in each other$/,
    );
  });

  test("types that double are refused when they have more than 100 000 parts", () => {
    const twice = (i: number): readonly number[] => [0x6f, 2, ...index(i), ...index(i)];
    expect(refusedBytes(chain(15, twice))).toBe(null);
    expect(refusedBytes(chain(90, twice))).toMatch(
      /^unsupported at \d+: a type has more than 100000 parts$/,
    );
  });

  test("instance types that double are refused when they are used", () => {
    // each exports the one before it twice, and a resource type: every use makes all of them anew
    const before = (i: number): readonly number[] => [0x02, 0x03, 0x02, 1, ...leb(i)];
    const use = (label: string): readonly number[] => [0x04, 0x00, ...nameBytes(label), 0x05, 0];
    const resource = [0x04, 0x00, ...nameBytes("r"), 0x03, 0x01];
    const types = [0x42, 1, ...resource];
    for (let i = 0; i < 40; i++) types.push(0x42, 3, ...before(i), ...use("a"), ...use("b"));
    expect(refusedBytes(component([7, [41, ...types]]))).toMatch(
      /^unsupported at \d+: types are too large$/,
    );
  });
});
