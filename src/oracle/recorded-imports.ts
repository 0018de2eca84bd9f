// Functions of the host that the model does not know: what they return, and when, somebody else says. Mirrors spec/15.

import {
  type Ctx,
  type Guest,
  type GuestMove,
  task as runningTask,
  thread,
} from "../canon/machine.ts";
import { memoized, parts } from "../canon/values/types.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { TaskId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import { Limit } from "../scheduler/machine.ts";

/** A function of the host; its name is that of the import, and for one of an instance a space and its own. */
export interface HostFunc {
  readonly name: string;
  readonly ft: FuncType;
}

/** How a call of the host ends. */
export type HostAnswer =
  /** `value`: null where the function has no result */
  | { readonly tag: "returned"; readonly value: Value | null }
  /** The caller asked to cancel the call, and the host did. */
  | { readonly tag: "cancelled" }
  /** It threw what is no result: the engine traps, now or later, or never hears of the call again. */
  | { readonly tag: "trapped" }
  /** Nobody recorded it: it returned, if it has no result. */
  | { readonly tag: "unrecorded" }
  | { readonly tag: "never" };

/** Who speaks for the host; `currentThread` is the call's own. What it throws ends the step. */
export interface HostSide {
  /** The function is called. */
  call(c: Ctx, func: HostFunc, args: readonly Value[]): void;
  /**
   * The call ends now, and is heard of now or later. `mayCancel`: its caller has asked to cancel it, so that it
   * may be cancelled. `which`: of the ends that there are to choose from.
   */
  return(c: Ctx, func: HostFunc, mayCancel: boolean, which: number): HostAnswer;
  /** How many ends of the call there are to choose from (default: one). */
  ends?(c: Ctx, func: HostFunc, mayCancel: boolean): number;
}

/** How a call ends of which somebody has said so. */
type Said = Extract<HostAnswer, { readonly tag: "returned" | "cancelled" | "trapped" }>;

/** Where a call is: what it has just done, or waits for. `told`: it knows that its caller has asked to cancel. */
type CallState =
  | { readonly at: "start"; readonly args: readonly Value[] }
  | { readonly at: "called" | "asked" | "unrecorded" | "cancelled" | "over" | "never" }
  /** The engine has cancelled it, or is about to; the function's own end is still to come, and nobody hears it. */
  | { readonly at: "given-up" | "unheard" }
  | { readonly at: "waits"; readonly told: boolean }
  /** `heard`: somebody waits for its end */
  | { readonly at: "ends"; readonly heard: boolean }
  /** It has ended, and may be heard of now or later. */
  | { readonly at: "said"; readonly said: Said }
  | { readonly at: "delayed"; readonly said: Said; readonly told: boolean };

interface Turn {
  readonly move: GuestMove;
  readonly state: CallState;
}

const unsayable: ReadonlySet<ValType["tag"]> = new Set([
  "own",
  "borrow",
  "stream",
  "future",
  "error-context",
]);

function isSayable(t: ValType): boolean {
  return !unsayable.has(t.tag) && parts(t).every((u) => u === null || isSayable(u));
}

/** Whether WAVE can write all that a function takes and gives. */
const canBeSaid: (ft: FuncType) => boolean = memoized(({ params, result }: FuncType) => {
  return params.every(({ t }) => isSayable(t)) && (result === null || isSayable(result));
});

function mayCancel(c: Ctx): boolean {
  return runningTask(c).state === "pending-cancel";
}

const over: CallState = { at: "over" };

function returns(value: Value | null): Turn {
  return { move: { tag: "return", values: value === null ? [] : [value] }, state: over };
}

function call(frame: Frame, state: CallState): Turn {
  return { move: { tag: "host-call", frame }, state };
}

function choose(options: readonly string[], state: CallState): Turn {
  return { move: { tag: "choose", options }, state };
}

const traps: Turn = { move: { tag: "trap", reason: "throw" }, state: over };
const cancels: Turn = call({ tag: "host.confirm-cancel" }, { at: "cancelled" });
const givesUp: Turn = call({ tag: "host.confirm-cancel" }, { at: "given-up" });

/** Waits until somebody says how it ends, at any moment or never. */
function waits(c: Ctx, state: CallState): Turn {
  const { task } = thread(c);
  return call({ tag: "host.await", ready: { tag: "outside", task } }, state);
}

/** Waits while `ready` says so. */
function holds(core: CoreFunc, state: CallState, task: TaskId | null): Turn {
  return call({ tag: "host.await", ready: { tag: "guest", core, state, task } }, state);
}

/** Its caller asks to cancel: the function may end, or the engine gives it up, or neither as yet. */
function asks({ told }: { readonly told: boolean }): Turn {
  return choose(["end", "give up", ...(told ? [] : ["go on"])], { at: "asked" });
}

function delivers(said: Said): Turn {
  if (said.tag === "returned") return returns(said.value);
  return said.tag === "cancelled" ? cancels : traps;
}

