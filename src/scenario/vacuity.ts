// Whether a `never` could have failed: a claim about something that cannot even come close says nothing.

import { builtins } from "../model/program.ts";
import type { Outcome } from "../scheduler/outcome.ts";
import type { Condition, Scenario, Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import { holds } from "./conditions.ts";
import { entryText } from "./literals.ts";

/** What the bodies of a scenario can do at all. */
interface Reach {
  /** Whether some `log` could print this. */
  logs(entry: string): boolean;
  readonly builtins: ReadonlySet<string>;
}

interface Tagged {
  readonly tag: string;
}

type Log = Extract<Stmt, { tag: "log" }>;
type Builtin = Extract<Expr, { tag: "builtin" }>;

const isLog = (node: Tagged): node is Log => node.tag === "log";
const isBuiltin = (node: Tagged): node is Builtin => node.tag === "builtin";

/** Every object in a piece of a syntax tree that has a tag. */
function* nodesOf(value: unknown): Generator<Tagged> {
  if (value === null || typeof value !== "object") return;
  if (!Array.isArray(value) && "tag" in value) yield value as Tagged;
  for (const inner of Object.values(value)) yield* nodesOf(inner);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

const fixed: ReadonlySet<Expr["tag"]> = new Set(["int", "float", "bool", "constant"]);

/** What a logged expression can print, as far as its text shows. */
function printable(value: Expr): RegExp {
  if (value.tag === "text") {
    const parts = value.parts.map((p) => (typeof p === "string" ? escaped(p) : "[\\s\\S]*"));
    return new RegExp(`^${parts.join("")}$`);
  }
  return fixed.has(value.tag) ? new RegExp(`^${escaped(entryText(value))}$`) : /[\s\S]*/;
}

function reachOf({ components, host }: Scenario): Reach {
  const nodes = [...nodesOf(components), ...nodesOf(host)];
  const prints = nodes.filter(isLog).map(({ value }) => printable(value));
  return {
    logs: (entry) => prints.some((print) => print.test(entry)),
    builtins: new Set(nodes.filter(isBuiltin).map(({ name }) => name)),
  };
}

function unprintable(reach: Reach, entries: readonly Expr[]): string | null {
  const odd = entries.map(entryText).find((entry) => !reach.logs(entry));
  return odd === undefined ? null : `no \`log\` of this scenario prints ${odd}`;
}

/** Traps named after a built-in need a call of it. */
function uncalled(reach: Reach, code: string | null): string | null {
  const name = builtins.find(
    (one) => code?.startsWith(`${one}.`) && !code.slice(one.length + 1).includes("."),
  );
  if (name === undefined || reach.builtins.has(name)) return null;
  return `nothing in this scenario calls ${name}`;
}

/** Why one condition cannot hold in any run; null if it might. */
function impossible(reach: Reach, condition: Condition): string | null {
  switch (condition.tag) {
    case "log":
      return unprintable(reach, condition.log);
    case "contains":
      return unprintable(reach, [condition.entry]);
    case "before":
      return unprintable(reach, [condition.first, condition.second]);
    case "traps":
      return uncalled(reach, condition.code);
    case "outcome": {
      const { log, end } = condition.outcome;
      return unprintable(reach, log) ?? (end.tag === "traps" ? uncalled(reach, end.code) : null);
    }
    case "and":
      return impossible(reach, condition.left) ?? impossible(reach, condition.right);
    case "or": {
      const left = impossible(reach, condition.left);
      return left === null ? null : impossible(reach, condition.right) && left;
    }
    default:
      return null;
  }
}

function conjuncts(condition: Condition): readonly Condition[] {
  if (condition.tag !== "and") return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

/** Of several conditions at once: no outcome comes near, if each one lacks two of them. */
function noNeighbour(condition: Condition, outcomes: readonly Outcome[]): string | null {
  const parts = conjuncts(condition);
  if (parts.length < 2) return null;
  const near = outcomes.some((o) => parts.filter((part) => !holds(part, o)).length === 1);
  return near
    ? null
    : "every outcome lacks at least two of the conditions that are joined by `and`";
}

/**
 * Why `never CONDITION` could not have failed, given all outcomes of a whole search; null if it is a
 * claim worth making: its parts are within reach of the scenario's code, and, where several are joined
 * by `and`, some outcome lacks only one of them.
 */
export function whyVacuous(
  scenario: Scenario,
  condition: Condition,
  outcomes: readonly Outcome[],
): string | null {
  return impossible(reachOf(scenario), condition) ?? noNeighbour(condition, outcomes);
}
