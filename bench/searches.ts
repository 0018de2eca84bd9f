// Searches of the explorer with known results: the bounded buffer, and the litmus test.

import {
  type Exploration,
  type ExploreOptions,
  explore,
} from "../src/scheduler/explore/explore.ts";
import { machineModel } from "../src/scheduler/machine-model.ts";
import type { Model, Named } from "../src/scheduler/model.ts";
import { boundedBuffer, type Sizes } from "../tests/models/bb.ts";
import { appendersSystem, litmusSystem, longLitmusSystem } from "./corpus.ts";
import { demand } from "./workload.ts";

export type Search = () => Pick<Exploration<unknown>, "states" | "transitions" | "coverage">;

/** Two sizes that other model checkers have counted, and one for a test. */
export const sizes = {
  tiny: { producers: 2, consumers: 1, values: 1, cap: 1, cancels: 1 },
  small: { producers: 3, consumers: 2, values: 3, cap: 2, cancels: 2 },
  large: { producers: 3, consumers: 2, values: 4, cap: 3, cancels: 2 },
} as const;

/** More than ten million states. */
const huge: Sizes = { producers: 3, consumers: 2, values: 6, cap: 4, cancels: 3 };

/**
 * `outcomes`: what `explore` does unless told otherwise, edges, counts and witnesses included;
 * `states`: which states there are and nothing more, as other model checkers do it.
 */
export type Asking = "outcomes" | "states";

const options: Readonly<Record<Asking, ExploreOptions<unknown>>> = {
  outcomes: {},
  states: { graph: false, order: "depth" },
};

export function searchBuffer(
  size: keyof typeof sizes,
  asking: Asking,
  symmetry: boolean = false,
): Search {
  const model = boundedBuffer(sizes[size]);
  return () => explore(model, { ...options[asking], reduce: { symmetry } });
}

/** Of all states, or of `maxStates` at the most. */
export function searchLitmus(asking: Asking, maxStates: number | null): Search {
  const model = machineModel(litmusSystem());
  const bound = maxStates === null ? {} : { maxStates };
  return () => explore(model, { ...options[asking], ...bound });
}

/** Of all states of a system with a WASI host, or of `maxStates` at the most. */
export function searchWasi(asking: Asking, maxStates: number | null): Search {
  const model = machineModel(appendersSystem());
  const bound = maxStates === null ? {} : { maxStates };
  return () => explore(model, { ...options[asking], ...bound });
}

const names = ["bb", "abi"] as const;

/** What `bounded` knows. */
export type SearchName = (typeof names)[number];

export function isSearchName(name: string | undefined): name is SearchName {
  return names.some((known) => known === name);
}

export function isAsking(name: string | undefined): name is Asking {
  return name !== undefined && Object.hasOwn(options, name);
}

/** A search of a space that is larger than `maxStates`. */
export function bounded(name: SearchName, asking: Asking, maxStates: number): Search {
  const search =
    name === "bb" ? searchOf(boundedBuffer(huge)) : searchOf(machineModel(longLitmusSystem()));
  return () => {
    const found = search({ ...options[asking], maxStates });
    demand(found.coverage.tag === "states", "the space is larger than the bound");
    return found;
  };
}

function searchOf<S, A extends Named>(
  model: Model<S, A>,
): (asked: ExploreOptions<unknown>) => ReturnType<Search> {
  return (asked) => explore(model, asked);
}
