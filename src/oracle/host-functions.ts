// Calls of the host's functions in a trace: which function is meant, and its values in WAVE. Mirrors spec/15.

import { type Ctx, currentThread } from "../canon/machine.ts";
import { memoized } from "../canon/values/types.ts";
import { recordedGuest } from "../component/unknown-imports.ts";
import type { ThreadId } from "../model/ids.ts";
import type { Program } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { WaveError } from "../wave/errors.ts";
import { parseValue } from "../wave/parse.ts";
import { printValue } from "../wave/print.ts";
import { didYouMean } from "../wit/spelling.ts";
import { funcWords, typeWords } from "../wit/type-words.ts";
import { JudgeError } from "./errors.ts";
import type { TraceEvent } from "./format/trace.ts";
import type { HostAnswer, HostFunc, HostSide } from "./recorded-imports.ts";

export type HostCall = Extract<TraceEvent, { readonly event: "host-call" }>;
export type HostReturn = Extract<TraceEvent, { readonly event: "host-return" }>;
export type HostEvent = HostCall | HostReturn;

/** What an imported function may be called: `a:b/c@1.0.0 f`, `a:b/c@1.0.0#f`, `a:b/c#f`, `f`. */
export function namesOfImport(name: string): readonly string[] {
  const hashed = name.replaceAll(" ", "#");
  const loose = hashed.replace(/@[^#]*/g, "");
  return [name, hashed, loose, hashed.slice(hashed.lastIndexOf("#") + 1)];
}

const spellings: (func: HostFunc) => readonly string[] = memoized(({ name }: HostFunc) => {
  return namesOfImport(name);
});

function isMeant(event: { readonly func: string }, func: HostFunc): boolean {
  return spellings(func).includes(event.func);
}

/** Null: the text says no value of this type. */
function readText(text: string, t: ValType): Value | null {
  try {
    return parseValue(text, t);
  } catch (error) {
    if (error instanceof WaveError) return null;
    throw error;
  }
}

/** Whether a text says this value; there are several for some, `1` and `some(1)` say. */
function says(text: string, value: Value, t: ValType): boolean {
  const canonical = printValue(value, t);
  if (text === canonical) return true;
  const read = readText(text, t);
  return read !== null && printValue(read, t) === canonical;
}

/** Whether an event says that the function is called with these arguments. */
export function callFits(event: HostCall, func: HostFunc, args: readonly Value[]): boolean {
  if (!isMeant(event, func)) return false;
  const { args: texts } = event;
  if (texts === undefined) return true;
  return (
    texts.length === args.length &&
    func.ft.params.every(({ t }, i) => {
      const [text, value] = [texts[i] ?? null, args[i]];
      return text === null || (value !== undefined && says(text, value, t));
    })
  );
}

/** How a call of the function ends, if an event says it does; null: it says nothing of the sort. */
export function answerOf(event: HostReturn, func: HostFunc, mayCancel: boolean): HostAnswer | null {
  if (!isMeant(event, func)) return null;
  const { value: text, cancelled, trapped } = event;
  if (trapped) return { tag: "trapped" };
  if (cancelled) return mayCancel ? { tag: "cancelled" } : null;
  const { result } = func.ft;
  if (result === null) return text === undefined ? { tag: "returned", value: null } : null;
  const value = text === undefined ? null : readText(text, result);
  return value === null ? null : { tag: "returned", value };
}

/** What is wrong with a text; null: it says a value of this type. */
function textFault(text: string, t: ValType): string | null {
  try {
    parseValue(text, t);
    return null;
  } catch (error) {
    if (!(error instanceof WaveError)) throw error;
    return `${error.message}, at character ${error.column} of ${text}`;
  }
}

function callFault({ args }: HostCall, { name, ft }: HostFunc): string | null {
  if (args === undefined) return null;
  if (args.length !== ft.params.length) {
    return `the arguments of ${name}: there are ${ft.params.length}, here are ${args.length}`;
  }
  for (const [i, { t }] of ft.params.entries()) {
    const text = args[i] ?? null;
    const why = text === null ? null : textFault(text, t);
    if (why !== null) return `argument ${i + 1} of ${name}: ${why}`;
  }
  return null;
}

function returnFault(
  { value, cancelled, trapped }: HostReturn,
  { name, ft }: HostFunc,
): string | null {
  if (cancelled || trapped) return null;
  if (ft.result === null) {
    return value === undefined ? null : `${name} has no result, here is ${value}`;
  }
  if (value === undefined) return `the result of ${name} is needed: ${typeWords(ft.result)}`;
  const why = textFault(value, ft.result);
  return why === null ? null : `the result of ${name}: ${why}`;
}

function eventFault(event: HostEvent, func: HostFunc): string | null {
  return event.event === "host-call" ? callFault(event, func) : returnFault(event, func);
}

/** The functions whose results a trace has to say. */
function recordedFuncs({ funcs }: Pick<Program, "funcs">): readonly HostFunc[] {
  return funcs.filter(({ core }) => core.guest === recordedGuest);
}

function faultAmong(
  event: HostEvent,
  all: readonly HostFunc[],
): { readonly message: string; readonly hint: string | null } | null {
  const meant = all.filter((func) => isMeant(event, func));
  const [first] = meant;
  if (first === undefined) {
    const names = all.map(({ name }) => namesOfImport(name)[1] ?? name);
    const there = names.length === 0 ? "there are none" : `there is ${names.join(", ")}`;
    const message = `no function of the host that is recorded is called ${event.func}`;
    return { message, hint: didYouMean(event.func, names, there) };
  }
  if (meant.some((func) => eventFault(event, func) === null)) return null;
  return { message: eventFault(event, first) ?? "", hint: funcWords(first.ft) };
}

/**
 * Looks at the events of a trace: throws `JudgeError` for a call or return of the host that can be none of
 * this program's functions, whatever the schedule.
 */
export function hostEventChecker(
  program: Pick<Program, "funcs">,
): (event: TraceEvent, index: number) => void {
  const all = recordedFuncs(program);
  return (event, index) => {
    if (event.event !== "host-call" && event.event !== "host-return") return;
    const fault = faultAmong(event, all);
    if (fault !== null) throw new JudgeError(fault.message, { index, hint: fault.hint });
  };
}

/** The event of a call. */
export function callEvent({ name, ft }: HostFunc, values: readonly Value[]): HostCall {
  const args = ft.params.flatMap(({ t }, i) => {
    const value = values[i];
    return value === undefined ? [] : [printValue(value, t)];
  });
  return { event: "host-call", func: name, args };
}

/** What the host does in a run that no trace was recorded of. */
export type HostBehaviour = (
  name: string,
  args: readonly Value[],
  mayCancel: boolean,
) => HostAnswer;

function returnEvent({ name, ft }: HostFunc, answer: HostAnswer): HostReturn | null {
  const event = { event: "host-return", func: name } as const;
  switch (answer.tag) {
    case "returned": {
      const { value } = answer;
      if (value === null || ft.result === null) return event;
      return { ...event, value: printValue(value, ft.result) };
    }
    case "cancelled":
      return { ...event, cancelled: true };
    case "trapped":
      return { ...event, trapped: true };
    default:
      return null;
  }
}

/** The host's side of a run: it behaves so, and what it does is told as events. */
export function hostOf(behave: HostBehaviour, emit: (c: Ctx, event: HostEvent) => void): HostSide {
  const open = new Map<ThreadId, readonly Value[]>();
  return {
    call(c, func, args) {
      open.set(currentThread(c), args);
      emit(c, callEvent(func, args));
    },
    return(c, func, mayCancel) {
      const answer = behave(func.name, open.get(currentThread(c)) ?? [], mayCancel);
      const event = returnEvent(func, answer);
      if (event !== null) emit(c, event);
      return answer;
    },
  };
}
