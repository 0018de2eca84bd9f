// The binary format of core modules: what its sections say, and how bytes that say nothing are refused.

import { describe, expect, test } from "vitest";
import { decodeModule } from "../../src/wasm/decode.ts";
import { binary, funcOf, moduleOf, oneFunc, refusedDecoding } from "./wasm-harness.ts";

const ended = "unexpected end of section or function";

describe("a module", () => {
  test("without sections defines nothing", () => {
    const module = decodeModule(binary());
    expect(module).toMatchObject({ types: [], imports: [], bodies: [], start: null });
  });
  test("may stand within other bytes, and offsets are those of all bytes", () => {
    const bytes = Uint8Array.from([1, 2, 3, ...binary([14]), 4, 5]);
    expect(decodeModule(bytes, 3, 11).bytes).toBe(bytes);
    expect(() => decodeModule(bytes, 3, 13)).toThrow(
      expect.objectContaining({ offset: 11, message: "malformed section id" }),
    );
  });
  test("has the header of version 1", () => {
    expect(refusedDecoding(Uint8Array.of())).toBe(`malformed at 0: ${ended}`);
    expect(refusedDecoding(Uint8Array.of(0, 0x61, 0x73))).toBe(`malformed at 0: ${ended}`);
    expect(refusedDecoding(Uint8Array.of(0, 0x61, 0x73, 0x6e, 1, 0, 0, 0))).toBe(
      "malformed at 0: magic header not detected",
    );
    // the header of a component
    expect(refusedDecoding(Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0))).toBe(
      "malformed at 4: unknown binary version",
    );
  });
  test("has every kind of section", async () => {
    const module = await moduleOf(`(module $m
      (type $f (func (param i32 i64) (result f32 f64)))
      (import "a" "f" (func (type $f)))
      (import "a" "t" (table 1 2 externref))
      (import "a" "m" (memory i64 1 65537))
      (import "a" "g" (global (mut funcref)))
      (import "a" "e" (tag (param i32)))
      (table 3 funcref)
      (memory 4 5)
      (global i32 (i32.const -1))
      (tag (param f64))
      (func $start (local i32 i32 i64))
      (export "start" (func $start)) (export "mem" (memory 1)) (export "tag" (tag 1))
      (start $start)
      (elem (table 1) (i32.const 0) func $start)
      (elem declare func 0)
      (elem externref (ref.null extern))
      (data (memory 1) (i32.const 8) "abc")
      (data "d"))`);
    const type = { params: ["i32", "i64"], results: ["f32", "f64"] };
    expect(module.imports.map((i) => i.type)).toEqual([
      { tag: "func", type },
      {
        tag: "table",
        type: { element: "externref", limits: { address: "i32", min: 1n, max: 2n } },
      },
      { tag: "memory", type: { limits: { address: "i64", min: 1n, max: 65537n } } },
      { tag: "global", type: { type: "funcref", mutable: true } },
      { tag: "tag", type: { params: ["i32"], results: [] } },
    ]);
    expect(module.tables).toEqual([
      {
        type: { element: "funcref", limits: { address: "i32", min: 3n, max: null } },
        init: null,
      },
    ]);
    expect(module.memories).toEqual([{ limits: { address: "i32", min: 4n, max: 5n } }]);
    expect(module.globals.map((g) => g.type)).toEqual([{ type: "i32", mutable: false }]);
    expect(module.tags.map((t) => module.types[t])).toEqual([{ params: ["f64"], results: [] }]);
    expect(module.exports).toEqual([
      { name: "start", kind: "func", index: 1 },
      { name: "mem", kind: "memory", index: 1 },
      { name: "tag", kind: "tag", index: 1 },
    ]);
    expect(module.start).toBe(1);
    expect(module.bodies.map((b) => b.locals)).toEqual([
      [
        { count: 2, type: "i32" },
        { count: 1, type: "i64" },
      ],
    ]);
    expect(module.elements.map((e) => [e.type, e.mode.tag, e.items.tag])).toEqual([
      ["funcref", "active", "funcs"],
      ["funcref", "declarative", "funcs"],
      ["externref", "passive", "exprs"],
    ]);
    expect(module.datas.map((d) => [d.mode.tag, ...module.bytes.subarray(d.start, d.end)])).toEqual(
      [
        ["active", 0x61, 0x62, 0x63],
        ["passive", 0x64],
      ],
    );
    expect(module.names).toEqual({ module: "m", funcs: new Map([[1, "start"]]) });
  });
  test("says where each expression stands, with its last end", () => {
    // header 8, type section 6, function section 4, code section: id, size, count, size, no locals
    const module = decodeModule(funcOf(0x01, 0x02, 0x40, 0x0b, 0x0b));
    expect(module.bodies).toEqual([{ locals: [], code: { start: 23, end: 28 } }]);
  });
});

