// Laws of the two ABIs: programs that ask nothing of either that the other does not have cannot tell them apart.

import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import type { RevisionName } from "../../src/model/amendments.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { select } from "../../src/scenario/revision.ts";
import { type Setting, settingsText } from "../../src/scenario/settings.ts";
import { verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { portables } from "./arbitraries/portable.ts";
import { portableText } from "./arbitraries/portable-text.ts";
import { runs } from "./laws.ts";

/** What a program can do; null: the search would take too long. */
type Can = readonly string[] | null;

const maxStates = 250;

/** How many programs each of the main laws is tried on, and three seconds for each. */
const programs = 100;
vi.setConfig({ testTimeout: 3_000 * (runs(programs).numRuns ?? programs) });

/** The host goes on after a root call: what is spawned outlives it natively, too. */
const split: readonly Setting[] = [
  { name: "abi", value: "split" },
  { name: "rounds", value: "idle" },
];

function search(text: string, revision: RevisionName, settings: readonly Setting[]): Can {
  const [scenario] = checkedScenarios(text, "program.scn");
  if (scenario === undefined) throw new Error("no scenario");
  const found = verify(scenario, select(revision, [], [], settings), { maxStates });
  expect(found.findings).toEqual([]);
  if (found.coverage.tag !== "all") return null;
  return distinct(found.outcomes.map(({ outcome }) => showOutcome(outcome)));
}

/** Both sides of a program. */
interface Sides {
  readonly native: readonly string[];
  readonly split: readonly string[];
}

const known = new Map<string, Sides | null>();

/** The laws draw the same programs: each is searched once. */
function sidesOf(
  text: string,
  revision: RevisionName = "d1daf829",
  habits: readonly Setting[] = [],
): Sides | null {
  const key = `${revision} with ${settingsText(habits)}: ${text}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const native = search(text, revision, habits);
  const halves = native === null ? null : search(text, revision, [...split, ...habits]);
  const sides = native === null || halves === null ? null : { native, split: halves };
  known.set(key, sides);
  return sides;
}

/** Runs `check`; whatever it throws says how to see the two sides. */
function showing(text: string, habits: readonly Setting[], check: () => void): void {
  try {
    check();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const settings = [...split.slice(1), ...habits].map((s) => `--with ${s.name}=${s.value}`);
    const command = ["canon-async diff FILE --abi native --abi split", ...settings].join(" ");
    throw new Error([why, "the program, in FILE:", text, command].join("\n"), { cause: error });
  }
}

/** The log without the order of different tasks: each entry begins with the name of its task. */
function byTask(outcome: string): string {
  const close = outcome.lastIndexOf("]");
  const taskOf = (entry: string): string => entry.split(" ")[0] ?? "";
  const entries = outcome.slice(1, close).split(", ");
  const sorted = entries.toSorted(
    (a, b) => Number(taskOf(a) > taskOf(b)) || -Number(taskOf(a) < taskOf(b)),
  );
  return `[${sorted.join(", ")}]${outcome.slice(close + 1)}`;
}

/**
 * What is compared. Whole logs, although the order of events that have nothing to do with each other is
 * nobody's business: today's host may choose any order, so that the order of the split host is one of them.
 * Not so within a task that has spawned others: its bindings may run several of them in one turn, with
 * nobody else between, where those of the split ABI have a turn for each. There the order is left out.
 */
function seen({ native, split: halves }: Sides, text: string): Sides {
  if (!text.includes("spawn {")) return { native, split: halves };
  return { native: distinct(native.map(byTask)), split: distinct(halves.map(byTask)) };
}

const distinct = (all: readonly string[]): readonly string[] => [...new Set(all)].sort();

/** Checks random programs, and gives how many were searched and how many were too large. */
function forAll(
  n: number,
  revision: RevisionName,
  law: (sides: Sides) => void,
): Readonly<Record<"searched" | "skipped", number>> {
  const count = { searched: 0, skipped: 0 };
  fc.assert(
    fc.property(portables, (program) => {
      const { habits } = program;
      const text = portableText(program);
      showing(text, habits, () => {
        const sides = sidesOf(text, revision, habits);
        count[sides === null ? "skipped" : "searched"]++;
        if (sides !== null) law(seen(sides, text));
      });
    }),
    runs(n),
  );
  return count;
}

describe("programs of the class", () => {
  test("can do with start and result only what they can do with callbacks", () => {
    const { searched, skipped } = forAll(programs, "d1daf829", (sides) => {
      expect(sides.native).toEqual(expect.arrayContaining([...sides.split]));
    });
    expect(skipped).toBeLessThan(5 + searched / 8);
  });

  test("can do no more with start and result under the older revision", () => {
    const { searched, skipped } = forAll(40, "6d28164", (sides) => {
      expect(sides.native).toEqual(expect.arrayContaining([...sides.split]));
    });
    expect(skipped).toBeLessThan(5 + searched / 8);
  });

  test("have the same one outcome with start and result if they have one with callbacks", () => {
    let confluent = 0;
    const { searched } = forAll(programs, "d1daf829", (sides) => {
      if (sides.native.length > 1) return;
      confluent++;
      expect(sides.split).toEqual(sides.native);
    });
    expect(confluent).toBeGreaterThan(searched / 3);
    expect(confluent).toBeLessThan(searched);
  });

  test("come to an end with start and result, and neither trap nor hang", () => {
    forAll(programs, "d1daf829", (sides) => {
      expect(sides.split.length).toBeGreaterThan(0);
      // what follows the log says how a run ended, unless it ended well
      expect(sides.split.filter((outcome) => !outcome.endsWith("]"))).toEqual([]);
    });
  });
});

describe("the laws can fail", () => {
  test("they find a host whose requests to cancel name the wrong task", () => {
    const wrong: Setting = { name: "cancel-token", value: "listener" };
    const { failed } = fc.check(
      fc.property(portables, ({ habits, ...program }) => {
        const text = portableText({ ...program, habits });
        const sides = sidesOf(text, "d1daf829", [...habits, wrong]);
        if (sides === null) return;
        const { native, split: halves } = seen(sides, text);
        expect(native).toEqual(expect.arrayContaining([...halves]));
      }),
      { seed: 20260924, numRuns: 60, endOnFailure: true },
    );
    expect(failed).toBe(true);
  });
});

/** A callee that A cancels, and A, which goes on with its own `last` act. */
const cancelling = (before: string, last: string): string => `
scenario "a program"
component S {
  import host
  export f: async func() stackless {
    ${before}
    log "S goes on"
    await host.never()
  }
}
component A {
  import S
  export run: async func() stackless {
    let c = start S.f()
    cancel c
    log "A gave up"
    ${last}
  }
}
host {
  var go = 0
  func now: async func() { go = 0 }
  func never: async func() cancellable { await go }
}
run A.run
`;

describe("the class has bounds", () => {
  test("a callee waits for the host when it is cancelled", () => {
    const inside = sidesOf(cancelling("await host.now()", "yield"));
    expect(inside).toEqual({
      native: ["[S goes on, A gave up]"],
      split: ["[S goes on, A gave up]"],
    });
    // one that gave way goes on before the request has come through the host
    const outside = sidesOf(cancelling("yield", "yield"));
    expect(outside).toEqual({
      native: ["[A gave up]", "[S goes on, A gave up]"],
      split: ["[A gave up, S goes on]"],
    });
  });

  test("so do the tasks that a callee has spawned", () => {
    // today the callee has a turn inside subtask.cancel, in which it goes on with all that it can; or it had
    // one before, where it gave way
    expect(sidesOf(cancelling('spawn { yield; log "spawned" }', "yield"))).toEqual({
      native: ["[S goes on, spawned, A gave up]"],
      split: ["[S goes on, A gave up, spawned]"],
    });
  });

  test("nobody ends in the run in which it cancels a call", () => {
    // the callee is let go of, so that a host that goes on waits for it as long as it takes
    expect(sidesOf(cancelling("await host.now()", ""))).toEqual({
      native: ["[S goes on, A gave up]"],
      split: ["[S goes on, A gave up] stuck run"],
    });
  });
});
