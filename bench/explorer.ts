// The explorer: states a second, the time of the litmus test, memory for each state.

import { spawnSync } from "node:child_process";
import { execPath } from "node:process";
import { fileURLToPath } from "node:url";
import { parseRevision } from "../src/scenario/revision.ts";
import { verify } from "../src/scenario/verify.ts";
import type { Coverage } from "../src/scheduler/explore/graph.ts";
import { litmus } from "./corpus.ts";
import { median, seconds } from "./measure.ts";
import { type Footprint, footprint } from "./memory.ts";
import {
  type Asking,
  type Search,
  type SearchName,
  searchBuffer,
  searchLitmus,
  searchWasi,
} from "./searches.ts";
import { demand, type Figure, type Target } from "./workload.ts";

/** What a search must find. */
interface Expected {
  readonly covered: Coverage["tag"];
  /** null: what counts as one state is for the key to say */
  readonly states: number | null;
  /** null: nobody else has counted them */
  readonly transitions: number | null;
}

const whole = (states: number | null, transitions: number | null): Expected => {
  return { covered: "all", states, transitions };
};

/** States a second of one search. */
function searchRate(search: Search, expected: Expected): number {
  let states = 0;
  const spent = seconds(() => {
    const found = search();
    states = found.states;
    checkCounts(found, expected);
  });
  return states / spent;
}

function checkCounts(found: ReturnType<Search>, expected: Expected): void {
  const { states, transitions, coverage } = found;
  const wanted = {
    covered: expected.covered,
    states: expected.states ?? states,
    transitions: expected.transitions ?? transitions,
  };
  const text = JSON.stringify({ covered: coverage.tag, states, transitions });
  demand(text === JSON.stringify(wanted), `${text} instead of ${JSON.stringify(wanted)}`);
}

function medianRate(search: Search, expected: Expected, rounds: number): number {
  return median(Array.from({ length: rounds }, () => searchRate(search, expected)));
}

/** Counted by a program of its own, as plain as can be. */
const tiny: Expected = whole(180, 492);
const tinySymmetric: Expected = whole(94, null);

const atLeast = (bound: number): Target => ({ of: "value", is: "at least", bound });
const atMost = (bound: number): Target => ({ of: "value", is: "at most", bound });

/** States a second of the bounded buffer; the large one takes seconds and is searched once. */
function bufferRate(
  size: "small" | "large",
  asking: Asking,
  expected: Expected,
  target: Target | null,
): Figure {
  const rounds = size === "small" ? 5 : 1;
  const measure = (small: boolean): number =>
    small
      ? searchRate(searchBuffer("tiny", asking), tiny)
      : medianRate(searchBuffer(size, asking), expected, rounds);
  const name = `bb-${size}-${asking}`;
  return { tag: "figure", name, unit: "states/s", target, measure };
}

function symmetricRate(size: "small" | "large", states: number): Figure {
  const measure = (small: boolean): number =>
    small
      ? searchRate(searchBuffer("tiny", "outcomes", true), tinySymmetric)
      : medianRate(searchBuffer(size, "outcomes", true), whole(states, null), 3);
  const name = `bb-${size}-symmetry`;
  return { tag: "figure", name, unit: "states/s", target: null, measure };
}

/** States a second of a scenario that nobody else has counted. */
function scenarioRate(
  name: string,
  search: (maxStates: number | null) => Search,
  target: Target | null,
): Figure {
  const measure = (small: boolean): number =>
    small
      ? searchRate(search(500), { ...whole(null, null), covered: "states" })
      : medianRate(search(null), whole(null, null), 5);
  return { tag: "figure", name, unit: "states/s", target, measure };
}

function abiRate(asking: Asking): Figure {
  return scenarioRate(`abi-${asking}`, (most) => searchLitmus(asking, most), atLeast(50_000));
}

const litmusTime: Figure = {
  tag: "figure",
  name: "litmus-3x2",
  unit: "s",
  target: atMost(1),
  measure(small) {
    const scenario = litmus();
    const bound = small ? { maxStates: 500 } : {};
    const once = (): number =>
      seconds(() => {
        const { verdict, outcomes } = verify(scenario, parseRevision("d1daf829"), bound);
        const proved = verdict === "proved" && outcomes.length === 3;
        demand(small ? verdict !== "violated" : proved, `the litmus test is ${verdict}`);
      });
    return median(Array.from({ length: small ? 1 : 5 }, once));
  },
};

/** In a process of its own, so that nothing else is in it. */
function footprintAlone(name: SearchName, asking: Asking, maxStates: number): Footprint {
  const script = fileURLToPath(new URL("./memory.js", import.meta.url));
  const args = [script, name, asking, String(maxStates)];
  const { status, stdout, stderr } = spawnSync(execPath, args, { encoding: "utf8" });
  demand(status === 0, `the search for memory failed: ${stderr}`);
  return JSON.parse(stdout) as Footprint;
}

function taken(small: boolean, name: SearchName, asking: Asking, maxStates: number): Footprint {
  const bound = small ? 1000 : maxStates;
  const found = small ? footprint(name, asking, bound) : footprintAlone(name, asking, bound);
  demand(found.states >= bound, `the search has ${found.states} states`);
  return found;
}

function memoryPerState(search: SearchName, asking: Asking, maxStates: number): Figure {
  const measure = (small: boolean): number => {
    const { states, before, peak } = taken(small, search, asking, maxStates);
    return (peak - before) / states;
  };
  const name = `${search}-memory-${asking}`;
  return { tag: "figure", name, unit: "bytes/state", target: null, measure };
}

const tenMillion: Figure = {
  tag: "figure",
  name: "bb-memory-10m",
  unit: "MiB at the peak",
  target: atMost(1024),
  measure: (small) => taken(small, "bb", "states", 10_000_000).peak / 2 ** 20,
};

export const explorerFigures: readonly Figure[] = [
  bufferRate("small", "outcomes", whole(426_273, 2_721_106), null),
  bufferRate("small", "states", whole(426_273, 2_721_106), null),
  bufferRate("large", "outcomes", whole(2_499_585, 16_790_098), atLeast(250_000)),
  bufferRate("large", "states", whole(2_499_585, 16_790_098), atLeast(250_000)),
  symmetricRate("small", 39_579),
  symmetricRate("large", 228_297),
  abiRate("outcomes"),
  abiRate("states"),
  scenarioRate("wasi-outcomes", (most) => searchWasi("outcomes", most), null),
  litmusTime,
  memoryPerState("bb", "outcomes", 2_500_000),
  memoryPerState("bb", "states", 2_500_000),
  memoryPerState("abi", "outcomes", 500_000),
  memoryPerState("abi", "states", 500_000),
  tenMillion,
];
