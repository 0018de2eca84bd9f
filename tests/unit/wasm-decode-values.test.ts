// The binary format in the small: integers, names, types and the immediates of instructions.

import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/wasm/decode.ts";
import {
  blockType,
  type Instruction,
  newInstruction,
  readInstruction,
} from "../../src/wasm/decode-instruction.ts";
import type { CoreFuncType } from "../../src/wasm/module.ts";
import {
  newReader,
  type Reader,
  readBigU64,
  readName,
  readS32,
  readS33,
  readS64,
  readU32,
} from "../../src/wasm/reader.ts";
import { binary, funcOf, refusalOf, refusedDecoding } from "./wasm-harness.ts";

function readerOf(bytes: readonly number[]): Reader {
  return newReader(Uint8Array.from(bytes));
}

function readBigS64(r: Reader): bigint {
  readS64(r);
  return BigInt.asIntN(64, (BigInt(r.high) << 32n) | BigInt(r.low >>> 0));
}

/** LEB128 as the core specification defines it, of as many bytes as there are. */
function leb(value: bigint, length: number): number[] {
  return Array.from({ length }, (_, i) => {
    const bits = Number((value >> BigInt(7 * i)) & 0x7fn);
    return i < length - 1 ? bits | 0x80 : bits;
  });
}

describe("integers", () => {
  const most = { u32: 5, s32: 5, s33: 5, s64: 10, u64: 10 } as const;
  const read = {
    u32: (r: Reader) => BigInt(readU32(r)),
    s32: (r: Reader) => BigInt(readS32(r)),
    s33: (r: Reader) => BigInt(readS33(r)),
    s64: readBigS64,
    u64: readBigU64,
  } as const;
  const bounds = {
    u32: [0n, 2n ** 32n - 1n],
    s32: [-(2n ** 31n), 2n ** 31n - 1n],
    s33: [-(2n ** 32n), 2n ** 32n - 1n],
    s64: [-(2n ** 63n), 2n ** 63n - 1n],
    u64: [0n, 2n ** 64n - 1n],
  } as const;

  describe.each(["u32", "s32", "s33", "s64", "u64"] as const)("%s", (type) => {
    const [least, greatest] = bounds[type];
    // every bit by itself, and all below it, with either sign
    const powers = Array.from({ length: 65 }, (_, i) => 2n ** BigInt(i));
    const values = powers.flatMap((p) => [p, p - 1n, -p, 1n - p]);

    test("have the value that their bits say, in as many bytes as there may be", () => {
      for (const value of values.filter((v) => v >= least && v <= greatest)) {
        const r = readerOf(leb(value, most[type]));
        expect(read[type](r)).toBe(value);
        expect(r.at).toBe(most[type]);
      }
    });
    test("have no value beyond their width", () => {
      for (const value of [least - 1n, greatest + 1n]) {
        expect(refusalOf(() => read[type](readerOf(leb(value, most[type]))))).toBe(
          `malformed at ${most[type] - 1}: integer too large`,
        );
      }
    });
    test("end within their bytes, and within the bytes that there are", () => {
      expect(refusalOf(() => read[type](readerOf(leb(0n, most[type] + 1))))).toBe(
        `malformed at ${most[type]}: integer representation too long`,
      );
      expect(refusalOf(() => read[type](readerOf([0x80, 0x80])))).toBe(
        "malformed at 2: unexpected end of section or function",
      );
    });
    test("may be one byte", () => {
      expect(read[type](readerOf([0x3f]))).toBe(63n);
      // the sixth bit is the sign of those that have one
      expect(read[type](readerOf([0x41]))).toBe(least < 0n ? -63n : 65n);
    });
  });
});

describe("names", () => {
  test("are strict UTF-8", () => {
    expect(readName(readerOf([5, 0x61, 0xe2, 0x82, 0xac, 0x62]))).toBe("a€b");
    // an overlong "/", a surrogate, and half a character
    for (const bytes of [
      [2, 0xc0, 0xaf],
      [3, 0xed, 0xa0, 0x80],
      [2, 0xe2, 0x82],
    ]) {
      expect(refusalOf(() => readName(readerOf(bytes)))).toBe(
        "malformed at 1: malformed UTF-8 encoding",
      );
    }
  });
  test("are not longer than what is left", () => {
    expect(refusalOf(() => readName(readerOf([3, 0x61, 0x62])))).toBe(
      "malformed at 0: length out of bounds",
    );
  });
});

