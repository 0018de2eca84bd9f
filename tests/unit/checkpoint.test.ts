// Checkpoints: a search that was interrupted and goes on says what an uninterrupted one says.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { graphFromJson, graphToJson, packWays, unpackWays } from "../../src/cli/graph-file.ts";
import { taskOf } from "../../src/cli/task.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import {
  type Live,
  type Searched,
  type Start,
  search,
} from "../../src/scheduler/explore/search.ts";
import { fromTheBeginning, graphOf } from "../../src/scheduler/explore/shard.ts";
import { plainGraph } from "../models/same-graph.ts";
import { cli } from "./cli-harness.ts";
import { folder, scaleFile, scaleScenario, withoutSteps } from "./scale-harness.ts";

const at = folder();

function task(id: string, options: { readonly maxDeviations?: number } = {}) {
  const revision = parseRevision("d1daf829");
  return taskOf({ scenario: scaleScenario(id), revision, options });
}

/** As it is when it comes out of a file. */
function onPaper(searched: Searched<unknown>): Start {
  const graph = graphFromJson(JSON.parse(JSON.stringify(graphToJson(graphOf(searched)))));
  return { graph, frontier: unpackWays(packWays(searched.frontier())) };
}

/** Searches in pieces: of each only what it would give back at its `nth` look is known later on. */
function inPieces({ model, search: options }: ReturnType<typeof task>, nth: number) {
  let start: Start = fromTheBeginning;
  for (let pieces = 1; ; pieces++) {
    let looks = 0;
    let kept: Start | null = null;
    const watch = ({ snapshot }: Live): boolean => {
      looks += 1;
      if (looks === nth) kept = onPaper(snapshot());
      return looks < nth;
    };
    const found = search(model, options, { ...start, watch });
    if (found.coverage.tag !== "interrupted") return { found, pieces };
    start = kept ?? start;
  }
}

describe("a search in pieces", () => {
  test.each(["SCALE-1", "SCALE-2"])("comes to the same graph: %s", (id) => {
    const plain = search(task(id).model, task(id).search);
    const most = [1, 2, 7, 20, 45].map((nth) => {
      const { found, pieces } = inPieces(task(id), nth);
      expect(found.coverage).toEqual({ tag: "all" });
      expect(found.transitions).toBe(plain.transitions);
      expect(plainGraph(graphOf(found))).toEqual(plainGraph(graphOf(plain)));
      return pieces;
    });
    expect(Math.max(...most)).toBeGreaterThan(40);
    expect(Math.min(...most)).toBeGreaterThan(1);
  });

  test("gives a snapshot that is what it gives back when it stops there", () => {
    const { model, search: options } = task("SCALE-2");
    let kept: Start | null = null;
    const watch = ({ snapshot }: Live): boolean => {
      kept = onPaper(snapshot());
      return false;
    };
    expect(onPaper(search(model, options, { ...fromTheBeginning, watch }))).toEqual(kept);
  });

  test("remembers that a bound on deviations left something out", () => {
    const bounded = task("SCALE-1", { maxDeviations: 3 });
    const plain = search(bounded.model, bounded.search);
    expect(plain.coverage).toEqual({ tag: "deviations", bound: 3 });
    for (const nth of [1, 2, 3]) {
      const { found, pieces } = inPieces(bounded, nth);
      expect(pieces).toBeGreaterThan(1);
      expect(found.coverage).toEqual({ tag: "deviations", bound: 3 });
      expect(plainGraph(graphOf(found))).toEqual(plainGraph(graphOf(plain)));
    }
  });
});

/** Answers `true` from the `n`th time on that it is asked whether to stop. */
function stopAfter(n: number): () => boolean {
  let asked = 0;
  return () => {
    asked += 1;
    return asked > n;
  };
}

