// What outcomes are named by: the words of the book, an object, or a predicate. Mirrors spec/15-oracle.md.

import type { Condition, OutcomePattern, Scenario } from "../../scenario/ast.ts";
import type { Expr } from "../../scenario/ast-exprs.ts";
import { knownWords } from "../../scenario/book.ts";
import { checkCondition } from "../../scenario/check-claims.ts";
import { hostPlace, worldOf } from "../../scenario/check-names.ts";
import { holds } from "../../scenario/conditions.ts";
import { constants } from "../../scenario/constants.ts";
import { Fault, fault, ScenarioError } from "../../scenario/errors.ts";
import { entryText } from "../../scenario/literals.ts";
import { parseCondition } from "../../scenario/parse.ts";
import { printExpr } from "../../scenario/print-exprs.ts";
import { variantsOf } from "../../scenario/wasi-block.ts";
import { type End, type Outcome, showEnd } from "../../scheduler/outcome.ts";

/**
 * The log, and how the run ended: `ok`, which is the default, `traps CODE`, `stuck NAME, NAME`, `diverges`,
 * `bug CODE`; `traps`, `stuck` and `bug` alone stand for any such end. Entries are compared as they print.
 */
export interface OutcomeFacts {
  readonly log: readonly (string | number | bigint)[];
  readonly end?: string | End;
}

/** `[BLOCKED, COMPLETED|4] traps CODE`, or any condition of chapter 0; an outcome as an object; a predicate. */
export type OutcomeLike = string | OutcomeFacts | ((outcome: Outcome) => boolean);

/** What was named, and how to find it. */
export interface Pattern {
  readonly text: string;
  /** null: it is a predicate */
  readonly condition: Condition | null;
  readonly holds: (outcome: Outcome) => boolean;
}

/** Names a pattern where a file is named otherwise. */
const file = "outcome";
const pos = { line: 1, column: 1 };

const bare = /^(?:0|-?[1-9]\d{0,14}|(?:COMPLETED|DROPPED|CANCELLED)\|(?:0|[1-9]\d{0,7}))$/;

/** A number or a constant of the specification, which stand for themselves. */
function isBare(entry: string): boolean {
  return bare.test(entry) || Object.hasOwn(constants, entry);
}

function textOf(entry: string | number | bigint): Expr {
  return { tag: "text", parts: [String(entry)], pos };
}

/** An outcome as the book writes it: what is no number and no constant stands in quotes. */
export function outcomeText({ log, end }: Pick<Outcome, "log" | "end">): string {
  const entries = log.map((entry) => (isBare(entry) ? entry : printExpr(textOf(entry))));
  return `[${entries.join(", ")}] ${showEnd(end)}`.trim();
}

/** The names that a text joins by commas, which names can have in them too; null: it is no list of them. */
function rootsIn(text: string, names: readonly string[]): readonly string[] | null {
  if (names.includes(text)) return [text];
  for (const name of names) {
    if (!text.startsWith(`${name}, `)) continue;
    const rest = rootsIn(text.slice(name.length + 2), names);
    if (rest !== null) return [name, ...rest];
  }
  return null;
}

function endOf(text: string, names: readonly string[]): OutcomePattern["end"] {
  const [tag = "", detail = ""] = text.split(/\s(.*)/s);
  if (text === "ok" || text === "") return { tag: "ok" };
  if (text === "diverges") return { tag: "diverges" };
  if ((tag === "traps" || tag === "bug") && detail !== "") return { tag, code: detail };
  if (tag === "stuck") return { tag, roots: rootsIn(detail, names) ?? [detail] };
  return fault(
    pos,
    `no run ends with \`${text}\``,
    "ok, traps CODE, stuck NAME, diverges or bug CODE",
  );
}

const anyEnd: Readonly<Record<string, Condition>> = {
  traps: { tag: "traps", code: null, pos },
  stuck: { tag: "stuck", root: null, pos },
  bug: { tag: "bug", code: null, pos },
};

function conditionOf({ log, end = "ok" }: OutcomeFacts, names: readonly string[]): Condition {
  const entries = log.map(textOf);
  const text = typeof end === "string" ? end.trim() : showEnd(end);
  const right = anyEnd[text];
  if (right !== undefined) {
    return { tag: "and", left: { tag: "log", log: entries, pos }, right, pos };
  }
  return { tag: "outcome", outcome: { log: entries, end: endOf(text, names), pos }, pos };
}

function rootNames({ host, runs }: Scenario): readonly string[] {
  return [...(host?.processes ?? []), ...runs].map((root) => root.name);
}

/** What the condition names must be there, so that a slip of the pen is not taken for "not allowed". */
function check(scenario: Scenario, condition: Condition): void {
  const [variant = ""] = variantsOf(scenario);
  checkCondition(hostPlace(worldOf(scenario, knownWords, variant)), condition);
}

/** Runs `work`; what it finds wrong becomes an error about the pattern. */
function inPattern<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof Fault ? new ScenarioError(file, error) : error;
  }
}

function factsText({ log, end = "ok" }: OutcomeFacts): string {
  const ended = typeof end === "string" ? end : showEnd(end);
  const text = outcomeText({ log: log.map(String), end: { tag: "ok" } });
  return ended === "ok" || ended === "" ? text : `${text} ${ended}`;
}

/**
 * Reads what a user names. Throws `ScenarioError` for a text that is no condition, and for names of runs or
 * traps that are not there.
 */
export function patternOf(scenario: Scenario, like: OutcomeLike): Pattern {
  if (typeof like === "function") {
    return { text: like.name === "" ? "<predicate>" : like.name, condition: null, holds: like };
  }
  if (typeof like !== "string" && !Array.isArray(like.log)) {
    throw new TypeError("an outcome is named by a condition, by its log, or by a function");
  }
  const condition = inPattern(() => {
    const read =
      typeof like === "string"
        ? parseCondition(like, file)
        : conditionOf(like, rootNames(scenario));
    check(scenario, read);
    return read;
  });
  const text = typeof like === "string" ? like.trim() : factsText(like);
  return { text, condition, holds: (outcome) => holds(condition, outcome) };
}

/** The one outcome that a condition describes, if it describes one: what the nearest is looked for. */
export function describedBy(condition: Condition | null): Pick<Outcome, "log" | "end"> | null {
  if (condition === null) return null;
  switch (condition.tag) {
    case "outcome":
      return { log: condition.outcome.log.map(entryText), end: condition.outcome.end };
    case "log":
      return { log: condition.log.map(entryText), end: { tag: "ok" } };
    case "and":
      return describedBy(condition.left) ?? describedBy(condition.right);
    default:
      return null;
  }
}
