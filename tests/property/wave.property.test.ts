// Laws of WAVE: what is printed reads as the same value, and no text does anything but parse or fail with a place.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bulkOf, toList } from "../../src/canon/values/bulk.ts";
import { stringValue } from "../../src/canon/values/strings.ts";
import { isNumberTag } from "../../src/canon/values/types.ts";
import type { ValType } from "../../src/model/types.ts";
import type { BulkValue, Value } from "../../src/model/values.ts";
import { WaveError } from "../../src/wave/errors.ts";
import { parseInvocation, printInvocation } from "../../src/wave/invocation.ts";
import { parseValue } from "../../src/wave/parse.ts";
import { printValue } from "../../src/wave/print.ts";
import { anyType, anyValue } from "./arbitraries/values.ts";

const seed = 20260924;

/** Labels that are keywords, acronyms or words of several parts instead of plain ones. */
const odd: Readonly<Record<string, string>> = {
  l0: "true",
  l1: "nan",
  l2: "two-words",
  f0: "ok",
  f1: "HTTP3",
  c0: "err",
  c1: "some",
  c2: "method-GET",
};

const renamed = (label: string): string => odd[label] ?? label;

/** The same type with odd labels. */
function relabelled(t: ValType): ValType {
  return JSON.parse(JSON.stringify(t), (key, value) => {
    if (key === "label") return renamed(value);
    return key === "labels" ? value.map(renamed) : value;
  });
}

const unsayable = new Set(["own", "borrow", "stream", "future", "error-context"]);

function isSayable(t: ValType): boolean {
  const tags = [...JSON.stringify(t).matchAll(/"tag":"([^"]*)"/g)].map(([, tag]) => tag ?? "");
  return !tags.some((tag) => unsayable.has(tag));
}

const anySayable = anyType.filter(isSayable).map(relabelled);

const anyTyped = anySayable.chain((t) => anyValue(t).map((v) => ({ t, v })));

function parsedList(v: Value, t: ValType): Value {
  const items = toList(v as readonly Value[] | BulkValue);
  return isNumberTag(t.tag) ? bulkOf(t.tag, items) : items.map((item) => asParsed(item, t));
}

/** The value as a text can give it: strings forget their encoding, lists of numbers are bytes. */
function asParsed(v: Value, t: ValType): Value {
  if (typeof v !== "object") return v;
  if (t.tag === "list") return parsedList(v, t.t);
  if (t.tag === "map") return parsedList(v, { tag: "tuple", ts: [t.k, t.v] });
  if (t.tag === "tuple") return (v as readonly Value[]).map((e, i) => asParsed(e, t.ts[i]!));
  if (!("tag" in v)) throw new Error("a list of no list type");
  if (v.tag === "string") return stringValue(v.s, "utf8");
  if (v.tag === "record" && t.tag === "record") {
    const entries = t.fields.map((f) => [f.label, asParsed(v.fields[f.label]!, f.t)]);
    return { tag: "record", fields: Object.fromEntries(entries) };
  }
  if (v.tag !== "case" || v.value === null) return v;
  const payload: ValType | null | undefined =
    t.tag === "variant"
      ? t.cases.find(({ label }) => label === v.label)?.t
      : t.tag === "option"
        ? t.t
        : t.tag === "result"
          ? v.label === "ok"
            ? t.ok
            : t.error
          : null;
  return { ...v, value: asParsed(v.value, payload!) };
}

describe("WAVE", () => {
  test("reads every value that it prints as the same value", () => {
    fc.assert(
      fc.property(anyTyped, ({ t, v }) => {
        expect(parseValue(printValue(v, t), t)).toEqual(asParsed(v, t));
      }),
      { seed, numRuns: 400 },
    );
  });

  test("gives a canonical text: what is read and printed again is the same", () => {
    fc.assert(
      fc.property(anyTyped, ({ t, v }) => {
        const text = printValue(v, t);
        expect(printValue(parseValue(text, t), t)).toBe(text);
      }),
      { seed, numRuns: 200 },
    );
  });

  test("reads every call that it prints as the same call", () => {
    const anyCall = fc.array(anyTyped, { maxLength: 3 });
    fc.assert(
      fc.property(anyCall, (args) => {
        const params = args.map(({ t }, i) => ({ name: `p${i}`, t }));
        const callable = { path: "a:b/c@1.0.0#f", ft: { params, result: null, async: false } };
        const call = { callable, name: "c.f", args: args.map(({ v }) => v) };
        const again = parseInvocation(printInvocation(call), [callable]);
        expect(again.args).toEqual(args.map(({ t, v }) => asParsed(v, t)));
      }),
      { seed, numRuns: 200 },
    );
  });

  test("ends in a value or in an error with a place, whatever the text", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        ..."{ } ( ) [ ] : , some none ok err nan -inf -1 1e9 % // \" ' \\".split(" "),
      ),
      fc.constantFrom('"""\n', "\n", " ", "'x'", '"s"', "l0", "%f0"),
      fc.string({ unit: "binary", maxLength: 2 }),
    );
    const text = fc.array(piece, { maxLength: 12 }).map((parts) => parts.join(""));
    fc.assert(
      fc.property(anySayable, text, (t, source) => {
        const lines = source.split("\n");
        try {
          parseValue(source, t);
        } catch (error) {
          if (!(error instanceof WaveError)) throw error;
          const line = lines[error.line - 1];
          expect(error.column).toBeGreaterThan(0);
          expect(error.column).toBeLessThanOrEqual((line?.length ?? -1) + 1);
        }
      }),
      { seed, numRuns: 2000 },
    );
  });
});
