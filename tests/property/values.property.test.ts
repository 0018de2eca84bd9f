// Laws of lifting and lowering, for every type, encoding and address size.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bulkElements, bulkOf, isBulk } from "../../src/canon/values/bulk.ts";
import { checkType } from "../../src/canon/values/check.ts";
import { flatLength, flattenType } from "../../src/canon/values/flatten.ts";
import { alignment, elemSize } from "../../src/canon/values/layout.ts";
import { coreValueIter, liftFlat } from "../../src/canon/values/lift.ts";
import { load } from "../../src/canon/values/load.ts";
import { lowerFlatNow, storeNow } from "../../src/canon/values/lower.ts";
import { stringValue } from "../../src/canon/values/strings.ts";
import { despecialize, isNumberTag, needsRealloc, sameType } from "../../src/canon/values/types.ts";
import { decodeUtf8, decodeUtf16, encodeUtf8, encodeUtf16 } from "../../src/canon/values/utf.ts";
import type { CoreType, StringEncoding, ValType } from "../../src/model/types.ts";
import type { CoreValue, NumberTag, Value } from "../../src/model/values.ts";
import type { Env, Realloc } from "../unit/values-harness.ts";
import {
  bytesAt,
  liftAll,
  lowerAll,
  moving,
  poke,
  setup,
  storeAt,
} from "../unit/values-harness.ts";
import {
  anyAddress,
  anyEncoding,
  anyText,
  anyType,
  anyTyped,
  anyValue,
} from "./arbitraries/values.ts";

const length = 2 ** 20;

function listed(vs: readonly Value[], t: ValType, encoding: StringEncoding): Value {
  if (isNumberTag(t.tag)) return bulkOf(t.tag, vs);
  return vs.map((v) => arrived(v, t, encoding));
}

function fields(vs: readonly Value[], ts: readonly ValType[], encoding: StringEncoding): Value[] {
  return vs.map((v, i) => arrived(v, ts[i]!, encoding));
}

/** A value as it comes out of a memory with this encoding: strings forget where they came from. */
function arrived(v: Value, t: ValType, encoding: StringEncoding): Value {
  if (typeof v !== "object" || isBulk(v)) return v;
  const u = despecialize(t);
  if (!("tag" in v)) {
    if (u.tag === "list") return listed(v, u.t, encoding);
    return fields(v, u.tag === "record" ? u.fields.map((f) => f.t) : [], encoding);
  }
  if (v.tag === "string") return stringValue(v.s, encoding);
  if (v.tag === "case" && v.value !== null && u.tag === "variant") {
    const payload = u.cases.find((k) => k.label === v.label)?.t;
    return { ...v, value: arrived(v.value, payload!, encoding) };
  }
  if (v.tag === "record" && u.tag === "record") {
    const entries = u.fields.map((f) => [f.label, arrived(v.fields[f.label]!, f.t, encoding)]);
    return { ...v, fields: Object.fromEntries(entries) };
  }
  return v;
}

function isCore(v: CoreValue, t: CoreType): boolean {
  if (t === "i64") return typeof v === "bigint" && v >= 0n && v < 2n ** 64n;
  if (t === "i32") return Number.isInteger(v) && Number(v) >= 0 && Number(v) < 2 ** 32;
  return typeof v === "number";
}

