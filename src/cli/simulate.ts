// `simulate`: many random runs of one scenario.

import { profiles } from "../model/profiles.ts";
import { placeText } from "../report/command.ts";
import { simulatedJson } from "../report/simulate-json.ts";
import { howText, type SimulatedReport, simulatedText } from "../report/simulate-text.ts";
import { type Simulated, simulateScenario } from "../scenario/simulated.ts";
import type { Strategy } from "../scheduler/sampling/policies.ts";
import { exitCodes, type Io, paintOf, print, UsageError } from "./io.ts";
import { type Common, revisionFor } from "./options.ts";
import { progress } from "./progress.ts";
import { type One, readOne } from "./sources.ts";

export interface SimulateCommandOptions extends Common {
  readonly seed: number;
  readonly runs: number;
  readonly policy: "uniform" | "pos" | "pct" | "portfolio";
  readonly depth?: number;
  /** `--no-properties` */
  readonly properties: boolean;
  readonly json?: boolean;
  readonly progress?: boolean;
}

const defaultDepth = 3;

/** Throws `UsageError` for a depth that nothing asks for. */
function policyOf({ policy, depth }: SimulateCommandOptions): Strategy | "portfolio" {
  if (policy === "pct") return { pct: depth ?? defaultDepth };
  if (depth !== undefined) throw new UsageError("--depth is for --policy pct");
  return policy;
}

function sampled(io: Io, one: One, o: SimulateCommandOptions): Simulated {
  const { scenario } = one;
  const revision = revisionFor(scenario, o);
  const what = `${placeText(one)} ${revision.label}`;
  const { say, done } = progress(io, what, o.progress === true);
  const simulated = simulateScenario(scenario, revision, {
    profile: profiles[o.profile],
    policy: policyOf(o),
    runs: o.runs,
    seed: o.seed,
    ...(o.properties === false ? { properties: false } : {}),
    progress: ({ runs, states }) => say(`${runs} runs, ${states} states`, runs + states),
  });
  done();
  return simulated;
}

/** A violation is certain; without one nothing is, however many runs there were. */
export async function simulate(
  io: Io,
  file: string,
  options: SimulateCommandOptions,
): Promise<number> {
  const one = await readOne(file, options);
  const simulated = sampled(io, one, options);
  const how = howText(policyOf(options), options.seed);
  const report: SimulatedReport = { ...one, profile: options.profile, how, simulated };
  if (options.json === true) print(io, [JSON.stringify(simulatedJson(report), null, 2)]);
  else print(io, simulatedText(report, paintOf(io)));
  return simulated.violated ? exitCodes.violated : exitCodes.incomplete;
}
