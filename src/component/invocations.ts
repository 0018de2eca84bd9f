// The host's threads: what instantiates, and what invokes exports one after the other and logs what they return. Mirrors spec/14.

import type { Ctx, Guest, GuestMove } from "../canon/machine.ts";
import { copyResults, editEnd } from "../canon/pairs.ts";
import { isBulk } from "../canon/values/bulk.ts";
import { despecialize, memoized, parts } from "../canon/values/types.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { FuncId, InstanceId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { EndValue, Value } from "../model/values.ts";

/** The interpreter of the host's threads. */
export const callerGuest = "caller";

/** A function that takes anything and does nothing: the destructor of a resource without one. */
export function doesNothing(instance: InstanceId): CoreFunc {
  return { guest: callerGuest, instance, code: -1 };
}

/** A variable of the host's instance: 1 as soon as the components are instantiated. */
export const instantiated = "instantiated";

/** A thing that a thread of the host does. */
export type CallerStep =
  /** Calls a function; its result is logged as `LABEL = ..`. A null label: nothing is logged. */
  | {
      readonly tag: "call";
      readonly func: FuncId;
      readonly args: readonly Value[];
      readonly label: string | null;
      readonly result: ValType | null;
    }
  | { readonly tag: "log"; readonly line: string }
  /** Lets those begin that wait for the components to be instantiated. */
  | { readonly tag: "open" };

/** How a value is written into the log. */
export type ShowValue = (value: Value, t: ValType) => string;

/** A stream or future that a call returned. */
interface Open {
  readonly end: EndValue;
  readonly what: "stream" | "future";
  readonly t: ValType | null;
}

/** Where a thread is; with `open`, it reads the first of these to its end before it goes on. */
interface CallerState {
  readonly at: "step" | "called" | "copied" | "dropped";
  readonly step: number;
  readonly open: readonly Open[];
  /** what came out of the first one so far */
  readonly got: readonly Value[];
}

/** Where a thread begins. */
export const firstState: CallerState = { at: "step", step: 0, open: [], got: [] };

const openTypes = new Set(["stream", "future"]);

function findOpen(t: ValType): boolean {
  return openTypes.has(t.tag) || parts(t).some((u) => u !== null && mayHoldEnds(u));
}

const mayHoldEnds: (t: ValType) => boolean = memoized(findOpen);

/** The values directly inside one. */
function inside(v: Value, type: ValType): readonly (readonly [Value, ValType])[] {
  const t = despecialize(type);
  if (typeof v !== "object" || isBulk(v)) return [];
  if (!("tag" in v)) {
    const fields = t.tag === "record" ? t.fields : null;
    const of = (i: number): ValType | null => {
      if (t.tag === "list") return t.t;
      return fields?.[i]?.t ?? null;
    };
    return v.flatMap((item, i) => pair(item, of(i)));
  }
  if (v.tag === "record" && t.tag === "record") {
    return t.fields.flatMap(({ label, t: u }) => pair(v.fields[label], u));
  }
  if (v.tag !== "case" || t.tag !== "variant") return [];
  return pair(v.value, t.cases.find(({ label }) => label === v.label)?.t ?? null);
}

function pair(
  v: Value | null | undefined,
  t: ValType | null,
): readonly (readonly [Value, ValType])[] {
  return v === null || v === undefined || t === null ? [] : [[v, t]];
}

/** The streams and futures in a value, in order. */
function openIn(v: Value, t: ValType): readonly Open[] {
  if (!mayHoldEnds(t)) return [];
  if (t.tag === "stream" || t.tag === "future") {
    const end = typeof v === "object" && "tag" in v && v.tag === "end" ? v : null;
    return end === null ? [] : [{ end, what: t.tag, t: t.t }];
  }
  return inside(v, t).flatMap(([part, u]) => openIn(part, u));
}

/** How many elements the host asks for at a time. */
const chunk = 65_536;

type Turn = { readonly move: GuestMove; readonly state: CallerState };

function call(frame: Frame, state: CallerState): Turn {
  return { move: { tag: "host-call", frame }, state };
}

function onEnd({ end, what }: Open, tag: string, more: object = {}): Frame {
  return { tag, waitable: end.waitable, kind: `readable-${what}`, ...more };
}

/** What came out of a stream or future, in words. */
function drainedWords({ what, t }: Open, got: readonly Value[], show: ShowValue): string {
  if (t === null) return what === "stream" ? `${got.length} elements` : "resolved";
  if (what === "stream") return show(got, { tag: "list", t, length: null });
  const [value] = got;
  return value === undefined ? "nothing" : show(value, t);
}

