// Sharing an exploration out by schedule prefix: nothing is lost, and nothing else is said of the whole.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { searchedOf } from "../../src/scheduler/explore/checkpoint.ts";
import { explore, report } from "../../src/scheduler/explore/explore.ts";
import { mergeGraphs, openNodes } from "../../src/scheduler/explore/merge.ts";
import { search } from "../../src/scheduler/explore/search.ts";
import { graphOf, shardStart } from "../../src/scheduler/explore/shard.ts";
import { random } from "../../src/scheduler/sampling/random.ts";
import { boundedBuffer } from "../models/bb.ts";
import { plainGraph } from "../models/same-graph.ts";
import { randomProgram, threadsModel } from "../models/threads.ts";

const tiny = boundedBuffer({ producers: 2, consumers: 1, values: 1, cap: 1, cancels: 1 });

function threads(seed: number): ReturnType<typeof threadsModel> {
  const next = random(seed);
  const variables = 2 + (next() % 4);
  return threadsModel(randomProgram(next, variables), variables);
}

describe("shards", () => {
  test("begin with disjoint parts of one and the same frontier", () => {
    const starts = [1, 2, 3].map((index) => shardStart(tiny, {}, { index, count: 3 }, 40));
    const whole = shardStart(tiny, {}, { index: 1, count: 1 }, 40);
    expect(whole.graph?.nodes).toBeGreaterThan(40);
    expect(starts.map(({ graph }) => graph)).toEqual([whole.graph, whole.graph, whole.graph]);
    expect(starts.flatMap(({ frontier }) => frontier)).toEqual(whole.frontier);
    const sizes = starts.map(({ frontier }) => frontier.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  });

  test("together find the 180 states and 492 transitions of the bounded buffer", () => {
    const graphs = [1, 2, 3].map((index) =>
      graphOf(search(tiny, {}, shardStart(tiny, {}, { index, count: 3 }, 30))),
    );
    for (const graph of graphs) expect(openNodes(graph).length).toBeGreaterThan(0);
    const { states, transitions, coverage } = searchedOf(mergeGraphs(graphs));
    expect([states, transitions, coverage]).toEqual([180, 492, { tag: "all" }]);
  });

  test("together come to the graph and the report of one search", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.nat(30), (seed, count, states) => {
        const model = threads(seed);
        const plain = search(model, { maxStates: 2000 });
        fc.pre(plain.coverage.tag === "all");
        const graphs = Array.from({ length: count }, (_, i) =>
          graphOf(search(model, {}, shardStart(model, {}, { index: i + 1, count }, states))),
        );
        const merged = searchedOf<(typeof model)["initial"]>(mergeGraphs(graphs));
        expect(plainGraph(graphOf(merged))).toEqual(plainGraph(graphOf(plain)));
        const said = report(model, {}, merged);
        expect({ ...said, steps: 0 }).toEqual({ ...explore(model), steps: 0 });
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  test("say of a search that a bound cut off that it was", () => {
    const graphs = [1, 2].map((index) =>
      graphOf(search(tiny, { maxStates: 60 }, shardStart(tiny, {}, { index, count: 2 }, 30))),
    );
    expect(mergeGraphs(graphs).coverage).toEqual({ tag: "states", bound: 60 });
  });
});