describe("types", () => {
  const type = (...bytes: number[]): string | null => refusedDecoding(binary([1, 1, ...bytes]));
  test("have one byte each", () => {
    expect(type(0x60, 7, 0x7f, 0x7e, 0x7d, 0x7c, 0x70, 0x6f, 0x69, 0)).toBe(null);
    expect(type(0x60, 1, 0x40, 0)).toBe("malformed at 13: malformed value type");
    expect(type(0x61, 0, 0)).toBe("malformed at 11: malformed function type");
    // -0x20 in two bytes instead of one
    expect(type(0xe0, 0x7f, 0, 0)).toBe("malformed at 11: integer representation too long");
  });
  test("of globals are mutable or not", () => {
    const global = (mutable: number): string | null =>
      refusedDecoding(binary([6, 1, 0x7f, mutable, 0x41, 0, 0x0b]));
    expect([global(0), global(1)]).toEqual([null, null]);
    expect(global(2)).toBe("malformed at 12: malformed mutability");
  });
  test("of tables hold references", () => {
    expect(refusedDecoding(binary([4, 1, 0x7f, 0, 0]))).toBe(
      "malformed at 11: malformed reference type",
    );
  });
  test("of memories have limits with flags", () => {
    const memory = (...limits: number[]): string | null =>
      refusedDecoding(binary([5, 1, ...limits]));
    expect([memory(0, 1), memory(1, 1, 2), memory(4, 1), memory(5, 1, 2)]).toEqual([
      null,
      null,
      null,
      null,
    ]);
    expect(memory(8, 1)).toBe("malformed at 11: malformed limits flags");
    const module = decodeModule(binary([5, 1, 5, 1, ...leb(2n ** 48n, 7)]));
    expect(module.memories).toEqual([{ limits: { address: "i64", min: 1n, max: 2n ** 48n } }]);
  });
  test("of tags have an attribute of zero", () => {
    const types = [1, 1, 0x60, 0, 0] as const;
    expect(refusedDecoding(binary(types, [13, 1, 0, 0]))).toBe(null);
    expect(refusedDecoding(binary(types, [13, 1, 1, 0]))).toBe(
      "malformed at 17: malformed tag attribute",
    );
  });
  test("of imports are of five kinds", () => {
    expect(refusedDecoding(binary([2, 1, 0, 0, 5, 0]))).toBe(
      "malformed at 13: malformed import kind",
    );
    expect(refusedDecoding(binary([7, 1, 0, 5, 0]))).toBe("malformed at 12: malformed export kind");
    // a function's type has to exist
    expect(refusedDecoding(binary([2, 1, 0, 0, 0, 3]))).toBe("invalid at 14: unknown type 3");
  });
});

describe("segments", () => {
  const offset = [0x41, 0, 0x0b] as const;
  const nulls = [1, 0xd0, 0x70, 0x0b] as const;
  test.each([
    ["active, functions", [0, ...offset, 1, 0], "active funcref funcs"],
    ["passive, functions", [1, 0, 1, 0], "passive funcref funcs"],
    ["active with a table, functions", [2, 0, ...offset, 0, 1, 0], "active funcref funcs"],
    ["declarative, functions", [3, 0, 1, 0], "declarative funcref funcs"],
    ["active, expressions", [4, ...offset, ...nulls], "active funcref exprs"],
    ["passive, expressions", [5, 0x6f, ...nulls], "passive externref exprs"],
    [
      "active with a table, expressions",
      [6, 0, ...offset, 0x6f, ...nulls],
      "active externref exprs",
    ],
    ["declarative, expressions", [7, 0x70, ...nulls], "declarative funcref exprs"],
  ] as const)("of elements: %s", (_, bytes, expected) => {
    const { elements } = decodeModule(binary([9, 1, ...bytes]));
    expect(elements.map((e) => `${e.mode.tag} ${e.type} ${e.items.tag}`)).toEqual([expected]);
  });
  test("of elements have eight forms, and one kind of elements", () => {
    expect(refusedDecoding(binary([9, 1, 8, 0]))).toBe(
      "malformed at 11: malformed elements segment kind",
    );
    expect(refusedDecoding(binary([9, 1, 1, 1, 0]))).toBe(
      "malformed at 12: malformed element kind",
    );
  });
  test("of data have three forms", () => {
    const { datas } = decodeModule(
      binary([11, 3, 0, ...offset, 1, 0x61, 1, 1, 0x62, 2, 9, ...offset, 1, 0x63]),
    );
    expect(datas.map(({ mode }) => (mode.tag === "active" ? mode.index : mode.tag))).toEqual([
      0,
      "passive",
      9,
    ]);
    expect(refusedDecoding(binary([11, 1, 3, 0]))).toBe(
      "malformed at 11: malformed data segment kind",
    );
  });
});

