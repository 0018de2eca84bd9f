// Laws of traces with functions that only the user's host has: what the model records, the judge allows.

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import type { Value } from "../../src/model/values.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import type { HostBehaviour } from "../../src/oracle/host-functions.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import { recordRun } from "../../src/oracle/record.ts";
import type { HostAnswer } from "../../src/oracle/recorded-imports.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import type { Policy } from "../../src/scheduler/run.ts";
import { recordedScenario } from "../oracle/host-functions-harness.ts";

const calls = ["one(3)", "both()", "stop()", "ask-to-stop()", "look()"] as const;

/** Takes numbers from a list, and zero behind its end. */
function taking(numbers: readonly number[]): () => number {
  let at = 0;
  return () => numbers[at++] ?? 0;
}

function policyOf(numbers: readonly number[]): Policy {
  const next = taking(numbers);
  return (enabled) => {
    const picked = enabled[next() % enabled.length] ?? enabled[0];
    if (picked === undefined) throw new Error("nothing is enabled");
    return picked;
  };
}

const returned = (value: Value): HostAnswer => ({ tag: "returned", value });

/** `slow` counts, so that each of its results is another; now and then a call has no result. */
function hostOf(numbers: readonly number[]): HostBehaviour {
  const next = taking(numbers);
  let count = 10;
  return (name, _args, mayCancel): HostAnswer => {
    const kind = next();
    if (name !== "slow") return returned({ tag: "case", label: "some", value: kind });
    count += 1;
    if (kind === 1) return { tag: "never" };
    if (kind === 2) return { tag: "trapped" };
    return kind === 3 && mayCancel ? { tag: "cancelled" } : returned(count);
  };
}

const revisions = ["6d28164", "d1daf829"].map((name) => select(name, [], []));

const run = fc.record({
  revision: fc.constantFrom(...revisions),
  invoke: fc.subarray([...calls], { minLength: 1, maxLength: 2 }),
  picks: fc.array(fc.nat(9), { maxLength: 40 }),
  host: fc.array(fc.nat(7), { maxLength: 8 }),
});

const scenarios = new Map<string, Scenario>();

/** With `omits`, so that more of the order is left to the judge to find. */
const omitted = [[], ["enter", "leave", "call", "return"]] as const;

function without(events: readonly TraceEvent[], omits: readonly string[]): readonly TraceEvent[] {
  return events.filter(({ event }) => !omits.includes(event));
}

function isReturn(event: TraceEvent): event is TraceEvent & { readonly value: string } {
  return event.event === "host-return" && event.func === "slow" && event.value !== undefined;
}

function scenarioOf(invoke: readonly string[]): Scenario {
  const scenario = scenarios.get(invoke.join());
  if (scenario === undefined) throw new Error(`no scenario ${invoke.join()}`);
  return scenario;
}

beforeAll(async () => {
  const pairs = calls.flatMap((a, i) => calls.slice(i + 1).map((b) => [a, b]));
  for (const invoke of [...calls.map((a) => [a]), ...pairs]) {
    scenarios.set(invoke.join(), await recordedScenario(invoke));
  }
});

describe("a run whose host plays any part", () => {
  it("gives a trace that is allowed, with and without the crossings of core code", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(run, ({ revision, invoke, picks, host }) => {
        const scenario = scenarioOf(invoke);
        const system = systemOf(scenario, revision);
        const { header, events } = recordRun(system, policyOf(picks), { host: hostOf(host) });
        for (const event of events) seen.add(kindOf(event));
        for (const omits of omitted) {
          const trace = { header: { ...header, omits }, events: without(events, omits) };
          const { verdict } = judge(scenario, trace, { revisions: [revision] });
          expect(verdict).toBe("allowed");
        }
      }),
      { numRuns: 200, seed: 7 },
    );
    // otherwise this would say little
    for (const kind of ["returned", "cancelled", "trapped"]) expect(seen).toContain(kind);
  });

  it("of which another result is said is not allowed, once its caller has passed it on", () => {
    let rejected = 0;
    fc.assert(
      fc.property(run, ({ revision, picks, host }) => {
        const scenario = scenarioOf(["one(3)"]);
        const system = systemOf(scenario, revision);
        const { header, events } = recordRun(system, policyOf(picks), { host: hostOf(host) });
        const at = events.findIndex(isReturn);
        if (at === -1) return;
        const wrong = events.with(at, { event: "host-return", func: "slow", value: "5" });
        const trace = { header, events: wrong };
        expect(judge(scenario, trace, { revisions: [revision] }).verdict).toBe("not allowed");
        rejected += 1;
      }),
      { numRuns: 60, seed: 8 },
    );
    expect(rejected).toBeGreaterThan(30);
  });
});

function kindOf(event: TraceEvent): string {
  if (event.event !== "host-return") return event.event;
  if (event.cancelled) return "cancelled";
  return event.trapped ? "trapped" : "returned";
}
