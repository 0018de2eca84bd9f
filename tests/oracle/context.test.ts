// The shortest context of a rejection, against a judge that is known in full.

import fc from "fast-check";
import { expect, test } from "vitest";
import { shortestContext } from "../../src/oracle/judging/context.ts";
import { runs } from "../property/laws.ts";

type Says = (index: number) => boolean;

/** Rejects as soon as all of one of some groups of events are said, as contradictions do. */
function groups(all: readonly (readonly number[])[]): (says: Says) => boolean {
  return (says) => all.some((group) => group.every(says));
}

test("finds the only events that contradict, wherever they stand", () => {
  for (const group of [[], [0], [99], [0, 99], [17, 18, 63]]) {
    expect(shortestContext(100, groups([group]))).toEqual({ events: group, shortest: true });
  }
});

test("finds one of several contradictions, and each event of it is needed", () => {
  const group = fc.uniqueArray(fc.nat(59), { maxLength: 5 });
  const several = fc.array(group, { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(several, (all) => {
      const rejects = groups(all);
      const { events, shortest } = shortestContext(60, rejects);
      expect(shortest).toBe(true);
      expect(rejects((index) => events.includes(index))).toBe(true);
      for (const one of events) {
        expect(rejects((index) => index !== one && events.includes(index))).toBe(false);
      }
    }),
    runs(300),
  );
});

test("asks for two events among a thousand less than forty times", () => {
  // Halving 1000 events down to one takes 10 steps, and each step asks for two halves at the most.
  let asked = 0;
  const rejects = groups([[123, 877]]);
  shortestContext(1000, (says) => {
    asked += 1;
    return rejects(says);
  });
  expect(asked).toBeLessThanOrEqual(40);
});

test("keeps what a bound leaves open, and says so", () => {
  // Nothing is decided while more than half of the events are forgotten, as when judging explodes.
  const rejects = groups([[3]]);
  const bounded = (says: Says): boolean | null => {
    const said = Array.from({ length: 8 }, (_, i) => i).filter(says);
    return said.length < 4 ? null : rejects(says);
  };
  const { events, shortest } = shortestContext(8, bounded);
  expect(events).toContain(3);
  expect(events).toHaveLength(4);
  expect(shortest).toBe(false);
});

test("stops after as many questions as it may ask", () => {
  let asked = 0;
  const rejects = groups([[1, 5]]);
  const counted = (says: Says): boolean => {
    asked += 1;
    return rejects(says);
  };
  const { events, shortest } = shortestContext(8, counted, 3);
  expect(asked).toBe(3);
  expect(shortest).toBe(false);
  expect(rejects((index) => events.includes(index))).toBe(true);
});
