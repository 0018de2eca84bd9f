// Laws of searches: what may differ between two of them is how many steps they take, and nothing else.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ExploreOptions, explore } from "../../src/scheduler/explore/explore.ts";
import type { Graph } from "../../src/scheduler/explore/graph.ts";
import { mergeGraphs, openNodes } from "../../src/scheduler/explore/merge.ts";
import { type Searched, type Start, search } from "../../src/scheduler/explore/search.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import type { Model, Named } from "../../src/scheduler/model.ts";
import { factOf } from "../../src/scheduler/outcome.ts";
import { random } from "../../src/scheduler/sampling/random.ts";
import { plainGraph } from "../models/same-graph.ts";
import { type Instruction, randomProgram, threadsModel } from "../models/threads.ts";
import { smallSystem } from "./arbitraries/systems.ts";
import { anySeed, runs, systemUnder } from "./laws.ts";

const none = { sleep: false, coin: false };
const maxStates = 3000;

type Setting = Pick<ExploreOptions<unknown>, "order" | "reduce" | "exact">;

const settings: readonly Setting[] = [
  {},
  { order: "depth" },
  { reduce: { sleep: false } },
  { reduce: { coin: false } },
  { exact: true },
];

/** Random threads over random variables. */
function threads(seed: number): ReturnType<typeof threadsModel> {
  const next = random(seed);
  const variables = 2 + (next() % 4);
  return threadsModel(randomProgram(next, variables), variables);
}

function graphOf<S>({ graph }: Searched<S>): Graph {
  expect(graph).not.toBeNull();
  return graph!;
}

/** The graph without any reduction; a case is left out if that is too large. */
function whole<S, A extends Named>(model: Model<S, A>, final: (state: S) => string): Searched<S> {
  const searched = search(model, { maxStates, reduce: none, final });
  fc.pre(searched.coverage.tag === "all");
  return searched;
}

/** Keys of exact searches number texts as they come, so they are left out. */
function sameGraph(a: Graph, b: Graph, isExact: boolean): void {
  const plain = (graph: Graph) =>
    plainGraph(graph).map((node) => (isExact ? { ...node, key: "" } : node));
  expect(plain(a)).toEqual(plain(b));
}

function sameUnderAll<S, A extends Named>(model: Model<S, A>, final: (state: S) => string): void {
  const plain = whole(model, final);
  for (const setting of settings) {
    const searched = search(model, { ...setting, final });
    sameGraph(graphOf(searched), graphOf(plain), setting.exact === true);
    expect(searched.transitions).toBe(plain.transitions);
    expect(searched.repaired).toBe(0);
    const { states } = search(model, { ...setting, graph: false });
    expect(states).toBe(plain.states);
  }
}

describe("a search with reductions", () => {
  test("leaves the same graph of random threads as one without", () => {
    fc.assert(
      fc.property(anySeed, (seed) => sameUnderAll(threads(seed), () => "")),
      runs(150),
    );
  });

  test("leaves the same graph of random components as one without", () => {
    fc.assert(
      fc.property(smallSystem, (scenario) => {
        sameUnderAll(machineModel(systemUnder(scenario, "d1daf829")), factOf);
      }),
      runs(40),
    );
  });

  test("knows of a coin whether its thread has run already, although it is ready again", () => {
    const zero = 3;
    const add = (to: number): Instruction => ({ op: "set", to, from: zero, plus: 1 });
    // To block is to be resumed at once, for nobody else is ready; and at the host's next turn the
    // thread is ready again, together with the third one.
    const model = threadsModel(
      [
        [{ op: "log", from: zero }, { op: "yield" }, add(1), { op: "wait", on: 0, value: 1 }],
        [{ op: "wait", on: 1, value: 1 }, add(0)],
        [{ op: "wait", on: 0, value: 1 }],
      ],
      4,
    );
    const [coin] = plainGraph(graphOf(search(model)));
    expect(coin?.edges).toEqual([
      [1, "[]", ""],
      [1, "[]", ""],
    ]);
  });

  test("executes what does not follow from a model that tells too little", () => {
    let repaired = 0;
    for (let seed = 0; seed < 60; seed++) {
      const model = threads(seed);
      const silent: typeof model = {
        ...model,
        step(state, action, access) {
          const next = model.step(state, action, access);
          if (access !== undefined) access.took.length = 0;
          return next;
        },
      };
      const searched = search(silent, { maxStates, reduce: { coin: false } });
      const plain = search(model, { maxStates, reduce: none });
      sameGraph(graphOf(searched), graphOf(plain), false);
      repaired += searched.repaired;
    }
    expect(repaired).toBeGreaterThan(0);
  });

  test("takes fewer steps", () => {
    let plain = 0;
    let reduced = 0;
    for (let seed = 0; seed < 100; seed++) {
      plain += search(threads(seed), { maxStates, reduce: none }).steps;
      reduced += search(threads(seed), { maxStates }).steps;
    }
    expect(reduced).toBeLessThan(0.85 * plain);
  });
});

describe("an exploration", () => {
  test("says the same whatever the order and the reductions, and probabilities add up", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const model = threads(seed);
        const options = { maxStates, maxProduct: 2000 };
        const plain = explore(model, { ...options, reduce: none });
        fc.pre(plain.coverage.tag === "all");
        expect(explore(model, options).outcomes).toEqual(plain.outcomes);
        expect(explore(model, { ...options, order: "depth" }).outcomes).toEqual(plain.outcomes);
        if (!plain.outcomesComplete) return;
        const sum = plain.outcomes.reduce((n, { probability }) => n + probability, 0);
        expect(sum).toBeCloseTo(1, 9);
      }),
      runs(100),
    );
  });
});

describe("a search that is cut off", () => {
  type Threads = ReturnType<typeof threads>;

  /** Cuts a search off after some states, and goes on in one way or another. */
  function inPieces(on: (model: Threads, part: Graph, frontier: Start["frontier"]) => Graph): void {
    fc.assert(
      fc.property(anySeed, fc.nat(99), (seed, percent) => {
        const model = threads(seed);
        const plain = whole(model, () => "");
        const part = search(model, { maxStates: Math.floor((plain.states * percent) / 100) });
        const graph = on(model, graphOf(part), part.frontier());
        expect(openNodes(graph)).toEqual([]);
        expect(graph.coverage).toEqual({ tag: "all" });
        sameGraph(graph, graphOf(plain), false);
      }),
      runs(100),
    );
  }

  const every = (frontier: Start["frontier"], i: number): Start["frontier"] =>
    frontier.filter((_, k) => k % 3 === i);

  test("comes to the same graph when it goes on", () => {
    inPieces((model, graph, frontier) => graphOf(search(model, {}, { graph, frontier })));
  });

  test("comes to the same graph when others share the rest without knowing the beginning", () => {
    inPieces((model, part, frontier) => {
      const rest = [0, 1, 2].map((i) =>
        graphOf(search(model, {}, { frontier: every(frontier, i) })),
      );
      return mergeGraphs([part, ...rest]);
    });
  });

  test("comes to the same graph when others share the rest and know the beginning", () => {
    inPieces((model, graph, frontier) => {
      const rest = [0, 1, 2].map((i) =>
        graphOf(search(model, {}, { graph, frontier: every(frontier, i) })),
      );
      return mergeGraphs(rest);
    });
  });
});
