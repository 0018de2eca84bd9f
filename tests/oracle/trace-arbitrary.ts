// Traces at random: every kind of event, with and without each field that it may have.

import fc from "fast-check";
import type { Json } from "../../src/model/json.ts";
import {
  formatName,
  formatVersion,
  type TraceEvent,
  type TraceHeader,
} from "../../src/oracle/format/trace.ts";

const maybe = <T extends Record<string, unknown>>(
  needs: { [K in keyof T]: fc.Arbitrary<T[K]> },
  more: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<T> => {
  return fc.record(
    { ...needs, ...more },
    { requiredKeys: Object.keys(needs), noNullPrototype: true },
  ) as fc.Arbitrary<T>;
};

/** Texts of all sorts: unpaired surrogates too, which JSON can say. */
const text = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constant("\ud800"),
);
const wave = fc.constantFrom("1", "ok(2)", '"x"', "[]");

const core = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(String),
  fc.constantFrom(null, "NaN", "Infinity", "-Infinity", -0),
);

const memory = fc.array(
  maybe(
    {
      at: fc.maxSafeNat(),
      bytes: fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString("hex")),
    },
    { memory: fc.nat(2) },
  ),
  { maxLength: 2 },
);

const note = fc.jsonValue({ maxDepth: 3 }).map((value) => value as Json);
const where = { instance: text, thread: text, note };
const crossing = { ...where, func: text };
const values = fc.array(core, { maxLength: 3 });
const is = <K extends TraceEvent["event"]>(kind: K): fc.Arbitrary<K> => fc.constant(kind);

/** Events that more may follow. */
const inner: readonly fc.Arbitrary<TraceEvent>[] = [
  maybe({ event: is("enter") }, { ...crossing, args: values, memory }),
  maybe({ event: is("leave") }, { ...crossing, results: values }),
  maybe({ event: is("call") }, { ...crossing, args: values }),
  maybe({ event: is("return") }, { ...crossing, results: values, memory }),
  maybe({ event: is("invoke"), call: text }, where),
  maybe({ event: is("result"), call: text }, { ...where, value: fc.option(wave) }),
  maybe({ event: is("host-call"), func: text }, { ...where, args: fc.array(fc.option(wave)) }),
  maybe({ event: is("host-return"), func: text }, { ...where, value: wave }),
  maybe({ event: is("host-return"), func: text, cancelled: fc.constant(true as const) }, where),
  maybe({ event: is("host-return"), func: text, trapped: fc.constant(true as const) }, where),
  maybe({ event: is("log"), line: text }, where),
];

const last: readonly fc.Arbitrary<TraceEvent>[] = [
  maybe({ event: is("trap") }, { ...where, code: text }),
  maybe({ event: is("end") }, { ...where, waiting: fc.array(text, { maxLength: 2 }) }),
];

export const anyEvent: fc.Arbitrary<TraceEvent> = fc.oneof(...inner, ...last);

const texts = fc.array(text, { maxLength: 3 });

const late = fc.constantFrom<readonly "result"[]>([], ["result"]);

export const anyHeader: fc.Arbitrary<TraceHeader> = maybe(
  { format: fc.constant(formatName), version: fc.constant(formatVersion) },
  { engine: text, calls: texts, omits: texts, late, note },
);

/** A run: a header, events, and maybe one that nothing comes after. */
export const anyTrace: fc.Arbitrary<{
  readonly header: TraceHeader;
  readonly events: readonly TraceEvent[];
}> = fc
  .tuple(anyHeader, fc.array(fc.oneof(...inner), { maxLength: 8 }), fc.option(fc.oneof(...last)))
  .map(([header, events, end]) => ({ header, events: end === null ? events : [...events, end] }));
