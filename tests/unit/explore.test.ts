// The explorer on small models whose answers can be counted by hand, and on a large one whose are known.

import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { type ExploreOptions, explore, type Found } from "../../src/scheduler/explore/explore.ts";
import { search } from "../../src/scheduler/explore/search.ts";
import { Visited } from "../../src/scheduler/explore/visited.ts";
import { follow, printSchedule } from "../../src/scheduler/model.ts";
import { type BoundedBuffer, boundedBuffer } from "../models/bb.ts";
import { type Table, type TableState, tableModel } from "../models/table.ts";

const at = ({ at: name }: TableState): string => name;

/** Each outcome in one line: what, how many, how likely, how dear, by which schedule. */
function lines(table: Table, options: ExploreOptions<TableState> = {}): readonly string[] {
  return explore(tableModel(table), { final: at, ...options }).outcomes.map(line);
}

function line({ tag, fair, fact, observed, schedules, probability, cost, witness }: Found): string {
  const what = tag === "end" ? fact : fair ? "cycle" : "unfair cycle";
  const seen = observed.length > 0 ? ` [${observed.join()}]` : "";
  const many = schedules === null ? "inf" : schedules;
  return `${what}${seen}: ${many} x, p ${probability.toFixed(6)}, cost ${cost}, ${printSchedule(witness)}`;
}

describe("outcomes", () => {
  test("come with their number of schedules, probability, cost and a cheapest witness", () => {
    expect(lines({ s: ["a", "b", "end2"], a: ["b", "end1"], b: ["end1", "end2"] })).toEqual([
      "end1: 3 x, p 0.416667, cost 0, default",
      "end2: 3 x, p 0.583333, cost 1, end2#1",
    ]);
  });

  test("that differ in what was observed are told apart, however it came in pieces", () => {
    const table: Table = {
      s: [{ to: "a", observed: ["x", "y"] }, { to: "b", observed: ["x"] }, "c"],
      b: [{ to: "a", observed: ["y"] }],
      c: [{ to: "a", observed: ["xy"] }],
      a: ["end"],
    };
    expect(lines(table)).toEqual([
      "end [x,y]: 2 x, p 0.666667, cost 0, default",
      "end [xy]: 1 x, p 0.333333, cost 1, c#1",
    ]);
  });

  test("count schedules beyond 128 bits exactly", () => {
    const steps = Array.from({ length: 300 }, (_, i) => [`s${i}`, [`s${i + 1}`, `s${i + 1}`]]);
    const [found] = explore(tableModel(Object.fromEntries(steps))).outcomes;
    expect(found?.schedules).toBe(2n ** 300n);
    expect(found?.probability).toBeCloseTo(1, 12);
  });

  test("behind a cycle have infinitely many schedules, and the probability of leaving it", () => {
    const table: Table = { s: ["a", "end3"], a: ["b", "end1"], b: ["a", "b", "end2"] };
    expect(lines(table)).toEqual([
      "cycle: inf x, p 0.000000, cost 0, default",
      "end3: 1 x, p 0.500000, cost 1, end3#1",
      "end1: inf x, p 0.333333, cost 1, end1#1",
      "end2: inf x, p 0.166667, cost 1, end2#1",
    ]);
  });

  test("of which there is no end are said not to be complete", () => {
    const table: Table = { s: [{ to: "s", observed: ["again"] }, "end"] };
    const found = explore(tableModel(table), { final: at, maxProduct: 5 });
    expect(found.outcomesComplete).toBe(false);
    expect(found.outcomes.map(({ tag, observed }) => [tag, observed.length])).toEqual([
      ["end", 0],
      ["end", 1],
    ]);
  });

  test("are only facts where there is no graph", () => {
    const model = tableModel({ s: ["a", "b"], a: ["end2"], b: ["end1"] });
    const { outcomes, facts, outcomesComplete } = explore(model, { final: at, graph: false });
    expect({ outcomes, facts, outcomesComplete }).toEqual({
      outcomes: [],
      facts: ["end1", "end2"],
      outcomesComplete: false,
    });
  });
});

