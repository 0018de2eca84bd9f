// A trace as columns of text: step, thread, rule, and what the step did.

import { traps } from "../canon/traps.ts";
import type { Ending } from "../model/store.ts";
import type { ChoicePoint } from "../scheduler/run.ts";
import { aliveDeedText } from "./alive-deeds.ts";
import type { Deed } from "./deeds.ts";
import { type Paint, plain } from "./paint.ts";
import { deviates, type TraceStep } from "./trace.ts";

export interface TraceTextOptions {
  /** every step, also those in which nothing happens that a reader would miss */
  readonly verbose?: boolean;
  readonly paint?: Paint;
}

/** A line of a trace before it is laid out. */
interface Row {
  readonly mark: string;
  readonly step: TraceStep;
  readonly text: string;
  readonly deed: Deed["tag"] | "choice" | "step";
}

/** `, in f, called by g, h`: the functions that were open where core code trapped. */
export function callsText({ calls = [] }: { readonly calls?: readonly string[] }): string {
  const [first, ...others] = calls;
  if (first === undefined) return "";
  return `, in ${first}${others.length === 0 ? "" : `, called by ${others.join(", ")}`}`;
}

/** `traps CODE: SENTENCE, in FUNCTION`, `bug CODE: WHY`, `limit BOUND` */
export function endingText(ending: Ending): string {
  switch (ending.tag) {
    case "trap":
      return `traps ${ending.code}: ${traps[ending.code] ?? "no sentence explains this"}${callsText(ending)}`;
    case "bug":
      return `bug ${ending.code} in ${ending.rule}: ${ending.detail}`;
    case "limit":
      return `limit ${ending.bound}`;
  }
}

type Call = Extract<Deed, { tag: "call" }>;

/** `P.f(1, 2)` for functions, `end=1 ptr=16 n=4` for built-ins; `withName` puts the name first. */
function callText({ kind, name, args, async }: Call, withName: boolean): string {
  const text =
    kind === "function"
      ? `${name}(${args.join(", ")})`
      : [...(withName ? [name] : []), ...args].join(" ");
  return async ? `async ${text}`.trimEnd() : text;
}

function returnText({ task, values }: Extract<Deed, { tag: "return" }>): string {
  return values.length === 0 ? `${task} returns` : `${task} returns ${values.join(", ")}`;
}

/** What a deed says, for the formats that have no column for the rule. */
export function deedText(deed: Deed): string {
  switch (deed.tag) {
    case "call":
      return callText(deed, true);
    case "result":
      return deed.text === "" ? `${deed.of} returned` : `${deed.of} = ${deed.text}`;
    case "start":
      return `${deed.task}(${deed.args.join(", ")}) starts`;
    case "return":
      return returnText(deed);
    case "event":
      return `event ${deed.text}`;
    case "cancel":
      return `a cancellation of ${deed.task} is pending`;
    case "copy":
      return `${deed.n} ${deed.n === 1 ? "element" : "elements"}: ${deed.from} to ${deed.to}`;
    case "resume":
      return `${deed.thread} goes on`;
    case "wait":
      return deed.why;
    case "exit":
      return "exits";
    case "log":
      return `log ${deed.text}`;
    case "release":
    case "holders":
      return aliveDeedText(deed);
    case "end":
      return endingText(deed.ending);
  }
}

/** `block B.f (or: go-on B.f)` */
export function choiceText({ enabled, picked }: ChoicePoint): string {
  const others = enabled.filter((name) => name !== picked);
  const verb = picked.startsWith("choose ") ? "" : "choose ";
  return `${verb}${picked} (or: ${others.join(", ")})`;
}

function textIn(deed: Deed, { rule }: TraceStep): string {
  return deed.tag === "call" ? callText(deed, deed.name !== rule) : deedText(deed);
}

/** Said by the step that follows, or of no interest. */
function isMinor(deed: Deed): boolean {
  return deed.tag === "exit" || (deed.tag === "result" && deed.text === "");
}

function rowsOf(step: TraceStep, verbose: boolean): readonly Row[] {
  const { choice } = step;
  const points: Row[] =
    choice === null
      ? []
      : [{ mark: deviates(choice) ? "*" : " ", step, text: choiceText(choice), deed: "choice" }];
  const deeds = step.deeds
    .filter((deed) => verbose || !isMinor(deed))
    .map((deed): Row => ({ mark: " ", step, text: textIn(deed, step), deed: deed.tag }));
  const rows = [...points, ...deeds];
  return rows.length === 0 && verbose ? [{ mark: " ", step, text: "", deed: "step" }] : rows;
}

/** A result that comes right after its call stands on the call's line. */
function merged(rows: readonly Row[]): readonly Row[] {
  const out: Row[] = [];
  for (const row of rows) {
    const last = out.at(-1);
    const follows = last?.deed === "call" && row.deed === "result";
    if (!follows || last === undefined) out.push(row);
    else if (row.text.includes(" = ")) {
      const result = row.text.slice(row.text.indexOf(" = "));
      out[out.length - 1] = { ...last, text: (last.text + result).trimStart(), deed: "result" };
    }
  }
  return out;
}

const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map((t) => t.length));

function styled({ deed, mark }: Row, line: string, paint: Paint): string {
  if (deed === "end") return paint.bad(line);
  if (deed === "log" || deed === "holders") return paint.strong(line);
  if (deed === "choice") return mark === "*" ? paint.doubtful(line) : paint.faint(line);
  return deed === "step" ? paint.faint(line) : line;
}

/**
 * The lines of a trace: `*` where a choice deviates from the default, the number of the step, the
 * thread, the label of its rule, and what the step did.
 */
export function traceText(
  steps: readonly TraceStep[],
  options: TraceTextOptions = {},
): readonly string[] {
  const { verbose = false, paint = plain } = options;
  const all = steps.flatMap((step) => rowsOf(step, verbose));
  const rows = verbose ? all : merged(all);
  const digits = longest(rows.map((row) => `${row.step.n}`));
  const thread = longest(rows.map((row) => row.step.thread));
  const rule = longest(rows.map((row) => row.step.rule));
  return rows.map((row) => {
    const { n, thread: name, rule: label } = row.step;
    const columns = [`${n}`.padStart(digits), name.padEnd(thread), label.padEnd(rule), row.text];
    return styled(row, `${row.mark} ${columns.join("  ")}`.trimEnd(), paint);
  });
}
