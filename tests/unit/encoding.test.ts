// Encodings: what is written, its hash, and that every rule's frame can be written.

import { describe, expect, test } from "vitest";
import type { Guest } from "../../src/canon/machine.ts";
import { rules } from "../../src/canon/rules.ts";
import { editStore } from "../../src/model/edit.ts";
import { newMemory, writeBytes } from "../../src/model/memory.ts";
import type { Memory, Store } from "../../src/model/store.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { DataWriter } from "../../src/scheduler/encoding/data.ts";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { frameTags } from "../../src/scheduler/encoding/frames.ts";
import { storeEncoder } from "../../src/scheduler/encoding/store.ts";
import type { System } from "../../src/scheduler/machine.ts";

const text = `
scenario "one call"
component A { export f: func() {} }
run A.f
`;

function systemFor(source: string): System {
  const [scenario] = checkedScenarios(source, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return systemOf(scenario, parseRevision("d1daf829"));
}

const system = systemFor(text);

/** The integers of some data. */
function written(value: unknown, out = new Encoding()): readonly number[] {
  const w = new DataWriter();
  out.clear();
  w.begin(out, system.initial.entities);
  w.data(value);
  return [...out.ints.subarray(0, out.length)];
}

describe("plain data", () => {
  test("is written so that no two values are alike", () => {
    const values = [
      ...[null, undefined, false, true, 0, -0, 1, -1, 0.5, Number.NaN, 2 ** 31, 2 ** 53, 0n, 1n],
      ...["", "0", "null", [], [0], [[]], [0, 0], [[0], 0], {}, { a: 0 }, { b: 0 }, { a: 0, b: 0 }],
      ...[new Uint8Array(1), new Uint8Array(2), Uint8Array.of(1), { tag: "end" }, { tag: "rep" }],
    ];
    for (const exact of [false, true]) {
      const out = new Encoding(exact);
      const texts = values.map((value) => written(value, out).join());
      expect(new Set(texts).size).toBe(31);
    }
  });

  test("is written the same wherever it is: every NaN is one, and texts have no order", () => {
    const payload = new Float64Array(Uint32Array.of(1, 0x7ff8_0000).buffer)[0];
    expect(written(payload)).toEqual(written(Number.NaN));
    const out = new Encoding();
    out.text("before");
    expect(out.textKey("after")).toEqual(new Encoding().textKey("after"));
  });

  test("refers to ends by number, and to one that is gone by -1", () => {
    expect(written({ tag: "end", waitable: 3 })).toEqual([12, -1]);
  });
});

function withMemory(memory: Memory): Store {
  const { entities } = system.initial;
  return { ...system.initial, entities: { ...entities, memory: [memory] } };
}

function key(store: Store, exact = false, of: System = system): string {
  const out = new Encoding(exact);
  storeEncoder(of, { dead: true }).encode(store, out);
  return out.ints.subarray(0, out.length).join();
}

function memoryWith(ptr: number, bytes: readonly number[]): Memory {
  const memory = newMemory("i32", 65_536);
  writeBytes(memory, ptr, Uint8Array.from(bytes));
  return memory;
}

describe.each([false, true])("memory (exact: %s)", (exact) => {
  test("counts up to the last byte that is not 0; a page of zeros is no page", () => {
    const zeros = key(withMemory(newMemory("i32", 65_536)), exact);
    expect(key(withMemory(memoryWith(40_000, [0, 0, 0])), exact)).toBe(zeros);
    const one = key(withMemory(memoryWith(40_000, [1])), exact);
    expect(key(withMemory(memoryWith(40_000, [1, 0])), exact)).toBe(one);
    const keys = [
      ...[zeros, one, key(withMemory(memoryWith(40_001, [1])), exact)],
      ...[
        key(withMemory(memoryWith(0, [1])), exact),
        key(withMemory(newMemory("i32", 65_535)), exact),
      ],
    ];
    expect(new Set(keys).size).toBe(5);
  });
});

describe("frames", () => {
  test("of every rule can be written", () => {
    expect([...frameTags].sort()).toEqual(Object.keys(rules).sort());
  });

  test("of an unknown rule cannot", () => {
    const edit = editStore(system.initial);
    const [id] = edit.ids("thread");
    if (id === undefined) throw new Error("a system has a thread");
    edit.edit("thread", id).frames = [{ tag: "no-such-rule" }];
    expect(() => key(edit.done())).toThrow("no encoding of a frame no-such-rule");
  });

  test("of a guest without a say count with all of their state", () => {
    const plain: Guest = { ...(system.guests.script as Guest) };
    delete plain.encode;
    const guests = { script: plain };
    const changed = structuredClone(system.initial) as unknown as {
      entities: { thread: { frames: { state: { temp: unknown } }[] }[] };
    };
    const [, guest] = changed.entities.thread[0]?.frames ?? [];
    if (guest === undefined) throw new Error("a root calls its function");
    guest.state.temp = 5;
    const other = { ...system, guests };
    expect(key(changed as unknown as Store, false, other)).not.toBe(
      key(system.initial, false, other),
    );
  });
});

describe("the hash", () => {
  const total = 2_000_000;

  /** Encodings as near to each other as those of stores: 48 integers, two of them count. */
  function* keys(): Generator<readonly [number, number]> {
    const out = new Encoding();
    const into = { hi: 0, lo: 0 };
    for (let i = 0; i < 48; i++) out.push(i % 5);
    const side = Math.sqrt(total / 2);
    for (const [x, y] of [
      [0, 1],
      [7, 40],
    ] as const) {
      for (let a = 0; a < side; a++) {
        out.ints[x] = a;
        for (let b = 0; b < side; b++) {
          out.ints[y] = b;
          out.hash(into);
          yield [into.hi, into.lo];
        }
      }
      out.ints[x] = x % 5;
      out.ints[y] = y % 5;
    }
  }

  /** How often a value comes after an equal one. */
  function repeats(sorted: ArrayLike<number | bigint>): number {
    let count = 0;
    for (let i = 1; i < sorted.length; i++) if (sorted[i] === sorted[i - 1]) count += 1;
    return count;
  }

  test("of two million near-equal encodings has no collision in 64 bits, and in 32 bits as many as chance", () => {
    const all = new Int32Array(2 * total);
    let n = 0;
    for (const [hi, lo] of keys()) {
      all[2 * n] = hi;
      all[2 * n + 1] = lo;
      n += 1;
    }
    expect(n).toBe(total);
    // the encodings with `a` and `b` as they are without a change are in both halves: 5 * 5 values of
    // which one is the same; expected by chance: total^2 / 2^65 = 1.1e-7
    expect(repeats(new BigInt64Array(all.buffer).sort())).toBe(1);
    // total^2 / 2^33 = 465.7 with a standard deviation of 21.6; five of them either way
    for (const half of [0, 1]) {
      const halves = all.filter((_, i) => i % 2 === half).sort();
      expect(Math.abs(repeats(halves) - 466)).toBeLessThan(108);
    }
  });
});
