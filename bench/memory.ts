// How much memory a search takes, in a process of its own: `node memory.js MODEL ASKING MAX_STATES`.

import { argv, memoryUsage, resourceUsage } from "node:process";
import { type Asking, bounded, isAsking, isSearchName, type SearchName } from "./searches.ts";
import { demand } from "./workload.ts";

/** A search and what it took, in bytes; `before` it began, and at its `peak`. */
export interface Footprint {
  readonly states: number;
  readonly before: number;
  readonly peak: number;
}

export function footprint(name: SearchName, asking: Asking, maxStates: number): Footprint {
  const explore = bounded(name, asking, maxStates);
  const before = memoryUsage.rss();
  const { states } = explore();
  return { states, before, peak: resourceUsage().maxRSS * 1024 };
}

function main(): void {
  const [, , name, asking, maxStates] = argv;
  demand(isSearchName(name), `there is no search ${name}`);
  demand(isAsking(asking), `a search does not ask for ${asking}`);
  console.log(JSON.stringify(footprint(name, asking, Number(maxStates))));
}

if (argv[1]?.endsWith("memory.js")) main();
