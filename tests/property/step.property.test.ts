// Laws of single steps, over random systems and random schedules.

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storeFromJson, storeToJson } from "../../src/model/json.ts";
import type { Store } from "../../src/model/store.ts";
import { enabled, step } from "../../src/scheduler/machine.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { anySystem } from "./arbitraries/systems.ts";
import { anySeed, deepFreeze, revisionNames, runs, walk } from "./laws.ts";

const anyRevision = fc.constantFrom(...revisionNames);

/** The bytes of all memories: pages cannot be frozen, so they are compared. */
function bytes(store: Store): string {
  const pages = store.entities.memory.flatMap((m) => m?.leaves.flatMap((leaf) => leaf ?? []) ?? []);
  return pages.map((page) => (page === null ? "" : Buffer.from(page).toString("base64"))).join();
}

describe("a step", () => {
  test("is total: every enabled action gives a store, and every run of these systems ends", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        const { store, complete } = walk(scenario, revision, policySeed, ({ actions, after }) => {
          expect(after.entities).toBeDefined();
          expect(new Set(actions.map((a) => a.name)).size).toBe(actions.length);
        });
        expect(complete).toBe(true);
        expect(store.ending?.tag).not.toBe("limit");
      }),
      runs(300),
    );
  });

  test("is deterministic: done twice, it gives equal stores", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        walk(scenario, revision, policySeed, ({ before, action, after }, system) => {
          const again = step(system, before, action);
          if (!isDeepStrictEqual(again, after)) expect(again).toEqual(after);
        });
      }),
      runs(60),
    );
  });

  test("leaves the store that it starts from as it was, and so does asking what is enabled", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        let before = "";
        walk(scenario, revision, policySeed, ({ before: store, action, after }, system) => {
          before = bytes(store);
          deepFreeze(store);
          expect(enabled(system, store).some((a) => a.name === action.name)).toBe(true);
          const again = step(system, store, action);
          expect(bytes(store)).toBe(before);
          expect(bytes(again)).toBe(bytes(after));
        });
      }),
      runs(60),
    );
  });

  test("is the same on a store that was written as JSON and read back, which is an equal store", () => {
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        let n = 0;
        walk(scenario, revision, policySeed, ({ before, action, after }, system) => {
          n += 1;
          if (n % 5 !== 0) return;
          const read = storeFromJson(storeToJson(before));
          if (!isDeepStrictEqual(read, before)) expect(read).toEqual(before);
          const again = step(system, read, action);
          if (!isDeepStrictEqual(again, after)) expect(again).toEqual(after);
        });
      }),
      runs(60),
    );
  });

  test("keeps every standing property at d1daf829", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          const final = enabled(system, after).length === 0;
          expect(brokenProperty(after, final)).toBeNull();
        });
      }),
      runs(300),
    );
  });

  test("suspends a thread only where the thread, or one that promotes it, says so", () => {
    const suspending =
      /^thread\.(?:suspending|suspend-then|suspend-then-promote|yield-then-promote)$/;
    fc.assert(
      fc.property(anySystem, anyRevision, anySeed, (scenario, revision, policySeed) => {
        walk(scenario, revision, policySeed, ({ before, after }) => {
          const top =
            before.entities.thread[before.stack.at(-1) ?? -1]?.frames.at(-1)?.tag ?? "tick";
          for (const [id, thread] of before.entities.thread.entries()) {
            const now = after.entities.thread[id];
            if (!thread || thread.state.tag === "suspended" || now?.name !== thread.name) continue;
            if (now.state.tag === "suspended") expect(top).toMatch(suspending);
          }
        });
      }),
      runs(600),
    );
  });

  test("fails no assertion at d1daf829, whatever the guests do", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        walk(scenario, "d1daf829", policySeed, ({ after }) => {
          expect(after.ending?.tag).not.toBe("bug");
        });
      }),
      runs(300),
    );
  });

  test("fails at 6d28164 only the assertions that are known to be wrong there", () => {
    const known = new Set(["A09", "A40", "A56", "A58"]);
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        walk(scenario, "6d28164", policySeed, ({ after: { ending } }) => {
          if (ending?.tag === "bug" && !known.has(ending.code)) expect(ending).toBeNull();
        });
      }),
      runs(300),
    );
  });
});