describe("explore --checkpoint", () => {
  const argv = (path: string, ...more: readonly string[]) => [
    ...["explore", scaleFile, "--checkpoint", path, ...more],
  ];

  test("goes on where it was interrupted, and says the same in the end", async () => {
    const more = ["--revision", "d1daf829"];
    const plain = await cli(["explore", scaleFile, ...more]);
    for (const n of [4, 11]) {
      const path = at(`${n}.json`);
      let said = await cli(argv(path, ...more), { stopped: stopAfter(n) });
      let times = 1;
      for (; existsSync(path); times++) {
        expect(said.code).not.toBe(0);
        expect(said.err).toContain(`${path} holds what was found: the same command goes on\n`);
        said = await cli(argv(path, ...more), { stopped: stopAfter(n) });
      }
      expect(times).toBeGreaterThan(1);
      expect(said).toEqual(plain);
    }
  });

  test("prints what was found so far when it is interrupted", async () => {
    const path = at("so-far.json");
    const said = await cli(argv(path), { stopped: stopAfter(3) });
    expect(said.out).toContain("interrupted)");
    expect(said.out).toContain("bounded never stuck");
  });

  test("says the same JSON, but for the number of steps", async () => {
    const path = at("json.json");
    const plain = await cli(["explore", scaleFile, "--json"]);
    await cli(argv(path), { stopped: stopAfter(7) });
    expect(existsSync(path)).toBe(true);
    const said = await cli(argv(path, "--json"));
    expect(withoutSteps(said.out)).toEqual(withoutSteps(plain.out));
  });

  test("writes every so often while it searches", async () => {
    const path = at("often.json");
    let seen = 0;
    const stopped = (): boolean => {
      if (existsSync(path)) seen += 1;
      return false;
    };
    await cli(argv(path, "--checkpoint-every", "0"), { stopped });
    expect(seen).toBeGreaterThan(1);
    expect(existsSync(path)).toBe(false);
  });

  test("goes on from a bound with a higher one", async () => {
    const path = at("bound.json");
    const first = await cli(argv(path, "--only", "SCALE-1", "--max-states", "1000"));
    expect(first.out).toContain("stopped at 1000 states");
    const plain = await cli(["explore", scaleFile, "--only", "SCALE-1"]);
    expect(await cli(argv(path, "--only", "SCALE-1"))).toEqual(plain);
    expect(existsSync(path)).toBe(false);
  });

  test("keeps a shard", async () => {
    const more = ["--shard", "2/2", "--output", at("shard.json"), "--only", "SCALE-1"];
    const path = at("of-shard.json");
    await cli(argv(path, ...more), { stopped: stopAfter(3) });
    expect(existsSync(path)).toBe(true);
    expect(existsSync(at("shard.json"))).toBe(false);
    expect((await cli(argv(path, ...more))).code).toBe(0);
    expect(existsSync(path)).toBe(false);
    const other = ["--shard", "1/2", "--output", at("other.json"), "--only", "SCALE-1"];
    await cli(["explore", scaleFile, ...other]);
    const plain = await cli(["explore", scaleFile, "--only", "SCALE-1"]);
    expect(await cli(["merge", at("shard.json"), at("other.json")])).toEqual(plain);
  });

  test("refuses the checkpoint of something else", async () => {
    const path = at("else.json");
    await cli(argv(path), { stopped: stopAfter(3) });
    const refused = async (why: string, ...more: readonly string[]): Promise<void> => {
      expect(await cli(argv(path, ...more))).toEqual({ code: 2, out: "", err: `${why}\n` });
    };
    const what = `${path} is the checkpoint of something else`;
    await refused(`${what}: --only differs`, "--only", "SCALE-1");
    await refused(`${what}: --reduce differs`, "--no-reduce");
    await refused(`${what}: --shard differs`, "--shard", "1/2", "--output", at("x.json"));
    writeFileSync(path, readFileSync(path, "utf8").slice(0, -100));
    await refused(`${path} is damaged: it is not as canon-async wrote it`);
  });

  test.each([
    [["--checkpoint-every", "1"], "--checkpoint-every needs --checkpoint FILE"],
    [
      ["--checkpoint", "x", "--exact"],
      "--exact does not go with --checkpoint: only the states' hashes are kept",
    ],
  ])("is refused with %j", async (more, why) => {
    expect(await cli(["explore", scaleFile, ...more])).toEqual({
      code: 2,
      out: "",
      err: `${why}\n`,
    });
  });
});
