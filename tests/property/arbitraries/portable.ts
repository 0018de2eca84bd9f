// Random programs that ask nothing of either ABI that the other does not have: the class of spec/11.

import fc from "fast-check";
import type { Setting } from "../../../src/scenario/settings.ts";

/** What a body does, one after the other; an act for which nothing is there is left out. */
export type Act =
  | { readonly act: "log" | "count" | "yield" }
  /** starts one of the calls that the component can make, with one of its handles if it takes one */
  | { readonly act: "start"; readonly callee: number; readonly handle: number }
  /** awaits, or gives up, one of the calls that are open; drops one of the handles */
  | { readonly act: "await" | "cancel" | "drop"; readonly which: number }
  | { readonly act: "first"; readonly one: number; readonly other: number }
  | { readonly act: "spawn"; readonly acts: readonly Act[] };

/** What an export is given beside a number: nothing, a handle for the time of the call, or for good. */
export type Takes = "nothing" | "borrow" | "own";

export interface Body {
  readonly takes: Takes;
  readonly acts: readonly Act[];
}

export interface Part {
  /** its exports f0, f1 */
  readonly bodies: readonly Body[];
  /** its export hang, which then waits for ever, for the host or through another component */
  readonly hang: readonly Act[] | null;
}

/** A function of the host that another one awaits before it goes on. */
export type Wait = "now" | "gate-a" | "gate-b" | null;

/** What the functions of the component that has a resource, K, wait for. */
export interface Keeper {
  readonly make: Wait;
  readonly look: Wait;
  readonly eat: Wait;
}

/** What the component that has streams and futures, F, sends. */
export interface Feeder {
  /** how many bytes, what it waits for before the first, and whether it gives way before each */
  readonly bytes: number;
  readonly before: Wait;
  readonly yields: boolean;
  /** what it waits for before it writes a future */
  readonly send: Wait;
}

/** Components A, B, ..: each calls the host, the keeper, the feeder, and those that stand after it. */
export interface Portable {
  readonly parts: readonly Part[];
  readonly keeper: Keeper | null;
  readonly feeder: Feeder | null;
  /** one root call of A, or two */
  readonly roots: 1 | 2;
  /** options of both ABIs, which programs do not depend on either */
  readonly habits: readonly Setting[];
}

const small = fc.nat(11);

const plainAct: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constantFrom("log" as const, "count" as const, "yield" as const),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ act: fc.constant("start" as const), callee: small, handle: small }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant("await" as const), which: small }) },
  {
    weight: 1,
    arbitrary: fc.record({
      act: fc.constantFrom("cancel" as const, "drop" as const),
      which: small,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ act: fc.constant("first" as const), one: small, other: small }),
  },
);

const spawnAct: fc.Arbitrary<Act> = fc.record({
  act: fc.constant("spawn" as const),
  acts: fc.array(plainAct, { maxLength: 2 }),
});

const anyAct = fc.oneof({ weight: 8, arbitrary: plainAct }, { weight: 1, arbitrary: spawnAct });

const anyActs = (maxLength: number): fc.Arbitrary<readonly Act[]> =>
  fc.array(anyAct, { maxLength });

const anyBody: fc.Arbitrary<Body> = fc.record({
  takes: fc.constantFrom<Takes>("nothing", "nothing", "borrow", "own"),
  acts: anyActs(3),
});

const anyPart: fc.Arbitrary<Part> = fc.record({
  bodies: fc.array(anyBody, { minLength: 1, maxLength: 2 }),
  hang: fc.option(anyActs(2), { freq: 2 }),
});

/** A has one export, which the host calls. */
const mainPart: fc.Arbitrary<Part> = anyActs(5).map((acts) => {
  return { bodies: [{ takes: "nothing", acts }], hang: null };
});

const anyWait: fc.Arbitrary<Wait> = fc.constantFrom(null, "now", "gate-a", "gate-b");

const anyFeeder: fc.Arbitrary<Feeder> = fc.record({
  bytes: fc.nat(4),
  before: anyWait,
  yields: fc.boolean(),
  send: anyWait,
});

const anyHabits: fc.Arbitrary<readonly Setting[]> = fc.subarray([
  { name: "component-order", value: "reversed" },
  { name: "spawn", value: "later" },
]);

export const portables: fc.Arbitrary<Portable> = fc.record({
  parts: fc
    .tuple(mainPart, fc.array(anyPart, { minLength: 1, maxLength: 2 }))
    .map(([main, others]) => [main, ...others]),
  keeper: fc.option(fc.record({ make: anyWait, look: anyWait, eat: anyWait }), { freq: 2 }),
  feeder: fc.option(anyFeeder, { freq: 1 }),
  roots: fc.constantFrom<1 | 2>(1, 1, 1, 2),
  habits: anyHabits,
});
