// Laws of judging: what the model records is allowed, and what is said to be allowed can be recorded.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import { type Recorded, recordRun } from "../../src/oracle/record.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { revisionsOf, systemOf } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { replayPolicy } from "../../src/scheduler/run.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { random } from "../../src/scheduler/sampling/random.ts";
import { allRuns, type Sight, truthOf } from "../oracle/all-traces.ts";
import { expectAllowed, judged, maxSteps, shown, type Trace } from "../oracle/judging.ts";
import { mutations } from "../oracle/mutate.ts";
import { keyOfEvent } from "../oracle/sightings.ts";
import { omitting, relabelled, thinned } from "../oracle/thin.ts";
import { anySystem, smallSystem } from "./arbitraries/systems.ts";
import { anySeed, revisionNames, runs, systemUnder } from "./laws.ts";

/** Runs at random of random systems, under either revision. */
function onRecorded(
  systems: fc.Arbitrary<Scenario>,
  times: number,
  check: (system: System, trace: Recorded, seed: number, scenario: Scenario) => void,
): void {
  const revision = fc.constantFrom(...revisionNames);
  fc.assert(
    fc.property(systems, revision, anySeed, (scenario, name, seed) => {
      const system = systemUnder(scenario, name);
      const trace = recordRun(system, uniform(seed));
      shown(scenario, trace, () => check(system, trace, seed, scenario));
    }),
    runs(times),
  );
}

describe("what the model records", () => {
  test("is allowed, and the schedule that explains it records it again", () => {
    onRecorded(anySystem, 150, (system, trace) => {
      const found = judged(system, trace);
      expectAllowed(system, trace, found);
      const again = recordRun(system, replayPolicy(found.schedule!).policy);
      expect(again.events).toEqual(trace.events);
      expect(again.outcome).toEqual(trace.outcome);
    });
  });

  test("is allowed up to any event", () => {
    onRecorded(anySystem, 60, (system, { header, events }, seed) => {
      const cut = { header, events: events.slice(0, seed % (events.length + 1)) };
      expectAllowed(system, cut, judged(system, cut));
    });
  });

  test("is allowed whatever is left out of it, and whatever the labels are", () => {
    onRecorded(anySystem, 100, (system, { header, events }, seed) => {
      const next = random(seed);
      const less = omitting(header, events, next);
      const others: readonly Trace[] = [
        { header, events: thinned(events, next, 4) },
        { header, events: relabelled(events, next) },
        less,
        { header: less.header, events: thinned(relabelled(less.events, next), next, 4) },
      ];
      for (const trace of others) expectAllowed(system, trace, judged(system, trace));
    });
  });
});

describe("a trace with one fault", () => {
  test("is rejected, or a schedule shows that it is none: thousands of them", () => {
    const seen = { allowed: 0, "not allowed": 0, unknown: 0 };
    onRecorded(anySystem, 120, (system, { header, events }, seed) => {
      for (const mutation of mutations(events, random(seed), 44)) {
        const trace = { header, events: mutation.events };
        const found = judged(system, trace);
        seen[found.verdict] += 1;
        if (found.verdict === "allowed") expectAllowed(system, trace, found);
      }
    });
    expect(seen.unknown).toBe(0);
    expect(seen.allowed + seen["not allowed"]).toBeGreaterThan(3000);
    expect(seen["not allowed"]).toBeGreaterThan(3 * seen.allowed);
    expect(seen.allowed).toBeGreaterThan(100);
  });
});

/** Enough for nearly all small systems. */
const bounds = { steps: 6000, runs: 300 };

/** Traces of small systems with and without faults, beside all runs of their systems. */
function onSmall(
  times: number,
  check: (system: System, all: readonly Sight[], trace: Trace) => void,
): void {
  onRecorded(smallSystem, times, (system, { header, events: all }, seed, scenario) => {
    const sights = allRuns(system, bounds);
    if (sights === null) return;
    const next = random(seed);
    const events = withoutMemory(all);
    const less = omitting(header, events, next);
    const faults = mutations(events, next, 22).map((fault) => ({ header, events: fault.events }));
    const both = mutations(less.events, next, 22).map((fault) => {
      return { header: less.header, events: thinned(fault.events, next, 4) };
    });
    const sound = both.filter((trace) => !saysOmitted(trace));
    for (const trace of [{ header, events }, less, ...faults, ...sound]) {
      shown(scenario, trace, () => check(system, sights, trace));
    }
  });
}

/** What memories hold is not known of all runs. */
function withoutMemory(events: readonly TraceEvent[]): readonly TraceEvent[] {
  return events.map((event) => {
    if (!("memory" in event)) return event;
    const { memory: _, ...rest } = event;
    return rest;
  });
}

/** That is no trace. */
function saysOmitted({ header, events }: Trace): boolean {
  return events.some((event) => {
    return [event.event, "func" in event ? event.func : ""].some((word) => {
      return header.omits?.includes(word ?? "");
    });
  });
}

describe("against all runs of a small system", () => {
  test("a trace is allowed if and only if it is the beginning of one, and goes as far, and on", () => {
    const seen = { allowed: 0, "not allowed": 0, unknown: 0 };
    onSmall(120, (system, all, trace) => {
      const truth = truthOf(system, all, trace.header, trace.events);
      const found = judged(system, trace, { next: true });
      seen[found.verdict] += 1;
      expect(found.verdict).toBe(truth.allowed ? "allowed" : "not allowed");
      expect(found.explained).toBe(truth.explained);
      expect(found.nextComplete).toBe(true);
      expect(new Set(found.next.map(keyOfEvent))).toEqual(truth.next);
      if (all.length === 1) expect(found.ambiguity).toBe(1);
    });
    expect(seen.unknown).toBe(0);
    expect(Math.min(seen.allowed, seen["not allowed"])).toBeGreaterThan(500);
  });

  test("the context of a rejection is enough for it, and each event of it is needed", () => {
    const seen = { shortest: 0, not: 0, sizes: new Set<number>() };
    onSmall(60, (system, all, trace) => {
      const { rejection, explained } = judged(system, trace, { context: true });
      if (rejection === null) return;
      const { context, shortest } = rejection;
      const places = context.map(({ index }) => index);
      const reach = (said: readonly number[]): number => {
        const says = (index: number): boolean => index === explained || said.includes(index);
        return truthOf(system, all, trace.header, trace.events, says).explained;
      };
      expect(reach(places)).toBe(explained);
      seen[shortest ? "shortest" : "not"] += 1;
      if (!shortest) return;
      seen.sizes.add(context.length);
      for (const one of places) {
        expect(reach(places.filter((other) => other !== one))).toBeGreaterThan(explained);
      }
    });
    expect(seen.not).toBe(0);
    expect(seen.shortest).toBeGreaterThan(500);
    expect(seen.sizes.size).toBeGreaterThan(1);
  });
});

describe("a judgement", () => {
  test("says of each revision what its system says", () => {
    onRecorded(anySystem, 40, (_system, { header, events }, seed, scenario) => {
      const [fault] = mutations(events, random(seed), 4);
      const trace = { header, events: seed % 2 === 0 ? events : (fault?.events ?? events) };
      const { revisions, verdict } = judge(scenario, trace, { maxSteps, context: false });
      const each = revisionsOf(scenario).map((revision) => {
        return { revision, ...judged(systemOf(scenario, revision), trace) };
      });
      expect(revisions).toEqual(each);
      expect(each).toHaveLength(2);
      const some = each.some((under) => under.verdict === "allowed");
      expect(verdict).toBe(some ? "allowed" : "not allowed");
    });
  });
});