/** Forgets an end of the host's for good, so that its id becomes free. */
function forget(c: Ctx, { end }: Open): void {
  const w = editEnd(c, end.waitable);
  w.known = false;
}

function valuesOf(ret: Ret): readonly Value[] {
  return ret?.tag === "values" || ret?.tag === "core" ? ret.values : [];
}

/** Those that wait for the components to be instantiated may begin. */
function open(c: Ctx, host: InstanceId): void {
  const instance = c.edit.instance.edit(host);
  instance.globals = { ...instance.globals, [instantiated]: 1 };
}

/** Runs the steps of one thread from call to call. */
class Caller {
  readonly #codes: readonly (readonly CallerStep[])[];
  readonly #show: ShowValue;

  constructor(codes: readonly (readonly CallerStep[])[], show: ShowValue) {
    this.#codes = codes;
    this.#show = show;
  }

  advance(c: Ctx, core: CoreFunc, state: CallerState, ret: Ret): Turn {
    switch (state.at) {
      case "called":
        return this.#called(c, core, state, ret);
      case "copied":
        return this.#copied(c, state, ret);
      case "dropped":
        return this.#drained(c, core, state);
      default:
        return this.#next(c, core, state.step);
    }
  }

  #stepAt({ code }: CoreFunc, step: number): CallerStep | undefined {
    return this.#codes[code]?.[step];
  }

  #next(c: Ctx, core: CoreFunc, from: number): Turn {
    let step = from;
    let todo = this.#stepAt(core, step);
    while (todo !== undefined && todo.tag !== "call") {
      if (todo.tag === "log") c.edit.log(todo.line);
      else open(c, core.instance);
      step += 1;
      todo = this.#stepAt(core, step);
    }
    if (todo === undefined) return { move: { tag: "return", values: [] }, state: firstState };
    const { func, args } = todo;
    const state: CallerState = { ...firstState, at: "called", step };
    return call({ tag: "host.call", func, args, async: false }, state);
  }

  /** The result is logged, and what is open in it is read. */
  #called(c: Ctx, core: CoreFunc, state: CallerState, ret: Ret): Turn {
    const todo = this.#stepAt(core, state.step);
    const [value] = valuesOf(ret);
    if (todo?.tag !== "call" || todo.label === null) return this.#next(c, core, state.step + 1);
    const { label, result } = todo;
    if (result === null || value === undefined) {
      c.edit.log(label);
      return this.#next(c, core, state.step + 1);
    }
    c.edit.log(`${label} = ${this.#show(value, result)}`);
    return this.#read(c, core, { ...state, open: openIn(value, result), got: [] });
  }

  /** Reads the first stream or future that is open, or goes on. */
  #read(c: Ctx, core: CoreFunc, state: CallerState): Turn {
    const [first] = state.open;
    if (first === undefined) return this.#next(c, core, state.step + 1);
    const length = first.what === "future" ? 1 : chunk;
    const more = { t: null, values: [], length, async: false };
    return call(onEnd(first, "host.copy", more), { ...state, at: "copied" });
  }

  #copied(c: Ctx, state: CallerState, ret: Ret): Turn {
    const [first] = state.open;
    if (first === undefined) throw new Error("a copy of nothing");
    const [packed, received] = valuesOf(ret);
    const some = typeof received === "object" && !("tag" in received) ? received : [];
    const got = [...state.got, ...some];
    const over = first.what === "future" || (Number(packed) & 15) === copyResults.DROPPED;
    if (over) {
      forget(c, first);
      return call(onEnd(first, "host.drop"), { ...state, at: "dropped", got });
    }
    const more = { t: null, values: [], length: chunk, async: false };
    return call(onEnd(first, "host.copy", more), { ...state, at: "copied", got });
  }

  #drained(c: Ctx, core: CoreFunc, state: CallerState): Turn {
    const [first, ...rest] = state.open;
    const todo = this.#stepAt(core, state.step);
    if (first === undefined || todo?.tag !== "call") return this.#next(c, core, state.step + 1);
    const { got } = state;
    c.edit.log(`${todo.label} ${first.what} = ${drainedWords(first, got, this.#show)}`);
    const { t } = first;
    const inner = t === null ? [] : got.flatMap((v) => openIn(v, t));
    return this.#read(c, core, { ...state, open: [...rest, ...inner], got: [] });
  }
}

/** The interpreter of the host's threads; `CoreFunc.code` says which of `codes` a thread runs. */
export function caller(codes: readonly (readonly CallerStep[])[], show: ShowValue): Guest {
  const it = new Caller(codes, show);
  return {
    start: () => firstState,
    advance: (c, core, state, ret) => it.advance(c, core, state as CallerState, ret),
  };
}
