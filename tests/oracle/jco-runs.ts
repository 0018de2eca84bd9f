// All runs of jco 0.14.0 that are recorded in jco/, what is judged of each, and why.

import type { JcoRun } from "./jco-run.ts";
import { revised, sound } from "./jco-runs-allowed.ts";
import { divergent } from "./jco-runs-divergent.ts";
import { withHosts } from "./jco-runs-hosts.ts";

export const jcoRuns: readonly JcoRun[] = [...sound, ...revised, ...divergent, ...withHosts];

/** What its trace is called, without `.jsonl`. */
export function runName({ component, calls: [first = ""], as }: JcoRun): string {
  return `${component}.${as ?? first.replace(/\(.*/, "")}`;
}
