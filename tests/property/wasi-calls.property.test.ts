// Laws of calls: whatever a guest passes to the WASI host, it gets a value of the interface, or traps for what
// it did itself.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { trapCodes } from "../../src/canon/traps.ts";
import type { RevisionName } from "../../src/model/amendments.ts";
import type { Store } from "../../src/model/store.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { allProperties } from "../../src/scenario/properties.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { printSchedule } from "../../src/scheduler/model.ts";
import { outcomeOf, showOutcome } from "../../src/scheduler/outcome.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { type RunResult, run } from "../../src/scheduler/run.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { worldKey } from "../../src/wasi/guest.ts";
import { wasiInterfaces } from "../../src/wasi/interfaces.ts";
import type { World } from "../../src/wasi/world.ts";
import { anyProgram, errorCodes, programText } from "./arbitraries/wasi-calls.ts";
import { anySeed, revisionNames, runs } from "./laws.ts";

/** The newest more often: most of the book is about it. */
const anyRevision: fc.Arbitrary<RevisionName> = fc.constantFrom("d1daf829", ...revisionNames);

/** A file that is appended to itself grows for long. */
const maxChoices = 600;

const endTraps = ["not-an-end", "not-idle", "wrong-type"] as const;

/** What the canonical ABI makes of a guest that uses an index wrongly, or twice; nothing else may end a run. */
const guestTraps: ReadonlySet<string> = new Set([
  "table.no-such-index",
  ...["lift-own", "lift-borrow"].flatMap((site) =>
    ["not-a-resource", "wrong-type"].map((why) => `${site}.${why}`),
  ),
  "lift-own.lent",
  ...endTraps.map((why) => `lift-stream.${why}`),
  ...["not-a-resource", "wrong-type", "lent"].map((why) => `resource.drop.${why}`),
  ...["stream", "future"].flatMap((family) => [
    ...["read", "write"].flatMap((copy) => endTraps.map((why) => `${family}.${copy}.${why}`)),
    ...["cancel-read", "cancel-write"].flatMap((what) =>
      ["not-an-end", "wrong-type", "not-copying"].map((why) => `${family}.${what}.${why}`),
    ),
    ...["drop-readable", "drop-writable"].flatMap((what) =>
      ["not-an-end", "wrong-type", "copying"].map((why) => `${family}.${what}.${why}`),
    ),
  ]),
  "waitable.join.not-a-waitable",
  ...["not-a-subtask", "delivered", "already-requested"].map((why) => `subtask.cancel.${why}`),
  ...["not-a-subtask", "not-delivered"].map((why) => `subtask.drop.${why}`),
]);

/** The older revision's own defect, which CM#708 repaired: a future is dropped whose value is on offer. */
function isKnown(revision: RevisionName, { ending }: Store): boolean {
  return revision === "6d28164" && ending?.tag === "bug" && ending.code === "A40";
}

/** Every handle that the host knows of is in a table: it forgets one when that is dropped. */
function lostHandles({ entities, ending }: Store): readonly string[] {
  if (ending !== null) return [];
  const world = entities.instance[0]?.globals[worldKey] as World;
  const owned = new Set(entities.handle.flatMap((h) => (h?.own === true ? [h.rep] : [])));
  return Object.keys(world.handles).filter((rep) => !owned.has(Number(rep)));
}

/** Runs a program along a schedule of chance, and checks what must hold of every state wherever there is a choice. */
function runAtRandom(text: string, revision: RevisionName, seed: number): RunResult {
  const [scenario] = checkedScenarios(text, "calls.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const check = (store: Store, final: boolean): void => {
    if (!isKnown(revision, store)) expect(brokenProperty(store, final, allProperties)).toBeNull();
  };
  const found = run(systemOf(scenario, parseRevision(revision)), uniform(seed), {
    maxChoices,
    choice: (_point, store) => check(store, false),
  });
  check(found.store, found.complete);
  if (found.complete) expect(lostHandles(found.store)).toEqual([]);
  return found;
}

/** The functions whose results are in a log; each error is a code of their own interface. */
function calledIn(log: readonly string[], variant: string): readonly string[] {
  const known = new Map<string, readonly string[]>(
    [...wasiInterfaces(variant).values()].flatMap((of) =>
      of.funcs.map((func) => [`${func.resource ?? of.name}.${func.name}`, errorCodes(of)] as const),
    ),
  );
  return log.flatMap((line) => {
    const [func = "", result = ""] = line.split(" ");
    const codes = known.get(func);
    if (codes === undefined) return [];
    const [, code] = /^error\(([a-z-]+)\)$/.exec(result) ?? [];
    if (code !== undefined) expect(codes).toContain(code);
    return [func];
  });
}

describe("a guest that calls anything", () => {
  test("may trap with codes that there are", () => {
    expect([...guestTraps].filter((code) => !trapCodes.has(code))).toEqual([]);
  });

  test("gets a value of the interface, or traps for what it did itself", () => {
    const called = new Set<string>();
    fc.assert(
      fc.property(anyProgram, anyRevision, anySeed, (shape, revision, seed) => {
        const text = programText(shape);
        const { store, complete, schedule } = runAtRandom(text, revision, seed);
        const outcome = outcomeOf(store);
        const { end } = outcome;
        const isAllowed = end.tag === "traps" ? guestTraps.has(end.code) : /ok|stuck/.test(end.tag);
        if (complete && !isAllowed && !isKnown(revision, store)) {
          expect(
            `${showOutcome(outcome)} under ${revision} by ${printSchedule(schedule)}\n${text}`,
          ).toBeNull();
        }
        for (const func of calledIn(store.log, shape.variant)) called.add(func);
      }),
      runs(300),
    );
    // most functions are reached in any few hundred runs; those without a result leave no trace
    expect(called.size).toBeGreaterThan(80);
  });
});