describe("sections", () => {
  test("come in one order, each at most once", () => {
    const memory = [5, 1, 0, 0] as const;
    const table = [4, 1, 0x70, 0, 0] as const;
    expect(refusedDecoding(binary(table, memory))).toBe(null);
    const message = "unexpected content after last section";
    expect(refusedDecoding(binary(memory, table))).toBe(`malformed at 13: ${message}`);
    expect(refusedDecoding(binary(memory, memory))).toBe(`malformed at 13: ${message}`);
  });
  test("have an order that is not that of their numbers for tags and the data count", () => {
    const tags = [13, 1, 0, 0] as const;
    const globals = [6, 0] as const;
    const datas = [11, 0] as const;
    const count = [12, 0] as const;
    const types = [1, 1, 0x60, 0, 0] as const;
    expect(refusedDecoding(binary(types, tags, globals, count, datas))).toBe(null);
    expect(refusedDecoding(binary(types, globals, tags))).not.toBe(null);
    expect(refusedDecoding(binary(datas, count))).not.toBe(null);
  });
  test("are as long as they say", () => {
    expect(refusedDecoding(binary([5, 1, 0, 0, 0]))).toBe("malformed at 13: section size mismatch");
    expect(refusedDecoding(Uint8Array.from([...binary(), 5, 1, 0]))).toBe(null);
    expect(refusedDecoding(Uint8Array.from([...binary(), 5, 2, 0]))).toBe(
      "malformed at 9: length out of bounds",
    );
  });
  test("of functions and of code, of data and their count, agree in length", () => {
    expect(refusedDecoding(binary(...oneFunc))).toBe(
      "malformed at 18: function and code section have inconsistent lengths",
    );
    expect(refusedDecoding(binary([12, 1]))).toBe(
      "malformed at 11: data count and data section have inconsistent lengths",
    );
  });
  test("that are custom may stand anywhere, but need a name", () => {
    expect(refusedDecoding(binary([0, 1, 0x61, 9, 9], [5, 1, 0, 0], [0, 0]))).toBe(null);
    expect(refusedDecoding(binary([0, 1, 0xff]))).toBe("malformed at 11: malformed UTF-8 encoding");
    // a name that is longer than its section
    expect(refusedDecoding(binary([0, 2, 0x61], [0, 0]))).toBe(`malformed at 13: ${ended}`);
  });
  test("cannot claim more elements than there are bytes", () => {
    // 2^32 - 1 functions
    expect(refusedDecoding(binary([3, 0xff, 0xff, 0xff, 0xff, 0x0f]))).toBe(
      `malformed at 15: ${ended}`,
    );
  });
});

describe("integers", () => {
  const min = (...leb: number[]): string | null => refusedDecoding(binary([3, ...leb]));
  test("have at most the bytes that their width needs", () => {
    expect(min(0x80, 0x80, 0x80, 0x80, 0x00)).toBe(null);
    expect(min(0x80, 0x80, 0x80, 0x80, 0x80, 0x00)).toBe(
      "malformed at 15: integer representation too long",
    );
  });
  test("have no bits beyond their width", () => {
    expect(min(0x80, 0x80, 0x80, 0x80, 0x10)).toBe("malformed at 14: integer too large");
  });
  test("with a sign repeat it in the bits that are not used", () => {
    const constant = (...leb: number[]): string | null =>
      refusedDecoding(funcOf(0x41, ...leb, 0x1a, 0x0b));
    expect(constant(0xff, 0xff, 0xff, 0xff, 0x7f)).toBe(null);
    expect(constant(0x80, 0x80, 0x80, 0x80, 0x78)).toBe(null);
    expect(constant(0xff, 0xff, 0xff, 0xff, 0x0f)).toBe("malformed at 28: integer too large");
    expect(constant(0x80, 0x80, 0x80, 0x80, 0x70)).toBe("malformed at 28: integer too large");
  });
});

