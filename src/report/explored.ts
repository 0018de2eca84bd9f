// A scenario explored under its revisions, with what a report says about each of them.

import { profiles } from "../model/profiles.ts";
import type { Profile, Store } from "../model/store.ts";
import type { Check } from "../scenario/ast.ts";
import type { Allowed, Judged } from "../scenario/judge.ts";
import { printCheck } from "../scenario/print.ts";
import { type Result, systemOf } from "../scenario/verify.ts";
import { explainStuck } from "../scheduler/explain.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { replayPolicy, run } from "../scheduler/run.ts";
import type { Asked } from "./alive-asked.ts";
import type { Located } from "./command.ts";
import { callsText } from "./trace-text.ts";

/** The results of one scenario, the first one under the default revision. */
export interface Explored extends Located {
  readonly profile: Profile["name"];
  readonly results: readonly Result[];
  /** what was asked about an object of the WASI host, if anything */
  readonly asked?: Asked;
}

/** Verdicts in order of severity: a report's verdict is the worst of its parts. */
const severity = ["violated", "vacuous", "unknown", "bounded", "proved"] as const;

export type Verdict = Result["verdict"];

export function worst(verdicts: Iterable<Verdict>): Verdict {
  const all = new Set(verdicts);
  return severity.find((v) => all.has(v)) ?? "proved";
}

export function verdictOf({ results }: Explored): Verdict {
  return worst(results.map((r) => r.verdict));
}

/** The outcomes as texts, each once: what decides whether two revisions allow the same. */
export function outcomeTexts({ outcomes }: Result): readonly string[] {
  return [...new Set(outcomes.map((o) => showOutcome(o.outcome)))].sort();
}

export function sameOutcomes(a: Result, b: Result): boolean {
  return JSON.stringify(outcomeTexts(a)) === JSON.stringify(outcomeTexts(b));
}

const forever = {
  fair: "the last part of this schedule can be repeated for ever, even if no thread is starved",
  unfair: "the last part of this schedule can be repeated for ever, if the host starves a thread",
} as const;

/** The functions of core code that were open when a run trapped, on one line. */
function calledIn({ ending }: Store): readonly string[] {
  const text = ending?.tag === "trap" ? callsText(ending) : "";
  return text === "" ? [] : [text.slice(2)];
}

/** Why an outcome's witness does not return: who waits for what, or which core code trapped. */
export function whyOpen(
  { scenario, revision }: Result,
  { outcome, witness, fair }: Allowed,
  profile: Profile["name"],
): readonly string[] {
  if (outcome.end.tag === "diverges") return [fair ? forever.fair : forever.unfair];
  const { tag } = outcome.end;
  if (tag !== "stuck" && (tag !== "traps" || scenario.binary === undefined)) return [];
  const system = systemOf(scenario, revision, profiles[profile]);
  const { store } = run(system, replayPolicy(witness).policy);
  return tag === "stuck" ? explainStuck(system, store) : calledIn(store);
}

/** A check in canonical layout on one line. */
export function checkText(check: Check): string {
  return printCheck(check)
    .map((line) => line.trim())
    .join("; ")
    .replace("{; ", "{ ")
    .replace(/; \}$/, " }");
}

/** How many checks have which verdict, in the order of severity, e.g. `1 violated, 2 proved`. */
export function tally(checks: readonly Judged[]): string {
  const parts = severity.flatMap((verdict) => {
    const n = checks.filter((c) => c.verdict === verdict).length;
    return n === 0 ? [] : [`${n} ${verdict}`];
  });
  return parts.join(", ");
}

/** A number of schedules: to the last digit up to nine of them; infinitely many are `∞`. */
export function countText(n: bigint | null): string {
  if (n === null) return "∞";
  const digits = String(n);
  if (digits.length <= 9) return digits;
  return `${digits.slice(0, 1)}.${digits.slice(1, 3)}e${digits.length - 1}`;
}

/** A probability in two significant digits. */
export function shareText(p: number): string {
  return String(Number(p.toPrecision(2)));
}

/** `1 state`, `2 states` */
export function count(n: number, what: string): string {
  const many = what.endsWith("ch") ? `${what}es` : `${what}s`;
  return `${n} ${n === 1 ? what : many}`;
}
