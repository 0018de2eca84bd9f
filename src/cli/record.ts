// `record`: a run of the model, or of an engine, as a trace.

import { profiles } from "../model/profiles.ts";
import { refuseSplit } from "../oracle/designs.ts";
import { printEvent, printHeader } from "../oracle/format/print.ts";
import type { RecordedTrace } from "../oracle/format/trace.ts";
import { type Recorded, recordRun } from "../oracle/record.ts";
import type { EngineTrace } from "../oracle/recorder/run.ts";
import { recordedText } from "../report/recorded-text.ts";
import { systemOf } from "../scenario/verify.ts";
import type { Schedule } from "../scheduler/model.ts";
import { replayPolicy } from "../scheduler/run.ts";
import { uniform } from "../scheduler/sampling/policies.ts";
import { isComponent, withComponent } from "./component-file.ts";
import { bytesOf, shown } from "./files.ts";
import { complain, exitCodes, type Io, paintOf, print, UsageError } from "./io.ts";
import { checkSettable } from "./items.ts";
import { type Common, revisionFor } from "./options.ts";
import { programWords } from "./program-options.ts";
import { checkWritable, writeWhole } from "./saved-file.ts";
import { unusedText } from "./single.ts";
import { type One, readOne } from "./sources.ts";

export interface RecordCommandOptions extends Common {
  readonly seed?: number;
  readonly schedule?: Schedule;
  /** `--no-memory` */
  readonly memory: boolean;
  readonly output?: string;
  readonly engine: "model" | "jco";
}

/** Standard output, or the file when everything is there. */
function write(io: Io, { header, events }: RecordedTrace, output: string | undefined): void {
  const lines = function* (): Generator<string> {
    yield `${printHeader(header)}\n`;
    for (const event of events) yield `${printEvent(event)}\n`;
  };
  if (output !== undefined) writeWhole(output, lines());
  else for (const line of lines()) io.out(line);
}

/** What a run of the model comes to. */
interface Made {
  readonly recorded: Recorded;
  readonly revision: string;
  readonly unused: readonly string[];
}

function recordModel({ scenario }: One, options: RecordCommandOptions): Made {
  const revision = revisionFor(scenario, options);
  const { seed, schedule = [], memory, profile } = options;
  const follower = replayPolicy(schedule);
  const policy = seed === undefined ? follower.policy : uniform(seed);
  const { invoke = [] } = scenario.binary ?? {};
  refuseSplit(scenario, revision);
  const system = systemOf(scenario, revision, profiles[profile]);
  const recorded = recordRun(system, policy, {
    memory,
    ...(invoke.length === 0 ? {} : { calls: invoke }),
  });
  const unused = seed === undefined ? follower.unused() : [];
  return { recorded, revision: revision.label, unused };
}

/** Nothing comes after a trap or the end; without them the run was cut off. */
function isWhole({ events }: Pick<Recorded, "events">): boolean {
  const last = events.at(-1)?.event;
  return last === "trap" || last === "end";
}

const cutOff = "the run was cut off by a bound: the trace is that of its beginning";

async function modelRun(io: Io, file: string, options: RecordCommandOptions): Promise<number> {
  const one = await readOne(file, options);
  checkSettable([{ source: { file: one.file, scenarios: one.siblings }, ...one }], options);
  const { recorded, revision, unused } = recordModel(one, options);
  const { output, profile } = options;
  write(io, recorded, output);
  if (output !== undefined) {
    const run = { ...one, revision, profile, schedule: recorded.schedule };
    print(io, recordedText(run, recorded, shown(output), paintOf(io)));
  }
  for (const entry of unused) complain(io, unusedText(entry));
  if (unused.length > 0) return exitCodes.violated;
  if (isWhole(recorded)) return exitCodes.ok;
  complain(io, cutOff);
  return exitCodes.incomplete;
}

/** The first option that says how the model runs; null: there is none. */
function modelOption(o: RecordCommandOptions): string | null {
  const given: readonly (readonly [string, unknown])[] = [
    ["--only", o.only],
    ["--schedule", o.schedule],
    ["--seed", o.seed],
    ["--revision", o.revision],
    ["--with", o.with],
    ["--fuel", o.fuel],
    ["--profile", o.profile === "full" ? undefined : o.profile],
    ...programWords(o),
  ];
  return given.find(([, value]) => value !== undefined)?.[0] ?? null;
}

/** Loaded when it is asked for: it needs more of its surroundings than everything else. */
async function jcoTrace(
  bytes: Uint8Array,
  calls: readonly string[],
  memory: boolean,
): Promise<EngineTrace> {
  const { EngineError, recordJco } = await import("../jco.ts");
  try {
    return await recordJco(bytes, { calls, ...(memory ? {} : { memory: false }) });
  } catch (error) {
    if (error instanceof EngineError) throw new UsageError(`--engine jco: ${error.message}`);
    throw error;
  }
}

async function jcoRun(io: Io, path: string, options: RecordCommandOptions): Promise<number> {
  const { invoke = [], memory, output } = options;
  const odd = modelOption(options);
  if (odd !== null) throw new UsageError(`${odd} is for runs of the model, not for --engine jco`);
  const content = bytesOf(path);
  const file = shown(path);
  if (!isComponent(path, content)) throw new UsageError(`jco runs components, and ${file} is none`);
  if (invoke.length === 0) throw new UsageError("--engine jco needs --invoke CALL");
  const trace = await withComponent(file, content, (bytes) => jcoTrace(bytes, invoke, memory));
  write(io, trace, output);
  if (isWhole(trace)) return exitCodes.ok;
  complain(io, cutOff);
  return exitCodes.incomplete;
}

/** Writes the trace of one run. Throws `UsageError`. */
export async function record(io: Io, file: string, options: RecordCommandOptions): Promise<number> {
  if (options.output !== undefined) checkWritable(options.output);
  return options.engine === "jco" ? jcoRun(io, file, options) : modelRun(io, file, options);
}
