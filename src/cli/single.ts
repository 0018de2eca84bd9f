// `run`, `replay` and `trace`: one run of one scenario.

import { storeToJson } from "../model/json.ts";
import { profiles } from "../model/profiles.ts";
import type { Store } from "../model/store.ts";
import type { ObjectHistory } from "../report/alive-history.ts";
import type { Repeatable } from "../report/command.ts";
import { mermaid } from "../report/mermaid.ts";
import { type Ran, runText } from "../report/run-text.ts";
import { type Trace, traceOf } from "../report/trace.ts";
import { traceJson } from "../report/trace-json.ts";
import { traceText } from "../report/trace-text.ts";
import { systemOf } from "../scenario/verify.ts";
import type { System } from "../scheduler/machine.ts";
import type { Schedule } from "../scheduler/model.ts";
import { defaultPolicy, type Policy, replayPolicy, run } from "../scheduler/run.ts";
import { uniform } from "../scheduler/sampling/policies.ts";
import { answerAlong, answerIn } from "./asking.ts";
import { complain, exitCodes, type Io, paintOf, print } from "./io.ts";
import { checkAsked } from "./items.ts";
import { type Common, revisionFor } from "./options.ts";
import { type One, readOne } from "./sources.ts";

/** The scenario of a command, its system, and what names the run. */
interface Stage {
  readonly one: One;
  readonly system: System;
  readonly revision: string;
  readonly profile: Common["profile"];
}

async function stage(file: string, options: Common): Promise<Stage> {
  const one = await readOne(file, options);
  checkAsked([one], options);
  const revision = revisionFor(one.scenario, options);
  const { profile } = options;
  const system = systemOf(one.scenario, revision, profiles[profile]);
  return { one, system, revision: revision.label, profile };
}

function repeatable({ one, revision, profile }: Stage, schedule: Schedule): Repeatable {
  return { ...one, revision, profile, schedule };
}

/** Thrown out of a run when a store comes back although only defaults are left to choose. */
class Loop extends Error {
  readonly store: Store;
  constructor(store: Store) {
    super("a store came back");
    this.store = store;
  }
}

/** Watches for a store that comes back, comparing with the one at the last power of two. */
function loopWatch(settled: () => boolean): (store: Store) => void {
  let [seen, kept, at] = [0, "", 1];
  return (store) => {
    if (!settled()) return;
    const text = storeToJson(store);
    if (text === kept) throw new Loop(store);
    seen += 1;
    if (seen === at) [kept, at] = [text, at * 2];
  };
}

/** Runs to the end, or until it is certain that there is none. */
function runOut(
  { system }: Stage,
  policy: Policy,
  settled: () => boolean,
): { readonly ran: Ran; readonly schedule: Schedule | null } {
  const watch = loopWatch(settled);
  try {
    const result = run(system, policy, { choice: (_, store) => watch(store) });
    return { ran: { ...result, diverges: false }, schedule: result.schedule };
  } catch (error) {
    if (!(error instanceof Loop)) throw error;
    return { ran: { store: error.store, complete: false, diverges: true }, schedule: null };
  }
}

function exitOf({ store, complete, diverges }: Ran): number {
  const isCut = !complete || store.ending?.tag === "limit";
  return diverges || !isCut ? exitCodes.ok : exitCodes.incomplete;
}

/** What is said of an entry of a schedule that no point offered. */
export function unusedText(entry: string): string {
  return `"${entry}" never applied: that choice was not offered, or not so often`;
}

export interface RunOptions extends Common {
  readonly seed?: number;
  readonly schedule?: Schedule;
}

