// What users of the package write: a scenario, and tests about it in the suites that there are.

import { yields } from "../oracle/yields.ts";

export const scenario: string = `export const yields = ${JSON.stringify(yields)};
export const trace = [
  { format: "canon-async trace", version: 1, omits: ["enter", "leave", "call", "return", "invoke"] },
  { event: "log", line: "in" },
  { event: "log", line: "out" },
].map((line) => JSON.stringify(line)).join("\\n");
`;

/** A log in an order that no schedule leads to. */
const wrong = '["out", "in", RETURNED]';

export const esm: string = `
import { outcomesOf } from "canon-async";
import { yields } from "./scenario.mjs";
console.log(outcomesOf(yields).outcomes.map(({ outcome }) => outcome.log.join()).join(" "));
`;

export const nodeTest: string = `
import { test } from "node:test";
import { outcomesOf } from "canon-async";
import { assertAllows, assertAllowsExactly, assertAllowsOnly, assertDoesNotAllow, assertTraceAllowed } from "canon-async/assert";
import { trace, yields } from "./scenario.mjs";
const outcomes = outcomesOf(yields);
test("good", () => {
  assertAllows(outcomes, '["in", "out", RETURNED]');
  assertDoesNotAllow(outcomes, '["out"]');
  assertAllowsOnly(outcomes, '"in" before "out" and ok');
  assertAllowsExactly(outcomes, { log: ["in", "out", "RETURNED"] }, { log: ["in", "STARTED", "out"] });
  assertTraceAllowed(yields, trace);
});
test("bad", () => assertAllows(outcomes, '${wrong}'));
`;

function suite(head: string): string {
  return `${head}
import { outcomesOf } from "canon-async";
import { trace, yields } from "./scenario.mjs";
const outcomes = outcomesOf(yields);
test("good", () => {
  expect(outcomes).toAllow('["in", "out", RETURNED]');
  expect(outcomes).not.toAllow('["out"]');
  expect(outcomes).toAllowOnly('"in" before "out" and ok');
  expect(outcomes).toAllowExactly('["in", "out", RETURNED]', '["in", STARTED, "out"]');
  expect(trace).toBeAllowedBy(yields);
  expect(trace.replace('"out"', '"odd"')).not.toBeAllowedBy(yields);
});
test("bad", () => expect(outcomes).toAllow('${wrong}'));
test("bad, behind not", () => expect(trace).not.toBeAllowedBy(yields));
`;
}

export const vitest: string = suite(`
import { expect, test } from "vitest";
import "canon-async/vitest";
`);

export const jest: string = suite(`
import { expect, test } from "@jest/globals";
import "canon-async/jest";
`);

/** Everything that the declarations say, and what they must refuse. */
export const types: string = `
import { type OutcomeSet, outcomesOf } from "canon-async";
import { assertAllows, assertTraceAllowed } from "canon-async/assert";
import { embed } from "canon-async/embedding";
import { matchers, type OutcomeMatchers } from "canon-async/matchers";
const outcomes: OutcomeSet = outcomesOf("", { revision: "6d28164", maxStates: 10 });
assertAllows(outcomes, { log: ["a", 1], end: "traps" });
assertAllows(outcomes, ({ log }) => log.length > 1);
const trace = { header: { format: "canon-async trace", version: 1 }, events: [] } as const;
assertTraceAllowed({ bytes: new Uint8Array(), invoke: ["f()"] }, trace, { maxSteps: 1 });
export const all: readonly unknown[] = [embed, matchers];
export type Both = OutcomeMatchers<void>;
// @ts-expect-error: an outcome is no number
assertAllows(outcomes, 1);
// @ts-expect-error: there is no such option
outcomesOf("", { maxState: 1 });
`;

/** The same with what the suites must know of the matchers. */
export const suiteTypes: string = `
import { expect as jestExpect } from "@jest/globals";
import { outcomesOf } from "canon-async";
import "canon-async/fast-check";
import "canon-async/jest";
import "canon-async/model-based";
import "canon-async/vitest";
import { expect } from "vitest";
const outcomes = outcomesOf("");
expect(outcomes).toAllow("ok");
expect(outcomes).not.toAllowExactly("[1]", { log: [1] });
expect("").toBeAllowedBy({ bytes: new Uint8Array() }, { revision: "6d28164" });
jestExpect(outcomes).toAllowOnly("ok");
jestExpect(outcomes).not.toAllow("stuck");
// @ts-expect-error: an outcome is no number
expect(outcomes).toAllow(1);
// @ts-expect-error: an outcome is no number
jestExpect(outcomes).toAllow(1);
`;
