// What threads that search together share, and what each of them finds: without threads.

import { describe, expect, test } from "vitest";
import { Claims, Control } from "../../src/cli/claims.ts";
import { taskOf } from "../../src/cli/task.ts";
import { searchPart } from "../../src/cli/worker.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import type { Graph } from "../../src/scheduler/explore/graph.ts";
import { mergeGraphs, openNodes } from "../../src/scheduler/explore/merge.ts";
import type { Picks } from "../../src/scheduler/explore/replay.ts";
import { search } from "../../src/scheduler/explore/search.ts";
import { fromTheBeginning, graphOf, widen } from "../../src/scheduler/explore/shard.ts";
import { plainGraph } from "../models/same-graph.ts";
import { cli } from "./cli-harness.ts";
import { scaleFile, scaleScenario } from "./scale-harness.ts";

const task = taskOf({
  scenario: scaleScenario("SCALE-1"),
  revision: parseRevision("d1daf829"),
  options: { maxStates: 10_000 },
});

const whole = graphOf(search(task.model, task.search));

describe("claims", () => {
  test("are given to the first who asks, in both views of one table", () => {
    const claims = Claims.of(10);
    const other = new Claims(claims.buffer);
    expect(claims.take(3, -4)).toBe(true);
    expect(other.take(3, -4)).toBe(false);
    expect(other.take(-4, 3)).toBe(true);
    expect([claims.take(0, 0), other.take(0, 0)]).toEqual([true, false]);
  });

  test("fit even if all keys begin in one place", () => {
    const claims = Claims.of(1);
    const twice = [1, 2].map(() => {
      let taken = 0;
      for (let i = 0; i < 20_000; i++) if (claims.take(i << 16, 0)) taken += 1;
      return taken;
    });
    expect(twice).toEqual([20_000, 0]);
  });
});

/** Some parts of one search in turn, each from its share of the frontier. */
class Parts {
  readonly claims: Claims = Claims.of(10_000);
  readonly control: Control = new Control();
  readonly known: Graph;
  readonly frontier: readonly Picks[];
  readonly given: Picks[] = [];

  constructor() {
    const { graph, frontier } = widen(task.model, task.search, fromTheBeginning, 100);
    this.known = graph;
    this.frontier = frontier;
    this.control.reset(graph.nodes);
    for (let i = 0; i < graph.nodes; i++)
      this.claims.take(graph.keys[2 * i]!, graph.keys[2 * i + 1]!);
  }

  search(frontier: readonly Picks[]): Graph {
    const { claims, control } = this;
    return graphOf(
      searchPart(task, { claims, control }, frontier, (ways) => this.given.push(...ways)),
    );
  }
}

describe("parts of a search that share claims", () => {
  test("expand each state once and find the whole graph", () => {
    const parts = new Parts();
    const graphs = [0, 1, 2].map((i) => parts.search(parts.frontier.filter((_, k) => k % 3 === i)));
    const expanded = graphs.reduce((n, graph) => n + graph.nodes - openNodes(graph).length, 0);
    const before = parts.known.nodes - openNodes(parts.known).length;
    expect(before + expanded).toBe(whole.nodes);
    expect(parts.control.states).toBe(whole.nodes);
    const merged = mergeGraphs([parts.known, ...graphs]);
    expect(merged.coverage).toEqual({ tag: "all" });
    expect(plainGraph(merged)).toEqual(plainGraph(whole));
  });

  test("give work away when somebody is hungry, and it is not lost", () => {
    const parts = new Parts();
    parts.control.hunger();
    const first = parts.search(parts.frontier);
    expect(parts.given.length).toBeGreaterThan(0);
    expect(parts.given.length).toBeLessThanOrEqual(64);
    expect(parts.control.isHungry()).toBe(false);
    expect(mergeGraphs([parts.known, first]).coverage.tag).not.toBe("all");
    const merged = mergeGraphs([parts.known, first, parts.search([...parts.given])]);
    expect(merged.coverage).toEqual({ tag: "all" });
    expect(plainGraph(merged)).toEqual(plainGraph(whole));
  });

  test("stop when they are told to, and leave the rest open", () => {
    const parts = new Parts();
    parts.control.stop();
    const graph = parts.search(parts.frontier);
    expect(graph.coverage).toEqual({ tag: "interrupted" });
    expect(openNodes(graph).length).toBeGreaterThan(0);
  });
});

describe("the option --workers", () => {
  const file = scaleFile;

  test.each([
    [["--exact"], "--exact does not go with --workers: only the states' hashes are kept"],
    [
      ["--max-deviations", "1"],
      "--max-deviations does not go with --workers: no part knows the fewest deviations to a state",
    ],
    [
      ["--reduce", "symmetry"],
      "--reduce symmetry does not go with --workers: which image of a state is kept depends on the order",
    ],
    [
      ["--max-states", "40000000"],
      "--workers visit 33554432 states at the most: lower --max-states",
    ],
  ])("with %j is refused", async (more, why) => {
    const said = await cli(["explore", file, "--workers", "2", ...more]);
    expect(said).toEqual({ code: 2, out: "", err: `${why}\n` });
  });

  test("with one thread is as without it", async () => {
    const plain = await cli(["explore", file, "--only", "SCALE-3", "--exact"]);
    expect(await cli(["explore", file, "--only", "SCALE-3", "--exact", "--workers", "1"])).toEqual(
      plain,
    );
  });
});