describe("a cycle", () => {
  const resume = (thread: string, to: string) => ({ to, id: `resume ${thread}` });

  test("is unfair if it leaves out an action that is always enabled", () => {
    const table: Table = { s: [resume("a", "s"), resume("b", "end")] };
    expect(lines(table)).toEqual([
      "unfair cycle: inf x, p 0.000000, cost 0, default",
      "end: inf x, p 1.000000, cost 1, end#1",
    ]);
  });

  test("is fair if the action is not enabled all the way round", () => {
    const table: Table = { s: [resume("a", "t"), resume("b", "end")], t: [resume("a", "s")] };
    expect(lines(table)[0]).toBe("cycle: inf x, p 0.000000, cost 0, default");
  });

  test("is no fairer for states in which only the running thread chooses", () => {
    const table: Table = { s: [resume("a", "t"), resume("b", "end")], t: ["s", "s"] };
    expect(lines(table)[0]).toBe("unfair cycle: inf x, p 0.000000, cost 0, default");
  });

  test("has a fair way round for its witness, if the shortest one is not fair", () => {
    const table: Table = { s: [resume("a", "s"), resume("b", "t")], t: [resume("a", "s")] };
    expect(lines(table)).toEqual(["cycle: inf x, p 1.000000, cost 0, t#2"]);
  });

  test("that observes nothing is an outcome for each sequence before it", () => {
    const table: Table = {
      s: [{ to: "loop", observed: ["x"] }, { to: "loop", observed: ["y"] }, "end"],
      loop: ["loop"],
    };
    expect(lines(table)).toEqual([
      "cycle [x]: inf x, p 0.333333, cost 0, default",
      "end: 1 x, p 0.333333, cost 1, end#1",
      "cycle [y]: inf x, p 0.333333, cost 1, loop#1",
    ]);
  });
});

describe("a search", () => {
  const diamond: Table = {
    s: ["a", "b"],
    a: ["c", "d"],
    b: ["d"],
    c: ["bad"],
    d: ["bad", "worse"],
  };

  test("gives a broken property with the cheapest state that breaks it", () => {
    const check = ({ at: name }: TableState): string | null =>
      name === "d" || name === "bad" ? `no ${name}` : null;
    const { violations } = explore(tableModel(diamond), { check });
    expect(
      violations.map(({ property, state, cost, witness }) => [
        property,
        state.at,
        cost,
        printSchedule(witness),
      ]),
    ).toEqual([
      ["no bad", "bad", 0, "default"],
      ["no d", "d", 1, "d#1"],
    ]);
  });

  test("stops at its bounds and says so", () => {
    const model = tableModel(diamond);
    const states = explore(model, { maxStates: 2 });
    expect([states.coverage, states.states]).toEqual([{ tag: "states", bound: 2 }, 3]);
    const deviations = explore(model, { maxDeviations: 0, final: at });
    expect(deviations.coverage).toEqual({ tag: "deviations", bound: 0 });
    expect(deviations.outcomes.map(({ fact }) => fact)).toEqual(["bad"]);
    expect(explore(model, { maxDeviations: 2 }).coverage).toEqual({ tag: "all" });
    expect(explore(model, { maxStates: 7 }).coverage).toEqual({ tag: "all" });
  });

  test("refuses options that exclude each other", () => {
    const model = tableModel(diamond);
    expect(() => search(model, { maxDeviations: 1, order: "depth" })).toThrow("order of cost");
    const { graph } = search(model, { exact: true });
    expect(() => search(model, { exact: true }, { graph: graph!, frontier: [] })).toThrow(
      "cannot go on",
    );
  });

  test("can be stopped by who watches it", () => {
    const chain = Object.fromEntries(Array.from({ length: 600 }, (_, i) => [`${i}`, [`${i + 1}`]]));
    const found = explore(tableModel(chain), { progress: ({ states }) => states < 512 });
    expect([found.coverage.tag, found.states]).toEqual(["interrupted", 512]);
  });

  test("says which parts of the states are the most diverse, if it is cut off", () => {
    const chain = Object.fromEntries(
      Array.from({ length: 1999 }, (_, i) => [`${i}`, [`${i + 1}`]]),
    );
    const fields = ({ at: name }: TableState): [string, string][] => [
      ["parity", String(Number(name) % 2)],
      ["number", name],
    ];
    expect(explore(tableModel(chain), { fields, maxStates: 1999 }).diversity).toEqual([
      { field: "number", values: 256, sampled: 256 },
      { field: "parity", values: 2, sampled: 256 },
    ]);
    expect(explore(tableModel(chain), { fields }).diversity).toEqual([]);
  });

  test("says how likely it took a state for another one", () => {
    expect(explore(tableModel(diamond)).omission).toBe(49 / 2 ** 65);
    expect(explore(tableModel(diamond), { exact: true }).omission).toBe(0);
  });
});