describe("an instruction", () => {
  /** The first instruction of these bytes, which it takes all of. */
  function read(...bytes: number[]): Instruction {
    const r = readerOf(bytes);
    const instruction = newInstruction();
    readInstruction(r, instruction);
    expect(r.at).toBe(bytes.length);
    return instruction;
  }
  const typeOf = (types: readonly CoreFuncType[], ...bytes: number[]): CoreFuncType | undefined =>
    blockType(types, read(0x02, ...bytes).index);

  test("with a block has a short type or an index", () => {
    const types = Array.from({ length: 65 }, (_, i) => ({
      params: Array<"i32">(i).fill("i32"),
      results: [],
    }));
    expect(typeOf(types, 0x40)).toEqual({ params: [], results: [] });
    expect(typeOf(types, 0x7c)).toEqual({ params: [], results: ["f64"] });
    expect(typeOf(types, 0x69)).toEqual({ params: [], results: ["exnref"] });
    expect(typeOf(types, 0)).toBe(types[0]);
    // 64 needs a second byte: the first would be the empty type
    expect(typeOf(types, 0xc0, 0)).toBe(types[64]);
    expect(typeOf(types, 0xc1, 0)).toBe(undefined);
    expect(refusalOf(() => read(0x02, 0xff, 0x7f))).toBe("malformed at 1: malformed block type");
  });
  test("of memory has an alignment, a memory and an offset", () => {
    expect(read(0x29, 3, 8)).toMatchObject({ align: 3, index: 0, low: 8, high: 0 });
    expect(read(0x29, 0x43, 7, 0x80, 0x80, 0x80, 0x80, 0x10)).toMatchObject({
      align: 3,
      index: 7,
      low: 0,
      high: 1,
    });
  });
  test("that is constant has bits", () => {
    expect(read(0x41, 0x7f).low).toBe(-1);
    expect(read(0x42, 0x7e)).toMatchObject({ low: -2, high: -1 });
    expect(read(0x43, 0, 0, 0x80, 0xbf).low).toBe(-0x40800000);
    expect(read(0x44, 1, 2, 3, 4, 5, 6, 7, 8)).toMatchObject({ low: 0x04030201, high: 0x08070605 });
  });
  test("br_table has labels, the default last", () => {
    expect(read(0x0e, 2, 5, 6, 7).labels).toEqual([5, 6, 7]);
    expect(read(0x0e, 0, 1).labels).toEqual([1]);
  });
  test("try_table has clauses of four kinds", () => {
    expect(read(0x1f, 0x40, 4, 0, 9, 1, 1, 8, 2, 2, 3, 3, 4).catches).toEqual([
      { kind: "catch", tag: 9, label: 1 },
      { kind: "catch_ref", tag: 8, label: 2 },
      { kind: "catch_all", tag: null, label: 3 },
      { kind: "catch_all_ref", tag: null, label: 4 },
    ]);
    expect(refusalOf(() => read(0x1f, 0x40, 1, 4, 0))).toBe(
      "malformed at 3: malformed catch clause",
    );
  });
  test("with two indices has them in the order of the bytes", () => {
    // memory.copy to memory 1 from 2; call_indirect of type 3 through table 4; table.init of segment 5
    expect(read(0xfc, 10, 1, 2)).toMatchObject({ index: 1, second: 2 });
    expect(read(0x11, 3, 4)).toMatchObject({ index: 3, second: 4 });
    expect(read(0xfc, 12, 5, 6)).toMatchObject({ index: 5, second: 6 });
  });
  test("with types has them", () => {
    expect(read(0x1c, 2, 0x7f, 0x6f).types).toEqual(["i32", "externref"]);
    expect(read(0xd0, 0x6f).ref).toBe("externref");
    expect(refusedDecoding(funcOf(0xd0, 0, 0x1a, 0x0b))).toBe(
      "unsupported at 24: typed function references are not supported",
    );
  });
});
