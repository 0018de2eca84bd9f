// What a simulation met, as text: outcomes by frequency, checks, findings, and what was covered.

import type { Judged } from "../scenario/judge.ts";
import type { Simulated } from "../scenario/simulated.ts";
import { printSchedule, type Schedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { strategyName } from "../scheduler/sampling/policies.ts";
import type { Failure, Sampled, Simulation } from "../scheduler/sampling/simulate.ts";
import { type Located, placeText, replayCommand } from "./command.ts";
import { checkText, count } from "./explored.ts";
import { type Paint, plain } from "./paint.ts";

type Lines = readonly string[];

/** What is reported, and what names its runs on a command line. */
export interface SimulatedReport extends Located {
  readonly profile: string;
  /** e.g. `pos, seed 1` */
  readonly how: string;
  readonly simulated: Simulated;
}

function indent(n: number, lines: Lines): Lines {
  return lines.map((line) => " ".repeat(n) + line);
}

function command(report: SimulatedReport, schedule: Schedule): string {
  const { file, scenario, siblings, profile, simulated } = report;
  const { label } = simulated.revision;
  return replayCommand({ file, scenario, siblings, profile, revision: label, schedule });
}

/** Leaks are facts beside an outcome: shown where they alone tell two outcomes apart. */
function outcomeText({ outcome }: Sampled, all: readonly Sampled[]): string {
  const text = showOutcome(outcome);
  if (all.filter((other) => showOutcome(other.outcome) === text).length === 1) return text;
  return `${text} (${outcome.leaks.length === 0 ? "no leaks" : `leaks ${outcome.leaks.join(", ")}`})`;
}

/** Longer outcomes do not move the schedules of the others. */
const widest = 64;

/** Frequency, outcome, and the schedule of the run that met it first. */
function outcomeRows({ outcomes }: Simulation, paint: Paint): Lines {
  const texts = outcomes.map((one) => outcomeText(one, outcomes));
  const width = Math.min(widest, Math.max(7, ...texts.map((text) => text.length)));
  const digits = Math.max(4, ...outcomes.map((one) => `${one.count}`.length));
  const rows = outcomes.map((one, i) => {
    const first = paint.faint(printSchedule(one.schedule));
    return `${`${one.count}`.padStart(digits)}  ${(texts[i] ?? "").padEnd(width)}  ${first}`;
  });
  const head = `${"runs".padStart(digits)}  ${"outcome".padEnd(width)}  schedule of the first`;
  return [paint.faint(head), ...rows];
}

/** What a sample says of a check: only what was met is certain. */
function sampledVerdict({ check, verdict }: Judged, paint: Paint): string {
  if (verdict === "violated") return paint.bad("violated");
  if (verdict === "proved") return paint.good("met");
  if (verdict === "unknown") {
    return paint.doubtful(check.quantifier === "exactly" ? "not all met" : "not met");
  }
  return paint.doubtful("not refuted");
}

function checkLines(report: SimulatedReport, judged: Judged, paint: Paint): Lines {
  const { check, verdict, example, missing } = judged;
  const { quantifier, outcomes, pos } = check;
  const claim =
    quantifier === "exactly" ? `exactly ${count(outcomes.length, "outcome")}` : checkText(check);
  const head = `${sampledVerdict(judged, paint)} ${claim}  ${paint.faint(`line ${pos.line}`)}`;
  const absent = missing.map((text) => `  not met: ${text}`);
  if (verdict !== "violated" || example === null) return [head, ...absent];
  return [
    head,
    ...absent,
    `  counterexample: ${showOutcome(example.outcome)}`,
    `    ${command(report, example.witness)}`,
  ];
}

function findingLines(report: SimulatedReport, failure: Failure, paint: Paint): Lines {
  const { property, detail, schedule } = failure;
  const runs = count(failure.count, "run");
  return [
    `${paint.bad("finding")} ${property}: ${detail}  ${paint.faint(`in ${runs}`)}`,
    `  ${command(report, schedule)}`,
  ];
}

/** `3.4 %`, in two significant digits */
function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Nothing that was met only once says that new things are rare, not that there are none. */
function unseenText({ unseen, runs }: Simulation): string {
  const share = unseen === 0 ? `fewer than ${percent(1 / runs)}` : `about ${percent(unseen)}`;
  return `${share} of further runs would show a new outcome`;
}

function coverageLines(simulation: Simulation): Lines {
  const { coverage, runs, cut } = simulation;
  const { rules, traps, choices, states } = coverage;
  const kinds = choices.map(({ kind, offered, taken }) => `${kind} ${taken} of ${offered}`);
  return [
    ...(cut === 0 ? [] : [`${count(cut, "run")} cut off: where they lead is unknown`]),
    `covered ${count(states, "state")}, ${count(rules.length, "rule")}`,
    ...(kinds.length === 0 ? [] : [`alternatives taken: ${kinds.join(", ")}`]),
    ...(traps.length === 0 ? [] : [`traps: ${traps.join(", ")}`]),
    ...(runs === 0 ? [] : [unseenText(simulation)]),
  ];
}

/** The line that says what can be relied on. */
function verdictLine({ violated, simulation }: Simulated, paint: Paint): string {
  const { runs, interrupted } = simulation;
  const stopped = interrupted ? ", interrupted" : "";
  if (violated) return `${paint.bad("violated")} (${count(runs, "run")}${stopped})`;
  return `${paint.doubtful(`sampled(${runs})`)}: nothing is violated, nothing is proved${stopped}`;
}

/** A scenario with the outcomes that runs met, its checks, findings, and coverage. */
export function simulatedText(report: SimulatedReport, paint: Paint = plain): Lines {
  const { scenario, how, simulated } = report;
  const { simulation, revision, checks, findings } = simulated;
  const { runs, outcomes } = simulation;
  const place = paint.faint(placeText(report));
  const what = `${count(runs, "run")} (${how}): ${count(outcomes.length, "outcome")}`;
  return [
    `${paint.strong(scenario.title)}  ${place}`,
    `  ${paint.strong(revision.label)}: ${what}`,
    ...indent(4, outcomeRows(simulation, paint)),
    ...indent(
      4,
      checks.flatMap((judged) => checkLines(report, judged, paint)),
    ),
    ...indent(
      4,
      findings.flatMap((failure) => findingLines(report, failure, paint)),
    ),
    ...indent(4, coverageLines(simulation)),
    verdictLine(simulated, paint),
  ];
}

/** How runs were chosen, e.g. `pct 3, seed 7`. */
export function howText(
  policy: Parameters<typeof strategyName>[0] | "portfolio",
  seed: number,
): string {
  return `${policy === "portfolio" ? policy : strategyName(policy)}, seed ${seed}`;
}