function pickOf(ret: Ret): number {
  return ret?.tag === "core" ? Number(ret.values[0] ?? 0) : 0;
}

/** One call: it is told to the host's side, and that says how it ends when it is resumed. */
class Call {
  readonly #c: Ctx;
  readonly #core: CoreFunc;
  readonly #func: HostFunc;
  readonly #side: HostSide;

  constructor(c: Ctx, core: CoreFunc, side: HostSide) {
    const def = c.program.funcs[core.code];
    if (def === undefined) throw new Error(`no function ${core.code}`);
    this.#c = c;
    this.#core = core;
    this.#func = def;
    this.#side = side;
  }

  advance(state: CallState, pick: number): Turn {
    switch (state.at) {
      case "start":
        return this.#start(state.args);
      case "called":
        return pick === 0 ? this.#ends(true) : waits(this.#c, { at: "waits", told: false });
      case "waits":
        return mayCancel(this.#c) ? asks(state) : this.#ends(true);
      case "asked":
        return this.#asked(pick);
      case "said":
        return this.#said(state.said, pick);
      case "delayed":
        return state.told === mayCancel(this.#c) ? delivers(state.said) : this.#says(state.said);
      case "never":
        return this.#end(0);
      case "unrecorded":
        return pick === 0 ? returns(null) : cancels;
      case "given-up":
        return waits(this.#c, { at: "unheard" });
      case "unheard":
        return this.#ends(false);
      case "ends":
        return state.heard ? this.#end(pick) : this.#lost(pick);
      default:
        return returns(null);
    }
  }

  /** A function that is not async has to return before anything else happens. */
  #start(args: readonly Value[]): Turn {
    const { name, ft } = this.#func;
    if (!canBeSaid(ft)) {
      throw new Limit(`a call of ${name}: WAVE cannot write what it takes or gives`);
    }
    this.#side.call(this.#c, this.#func, args);
    return ft.async ? choose(["return", "wait"], { at: "called" }) : this.#end(0);
  }

  /** The function returns; what, there may be several answers to. */
  #ends(heard: boolean): Turn {
    const may = heard && mayCancel(this.#c);
    const count = this.#side.ends?.(this.#c, this.#func, may) ?? 1;
    if (count < 2) return heard ? this.#end(0) : this.#lost(0);
    const options = Array.from({ length: count }, (_, i) => `end ${i + 1}`);
    return choose(options, { at: "ends", heard });
  }

  #lost(which: number): Turn {
    this.#side.return(this.#c, this.#func, false, which);
    return returns(null);
  }

  #end(which: number): Turn {
    const may = mayCancel(this.#c);
    const answer = this.#side.return(this.#c, this.#func, may, which);
    switch (answer.tag) {
      case "returned":
      case "cancelled":
      case "trapped":
        return this.#func.ft.async ? this.#says(answer) : delivers(answer);
      case "unrecorded":
        return this.#unrecorded(may);
      case "never":
        return this.#never();
    }
  }

  #asked(pick: number): Turn {
    if (pick === 0) return this.#ends(true);
    return pick === 1 ? givesUp : waits(this.#c, { at: "waits", told: true });
  }

  /** An engine may hear of the end of a call some time after whoever records it, and cancel it until then. */
  #says(said: Said): Turn {
    const may = mayCancel(this.#c) && said.tag !== "cancelled";
    return choose(["deliver", "delay", ...(may ? ["cancel"] : [])], { at: "said", said });
  }

  #said(said: Said, pick: number): Turn {
    if (pick === 0) return delivers(said);
    if (pick === 2) return cancels;
    const state: CallState = { at: "delayed", said, told: mayCancel(this.#c) };
    if (said.tag === "trapped") return waits(this.#c, state);
    return holds(this.#core, state, thread(this.#c).task);
  }

  #never(): Turn {
    const { name, ft } = this.#func;
    if (!ft.async) throw new Limit(`a call of ${name}, which is not async, never returns`);
    return holds(this.#core, { at: "never" }, null);
  }

  #unrecorded(may: boolean): Turn {
    const { name, ft } = this.#func;
    if (ft.result !== null) throw new Limit(`a call of ${name}: nobody recorded its result`);
    return may ? choose(["return", "cancel"], { at: "unrecorded" }) : returns(null);
  }
}

/** The interpreter of functions whose calls end as `side` says. */
export function recordedImports(side: HostSide): Guest {
  return {
    start: (_c, _core, args): CallState => ({ at: "start", args: args as readonly Value[] }),
    advance: (c, core, state, ret) => {
      return new Call(c, core, side).advance(state as CallState, pickOf(ret));
    },
    ready: (_c, _core, state) => (state as CallState).at !== "never",
    explain: (c, { code }) => `waits for the host to return from ${c.program.funcs[code]?.name}`,
  };
}