describe("round trips", () => {
  test("lift after lower is the identity, flat or through memory", () => {
    fc.assert(
      fc.property(
        anyTyped,
        anyAddress,
        anyEncoding,
        fc.integer({ min: 0, max: 16 }),
        (typed, address, encoding, maxFlat) => {
          const { t, v } = typed;
          const env = setup({ address, encoding, handles: "raw", length });
          const flat = lowerAll(env, [v], [t], maxFlat);
          expect(liftAll(env, flat, [t], maxFlat)).toEqual([arrived(v, t, encoding)]);
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("load after store is the identity, and nothing else is touched", () => {
    fc.assert(
      fc.property(
        anyTyped,
        anyAddress,
        anyEncoding,
        fc.integer({ min: 1, max: 9 }),
        ({ t, v }, address, encoding, at) => {
          const env = setup({ address, encoding, handles: "raw", length });
          const size = elemSize(t, address);
          const ptr = alignment(t, address) * at;
          env.next = ptr + size + 8;
          poke(env, 0, new Uint8Array(ptr + size + 8).fill(0x5a));
          storeAt(env, v, t, ptr);
          expect(load(env.c, env.cx, ptr, t)).toEqual(arrived(v, t, encoding));
          expect([...bytesAt(env, 0, ptr), ...bytesAt(env, ptr + size, 8)]).toEqual(
            new Array(ptr + 8).fill(0x5a),
          );
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("a value survives any chain of memories", () => {
    fc.assert(
      fc.property(
        anyTyped,
        fc.array(fc.tuple(anyAddress, anyEncoding), { minLength: 2, maxLength: 4 }),
        ({ t, v }, hops) => {
          let value: Value = v;
          for (const [address, encoding] of hops) {
            const env = setup({ address, encoding, handles: "raw", length });
            value = liftAll(env, lowerAll(env, [value], [t]), [t])[0]!;
          }
          expect(value).toEqual(arrived(v, t, hops.at(-1)![1]));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("flattening", () => {
  test("lowering gives as many core values as the type says, of those types", () => {
    fc.assert(
      fc.property(anyTyped, anyAddress, ({ t, v }, address) => {
        const env = setup({ address, handles: "raw", length });
        const flat = lowerAll(env, [v], [t], Number.MAX_SAFE_INTEGER);
        const types = flattenType(t, address);
        expect(types.length).toBe(flatLength(t));
        expect(flat.length).toBe(types.length);
        expect(flat.every((core, i) => isCore(core, types[i]!))).toBe(true);
        const cursor = coreValueIter([...flat, 7]);
        liftFlat(env.c, env.cx, cursor, t);
        expect(cursor.next).toBe(flat.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("types", () => {
  test("sizes are multiples of alignments, and wide pointers make nothing smaller", () => {
    fc.assert(
      fc.property(anyType, (t) => {
        for (const address of ["i32", "i64"] as const) {
          expect(elemSize(t, address) % alignment(t, address)).toBe(0);
          expect(elemSize(t, address)).toBeGreaterThan(0);
        }
        expect(elemSize(t, "i64")).toBeGreaterThanOrEqual(elemSize(t, "i32"));
        expect(checkType(t)).toBeNull();
      }),
    );
  });

  test("equality is structural: a copy is equal, other types of other shape are not", () => {
    fc.assert(
      fc.property(anyType, anyType, (a, b) => {
        expect(sameType(a, structuredClone(a))).toBe(true);
        expect(sameType(a, b)).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(sameType(b, a)).toBe(sameType(a, b));
      }),
    );
  });
});

describe("one driver, two ways to allocate", () => {
  /** What `lowerFlatNow` does by itself: shrink in place, else move. */
  const lazy: Realloc = (env, old, oldSize, align, newSize) => {
    if (oldSize > 0 && newSize <= oldSize && old % align === 0) return old;
    const ptr = Math.ceil(env.next / align) * align;
    env.next = ptr + newSize;
    poke(env, ptr, bytesAt(env, old, Math.min(oldSize, newSize)));
    return ptr;
  };

  const bump =
    (env: Env) =>
    (align: number, size: number): number =>
      lazy(env, 0, 0, align, size);

  test("the frame and the direct call write the same bytes", () => {
    fc.assert(
      fc.property(anyTyped, anyAddress, anyEncoding, ({ t, v }, address, encoding) => {
        const options = { address, encoding, handles: "raw", length, realloc: lazy } as const;
        const [slow, fast] = [setup(options), setup(options)];
        expect(lowerFlatNow(fast.c, fast.cx, 16, [v], [t], bump(fast))).toEqual(
          lowerAll(slow, [v], [t]),
        );
        storeAt(slow, v, t, 64);
        storeNow(fast.c, fast.cx, v, t, 64, bump(fast));
        expect(fast.next).toBe(slow.next);
        expect(bytesAt(fast, 0, fast.next)).toEqual(bytesAt(slow, 0, slow.next));
      }),
      { numRuns: 300 },
    );
  });

  test("a type that needs no realloc never calls it", () => {
    fc.assert(
      fc.property(anyTyped, ({ t, v }) => {
        const env = setup({ handles: "raw", length, realloc: moving });
        storeAt(env, v, t, 64);
        if (!needsRealloc(t)) expect(env.calls).toEqual([]);
      }),
    );
  });
});

describe("bulk", () => {
  const tags: NumberTag[] = ["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"];

  test.each(tags)("a list of %s in bulk is the list of its elements", (tag) => {
    fc.assert(
      fc.property(fc.array(anyValue({ tag })), anyAddress, (vs, address) => {
        const t: ValType = { tag };
        const bulk = bulkOf(tag, vs);
        expect(bulkElements(bulk)).toEqual(vs);
        const [plain, packed] = [setup({ address, length }), setup({ address, length })];
        const list: ValType = { tag: "list", t, length: null };
        expect(lowerAll(plain, [vs], [list])).toEqual(lowerAll(packed, [bulk], [list]));
        expect(bytesAt(plain, 0, plain.next)).toEqual(bytesAt(packed, 0, packed.next));
        const each = elemSize(t, address);
        const one = setup({ address, length });
        for (const [i, v] of vs.entries()) storeAt(one, v, t, 1024 + i * each);
        expect(bytesAt(one, 1024, vs.length * each)).toEqual(
          bytesAt(packed, 1024, vs.length * each),
        );
      }),
    );
  });
});

describe("codecs", () => {
  const outcome = (decode: () => string): string | null => {
    try {
      return decode();
    } catch {
      return null;
    }
  };
  /** Bytes that are almost UTF-8: leads, continuations and ASCII more often than chance has them. */
  const almost = fc
    .uint8Array({ maxLength: 12 })
    .map((bytes) =>
      bytes.map((b, i) => [b, 0x80 + (b & 0x3f), 0xc0 + (b & 0x3f), b & 0x7f][(b + i) % 4]!),
    );

  test("UTF-8 is what TextDecoder and TextEncoder say", () => {
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(
        fc.oneof(
          almost,
          anyText.map((s) => new TextEncoder().encode(s)),
        ),
        (bytes) => {
          expect(decodeUtf8(bytes)).toBe(outcome(() => decoder.decode(bytes)));
        },
      ),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(anyText, (s) => {
        expect(encodeUtf8(s)).toEqual(new TextEncoder().encode(s));
      }),
    );
  });

  test("UTF-16 is what TextDecoder says", () => {
    const decoder = new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true });
    const units = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0xd700, max: 0xe0ff })),
    );
    fc.assert(
      fc.property(units, (us) => {
        const bytes = us.flatMap((unit) => [unit & 0xff, unit >> 8]);
        expect(decodeUtf16(Uint8Array.from(bytes))).toBe(
          outcome(() => decoder.decode(Uint8Array.from(bytes))),
        );
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(anyText, (s) => {
        expect(encodeUtf16(s)).toEqual(Uint8Array.from(Buffer.from(s, "utf16le")));
      }),
    );
  });
});