describe("the table of visited states", () => {
  test("numbers keys in the order in which they come", () => {
    const visited = new Visited();
    const key = (i: number) => ({ hi: i % 7, lo: Math.imul(i, 0x10001) });
    const all = Array.from({ length: 50_000 }, (_, i) => i);
    expect(all.filter((i) => visited.visit(key(i)) !== ~i)).toEqual([]);
    expect(all.filter((i) => visited.visit(key(i)) !== i)).toEqual([]);
    expect([visited.size, visited.find({ hi: 8, lo: 1 })]).toEqual([50_000, -1]);
    expect(visited.keys().slice(2 * 9, 2 * 9 + 2)).toEqual(new Int32Array([2, 9 * 0x10001]));
  });

  test("tells equal hashes apart when it is exact", () => {
    const visited = new Visited(true);
    const encoding = new Encoding(true);
    const visit = (...ints: readonly number[]): number => {
      encoding.clear();
      for (const n of ints) encoding.push(n);
      return visited.visit({ hi: 1, lo: 2 }, encoding);
    };
    expect([visit(5, 6), visit(5), visit(5, 7), visit(5, 6), visit(5)]).toEqual([~0, ~1, ~2, 0, 1]);
  });
});

describe("the bounded buffer", () => {
  const model = boundedBuffer({ producers: 3, consumers: 2, values: 3, cap: 2, cancels: 2 });

  test("has the states and transitions that every other tool counts", () => {
    for (const order of ["cost", "depth"] as const) {
      const { states, transitions, coverage } = explore(model, { order, graph: false });
      expect([states, transitions, coverage.tag]).toEqual([426_273, 2_721_106, "all"]);
    }
  });

  test("has as many schedules up to symmetry, in fewer states", () => {
    const small = boundedBuffer({ producers: 2, consumers: 2, values: 2, cap: 2, cancels: 1 });
    const [whole] = explore(small).outcomes;
    const [folded] = explore(small, { reduce: { symmetry: true } }).outcomes;
    expect(folded?.schedules).toBe(whole?.schedules);
    const { states } = explore(model, { reduce: { symmetry: true } });
    expect(states).toBe(39_579);
  });

  test("has concrete witnesses under symmetry, too", () => {
    const small = boundedBuffer({ producers: 2, consumers: 2, values: 2, cap: 2, cancels: 1 });
    const isBroken = ({ consumers, buffer }: BoundedBuffer): boolean =>
      consumers.every(({ last }) => last > 0) && buffer.length === 2;
    const check = (s: BoundedBuffer): string | null => (isBroken(s) ? "never" : null);
    const { violations } = explore(small, { check, reduce: { symmetry: true } });
    expect(violations.map(({ property }) => property)).toEqual(["never"]);
    const { witness, cost, state } = violations[0]!;
    const follower = follow(witness);
    let reached: BoundedBuffer = small.initial;
    while (follower.unused().length > 0)
      reached = small.step(reached, follower.pick(small.enabled(reached)));
    expect(cost).toBe(witness.length);
    expect(isBroken(state)).toBe(true);
    // After the last deviation only defaults are left to take.
    for (let n = 0; n < 20 && !isDeepStrictEqual(reached, state); n++) {
      reached = small.step(reached, small.enabled(reached)[0]!);
    }
    expect(reached).toEqual(state);
  });
});
