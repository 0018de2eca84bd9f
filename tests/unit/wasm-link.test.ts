// Linking of core modules: what fits an import, and which numbers instances share with whom.

import { describe, expect, test } from "vitest";
import type { InstanceId, MemoryId } from "../../src/model/ids.ts";
import { instantiateModule, newProgram, newSpace } from "../../src/wasm/link.ts";
import type { CoreSpace, ExternInst, ModuleInst } from "../../src/wasm/program.ts";
import { moduleOf, refusalOf } from "./wasm-harness.ts";

function emptySpace(): CoreSpace {
  let memories = 0;
  return newSpace(0 as InstanceId, newProgram(), () => memories++ as MemoryId);
}

/** An instance of the module in `text`, with the exports of `from` for its imports by name. */
async function instance(space: CoreSpace, text: string, from?: ModuleInst): Promise<ModuleInst> {
  const find = (name: string): ExternInst | null => from?.exports.get(name) ?? null;
  return instantiateModule(space, "i", await moduleOf(text), (imported) => find(imported.name));
}

/** How an import of the type `wanted` refuses an export of `given`; null if it fits. */
async function refusal(given: string, wanted: string): Promise<string | null> {
  const space = emptySpace();
  const from = await instance(space, `(module ${given})`);
  const module = await moduleOf(`(module (import "m" "x" ${wanted}))`);
  return refusalOf(() => {
    instantiateModule(space, "i", module, ({ name }) => from.exports.get(name) ?? null);
  });
}

describe("an import", () => {
  // before the first import: 8 bytes of header, 7 of a section with one type of one value, or none, and 3
  const message = (offset: number, wanted: string, given: string): string =>
    `unlinkable at ${offset}: incompatible import type: "m" "x" ${wanted} is given ${given}`;
  const func = '(func (export "x") (param i32) (result i64) i64.const 0)';
  const table = '(table (export "x") 2 5 funcref)';
  const memory = '(memory (export "x") 2 5)';

  test.each([
    [func, "(func (param i32) (result i64))"],
    [table, "(table 2 5 funcref)"],
    [table, "(table 1 6 funcref)"],
    [table, "(table 0 funcref)"],
    [memory, "(memory 2)"],
    ['(memory (export "x") i64 2)', "(memory i64 1)"],
    ['(global (export "x") (mut i32) (i32.const 0))', "(global (mut i32))"],
    ['(tag (export "x") (param f32))', "(tag (param f32))"],
  ])("%s fits %s", async (given, wanted) => {
    expect(await refusal(given, wanted)).toBe(null);
  });

  test.each([
    [func, "(func (param i32))", 18, "(func (param i32) (result i64))"],
    [table, "(table 3 funcref)", 11, "(table 2 5 funcref)"],
    [table, "(table 2 4 funcref)", 11, "(table 2 5 funcref)"],
    [table, "(table 2 5 externref)", 11, "(table 2 5 funcref)"],
    [memory, "(memory 3)", 11, "(memory 2 5)"],
    [memory, "(memory i64 2)", 11, "(memory 2 5)"],
    ['(memory (export "x") 2)', "(memory 2 5)", 11, "(memory 2)"],
    ['(global (export "x") i32 (i32.const 0))', "(global (mut i32))", 11, "(global i32)"],
    ['(global (export "x") i32 (i32.const 0))', "(global i64)", 11, "(global i32)"],
    ['(tag (export "x") (param f32))', "(tag (param f64))", 18, "(tag (param f32))"],
    [memory, "(global i32)", 11, "(memory 2 5)"],
  ])("%s does not fit %s", async (given, wanted, offset, shown) => {
    expect(await refusal(given, wanted)).toBe(message(offset, wanted, shown));
  });

  test("that nobody gives is unknown", async () => {
    expect(await refusal("", "(memory 1)")).toBe(
      'unlinkable at 11: unknown import "m" "x" (memory 1)',
    );
  });

  test("may be given a memory that has grown since: its size counts now", async () => {
    const module = await moduleOf('(module (import "m" "x" (memory 3)))');
    const grown = (min: bigint): ExternInst => ({
      tag: "memory",
      type: { limits: { address: "i32", min, max: null } },
      memory: 0 as MemoryId,
    });
    expect(refusalOf(() => instantiateModule(emptySpace(), "i", module, () => grown(2n)))).not.toBe(
      null,
    );
    expect(instantiateModule(emptySpace(), "i", module, () => grown(3n)).memories).toEqual([0]);
  });
});