/** Chooses by default, at random from a seed, or along a schedule as far as it applies. */
export async function runOnce(io: Io, file: string, options: RunOptions): Promise<number> {
  const set = await stage(file, options);
  const follower = replayPolicy(options.schedule ?? []);
  const { seed } = options;
  const policy = seed === undefined ? follower.policy : uniform(seed);
  const settled = (): boolean => seed === undefined && follower.unused().length === 0;
  const { ran, schedule } = runOut(set, policy, settled);
  const made = repeatable(set, schedule ?? options.schedule ?? []);
  const answer = ran.diverges
    ? []
    : answerAlong(set.system, made.schedule, options.whyAlive ?? null);
  print(io, runText(set.system, { ...ran, answer }, made, paintOf(io)));
  const unused = seed === undefined ? follower.unused() : [];
  for (const entry of unused) complain(io, unusedText(entry));
  return unused.length > 0 ? exitCodes.violated : exitOf(ran);
}

export interface ReplayOptions extends Common {
  readonly schedule: Schedule;
  readonly nearest?: boolean;
  readonly step?: boolean;
  readonly maxSteps: number;
}

/** Follows a schedule; unless `nearest`, an entry that never applies is a failure. */
export async function replay(io: Io, file: string, options: ReplayOptions): Promise<number> {
  const set = await stage(file, options);
  const { policy, unused } = replayPolicy(options.schedule);
  const { ran } = runOut(set, policy, () => unused().length === 0);
  const strict = options.nearest !== true;
  for (const entry of unused()) complain(io, unusedText(entry));
  if (strict && unused().length > 0) {
    complain(io, "--nearest replays what does apply");
    return exitCodes.violated;
  }
  const { whyAlive = null } = options;
  const answer = ran.diverges ? [] : answerAlong(set.system, options.schedule, whyAlive);
  if (options.step === true) print(io, steps(io, set, options));
  const made = repeatable(set, options.schedule);
  print(io, runText(set.system, { ...ran, answer }, made, paintOf(io)));
  return exitOf(ran);
}

function steps(io: Io, { system }: Stage, options: ReplayOptions): readonly string[] {
  const { policy } = replayPolicy(options.schedule);
  const { maxSteps, whyAlive = null } = options;
  const made = traceOf(system, policy, { maxSteps, whyAlive });
  return traceText(made.steps, { verbose: true, paint: paintOf(io) });
}

export interface TraceCommandOptions extends Common {
  readonly schedule?: Schedule;
  readonly format: "text" | "mermaid" | "json";
  readonly verbose?: boolean;
  readonly patches?: boolean;
  readonly maxSteps: number;
}

function traced(
  io: Io,
  set: Stage,
  made: Trace & { readonly answer: readonly ObjectHistory[] },
  options: TraceCommandOptions,
): readonly string[] {
  const { format, verbose = false, patches = false } = options;
  const { store, complete, schedule, answer } = made;
  if (format === "json") return traceJson(made, patches, answer);
  if (format === "mermaid") return mermaid(made, verbose);
  const paint = paintOf(io);
  const ran = { store, complete, diverges: false, answer };
  return [
    ...traceText(made.steps, { verbose, paint }),
    ...runText(set.system, ran, repeatable(set, schedule), paint),
  ];
}

/** Shows every step of a run along a schedule, by default the empty one. */
export async function trace(io: Io, file: string, options: TraceCommandOptions): Promise<number> {
  const set = await stage(file, options);
  const follower = options.schedule === undefined ? null : replayPolicy(options.schedule);
  const { maxSteps, patches = false, whyAlive = null } = options;
  const policy = follower?.policy ?? defaultPolicy;
  const made = traceOf(set.system, policy, { maxSteps, patches, whyAlive });
  const answer = answerIn(set.system, made, whyAlive);
  print(io, traced(io, set, { ...made, answer }, options));
  const unused = made.complete ? (follower?.unused() ?? []) : [];
  for (const entry of unused) complain(io, unusedText(entry));
  if (made.complete) return unused.length > 0 ? exitCodes.violated : exitCodes.ok;
  complain(io, `cut off after ${maxSteps} steps: --max-steps shows more`);
  return exitCodes.incomplete;
}