describe("expressions", () => {
  test("end where their last block does", () => {
    expect(refusedDecoding(funcOf(0x02, 0x40, 0x0b))).toBe(`malformed at 26: ${ended}`);
    expect(refusedDecoding(funcOf(0x0b, 0x0b))).toBe("malformed at 24: section size mismatch");
  });
  test("have one else in an if, and none elsewhere", () => {
    const message = "END opcode expected";
    expect(refusedDecoding(funcOf(0x04, 0x40, 0x05, 0x0b, 0x0b))).toBe(null);
    expect(refusedDecoding(funcOf(0x04, 0x40, 0x05, 0x05, 0x0b, 0x0b))).toBe(
      `malformed at 26: ${message}`,
    );
    expect(refusedDecoding(funcOf(0x02, 0x40, 0x05, 0x0b, 0x0b))).toBe(
      `malformed at 25: ${message}`,
    );
  });
  test("may be nested as deep as there are bytes", () => {
    const depth = 100_000;
    const body = [...Array(depth).fill([0x02, 0x40]).flat(), ...Array(depth + 1).fill(0x0b)];
    const leb = (n: number): number[] => [(n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14];
    const code = [1, ...leb(body.length + 1), 0, ...body];
    const bytes = [...binary(...oneFunc), 10, ...leb(code.length), ...code];
    const module = decodeModule(Uint8Array.from(bytes));
    expect(module.bodies[0]?.code).toEqual({ start: 27, end: 27 + 3 * depth + 1 });
  });
  test("have no instructions that do not exist", () => {
    expect(refusedDecoding(funcOf(0xff, 0x0b))).toBe("malformed at 23: illegal opcode ff");
    expect(refusedDecoding(funcOf(0xfc, 0x7f, 0x0b))).toBe("malformed at 23: illegal opcode fc 7f");
  });
  test("need a data count if they name data", () => {
    expect(refusedDecoding(funcOf(0xfc, 0x09, 0, 0x0b))).toBe(
      "malformed at 23: data count section required",
    );
  });
  test("give a memory with the sixth bit of the alignment, and nothing with the seventh", () => {
    expect(refusedDecoding(funcOf(0x28, 0x42, 0x01, 0x00, 0x0b))).toBe(null);
    expect(refusedDecoding(funcOf(0x28, 0x80, 0x01, 0x00, 0x0b))).toBe(
      "malformed at 24: malformed memop flags",
    );
  });
});

describe("what is not offered", () => {
  test.each([
    ["an instruction of SIMD", [0xfd, 0x0c], "SIMD"],
    ["an atomic instruction", [0xfe, 0x10], "threads"],
    ["an instruction on structures", [0xfb, 0x00], "garbage collection"],
    ["call_ref", [0x14, 0x00], "typed function references"],
    ["try of the first exception handling", [0x06, 0x40], "legacy exception handling"],
    ["cont.new", [0xe0, 0x00], "stack switching"],
    ["i64.add128", [0xfc, 0x13], "wide arithmetic"],
  ] as const)("names the feature of %s", (_, code, feature) => {
    expect(refusedDecoding(funcOf(...code, 0x0b))).toBe(
      `unsupported at 23: instructions of ${feature} are not supported`,
    );
  });
  test.each([
    ["v128", [0x60, 1, 0x7b, 0], "at 13: types of SIMD"],
    ["anyref", [0x60, 1, 0x6e, 0], "at 13: types of garbage collection"],
    ["a struct type", [0x5f, 0], "at 11: types of garbage collection"],
    ["(ref null 0)", [0x60, 1, 0x63, 0], "at 13: types of typed function references"],
  ] as const)("names the feature of %s", (_, type, message) => {
    expect(refusedDecoding(binary([1, 1, ...type]))).toBe(
      `unsupported ${message} are not supported`,
    );
  });
  test("are memories that are shared", () => {
    expect(refusedDecoding(binary([5, 1, 3, 1, 1]))).toBe(
      "unsupported at 11: shared memories and tables are not supported",
    );
  });
  test("are more locals than 50000, and more than 2^32 are none", () => {
    const locals = (...leb: number[]): string | null =>
      refusedDecoding(binary(...oneFunc, [10, 1, leb.length + 3, 1, ...leb, 0x7f, 0x0b]));
    expect(locals(0xd0, 0x86, 0x03)).toBe(null);
    expect(locals(0xd1, 0x86, 0x03)).toBe("unsupported at 22: 50001 locals are more than 50000");
    expect(
      refusedDecoding(
        binary(...oneFunc, [10, 1, 10, 2, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x7f, 1, 0x7e, 0x0b]),
      ),
    ).toBe("malformed at 22: too many locals");
  });
  test("are function types of more than 1000 parameters", () => {
    const params = (n: number): string | null => {
      const count = [(n & 0x7f) | 0x80, n >> 7];
      const type = [1, 0x60, ...count, ...Array<number>(n).fill(0x7f), 0];
      const size = [(type.length & 0x7f) | 0x80, type.length >> 7];
      return refusedDecoding(Uint8Array.from([...binary(), 1, ...size, ...type]));
    };
    expect(params(1000)).toBe(null);
    expect(params(1001)).toBe("unsupported at 13: 1001 parameters or results are more than 1000");
  });
});

describe("the name section", () => {
  const name = [4, 0x6e, 0x61, 0x6d, 0x65] as const;
  test("is never wrong: what comes before the error counts", () => {
    // a module's name "m", then a function's name that is cut off
    const bytes = binary([0, ...name, 0, 2, 1, 0x6d, 1, 6, 2, 0, 1, 0x66, 1, 9]);
    expect(decodeModule(bytes).names).toEqual({ module: "m", funcs: new Map([[0, "f"]]) });
  });
  test("may have parts that nobody knows", () => {
    const bytes = binary([0, ...name, 99, 1, 7, 1, 4, 1, 3, 1, 0x67]);
    expect(decodeModule(bytes).names).toEqual({ module: null, funcs: new Map([[3, "g"]]) });
  });
});