describe("an instance", () => {
  const first = `(module
    (func $f (export "f")) (func (export "g")) (func)
    (table (export "t") 1 funcref) (memory (export "m") 1)
    (global (export "v") i32 (i32.const 0)) (tag (export "e"))
    (elem declare func $f) (data "x") (data "y"))`;
  const second = `(module
    (import "a" "g" (func)) (import "a" "t" (table 0 funcref)) (import "a" "m" (memory 0))
    (import "a" "v" (global i32)) (import "a" "e" (tag))
    (func) (table 1 externref) (memory i64 1) (global i64 (i64.const 0)) (tag (param i32))
    (elem externref) (data "z")
    (export "again" (func 0)) (export "own" (global 1)))`;

  test("has numbers for what it defines, and those of others for what it imports", async () => {
    const space = emptySpace();
    const a = await instance(space, first);
    const b = await instance(space, second, a);
    // three functions and its init; then the imported one, its own and its init
    expect([a.funcs, a.init, b.funcs, b.init]).toEqual([[0, 1, 2], 3, [1, 4], 5]);
    expect([a.tables, a.memories, a.globals, a.tags]).toEqual([[0], [0], [0], [0]]);
    expect([b.tables, b.memories, b.globals, b.tags]).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect([a.firstElement, a.firstData, b.firstElement, b.firstData]).toEqual([0, 0, 1, 2]);
    expect([space.elements, space.datas]).toEqual([2, 3]);
    expect(space.modules).toEqual([a, b]);
  });

  test("exports what is given to it as it was given", async () => {
    const space = emptySpace();
    const a = await instance(space, first);
    const b = await instance(space, second, a);
    expect(b.exports.get("again")).toEqual(a.exports.get("g"));
    expect(b.exports.get("own")).toEqual({
      tag: "global",
      type: { type: "i64", mutable: false },
      index: 1,
    });
  });

  test("calls its functions by the name section, by an export, or by their index", async () => {
    const space = emptySpace();
    const { funcs } = (await instance(space, first)).space.program;
    expect(funcs.map(({ tag, name }) => [tag, name])).toEqual([
      ["wasm", "i.f"],
      ["wasm", "i.g"],
      ["wasm", "i.func[2]"],
      ["init", "i.init"],
    ]);
  });

  test("that cannot be linked leaves the space as it was", async () => {
    const space = emptySpace();
    const module = await moduleOf(second);
    expect(refusalOf(() => instantiateModule(space, "i", module, () => null))).not.toBe(null);
    expect(space).toEqual({ ...emptySpace(), newMemory: expect.any(Function) });
  });
});

describe("sizes beyond what is offered", () => {
  test("are 65537 pages of a memory", async () => {
    const space = emptySpace();
    expect((await instance(space, "(module (memory i64 65536))")).memories).toEqual([0]);
    await expect(instance(space, "(module (memory i64 65537))")).rejects.toThrow(
      "65537 pages of a memory are more than 65536",
    );
  });
  test("are 1048577 pages of all memories", async () => {
    const space = emptySpace();
    await instance(space, `(module ${"(memory 65536)".repeat(16)})`);
    await expect(instance(space, "(module (memory 1))")).rejects.toThrow(
      "1048577 pages of memories are more than 1048576",
    );
  });
  test("are 10000001 entries of all tables", async () => {
    const space = emptySpace();
    await instance(space, "(module (table 4000000 funcref) (table 6000000 funcref))");
    await expect(instance(space, "(module (table 1 funcref))")).rejects.toThrow(
      "10000001 entries of tables are more than 10000000",
    );
  });
  test("are 1000001 definitions of all instances", async () => {
    const space = emptySpace();
    space.program.size = 999_998;
    // a tag and the instance itself
    await instance(space, "(module (tag))");
    expect(space.program.size).toBe(1_000_000);
    await expect(instance(space, "(module)")).rejects.toThrow(
      "1000001 core definitions are more than 1000000",
    );
  });
});
