// Scripts on stacks: where the host would wait, or fuel runs out, the whole stack is put aside. Mirrors spec/13.

import { type Ctx, type Guest, type GuestMove, Trap, thread } from "../../canon/machine.ts";
import { waitIsOver } from "../../canon/ready.ts";
import type { Ret } from "../../model/frames.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { ReadyWhen } from "../../model/thread.ts";
import type { Value } from "../../model/values.ts";
import { type Options, optionOf } from "../options.ts";
import {
  canSwitch,
  enclosing,
  isHostFuture,
  ownPath,
  putAside,
  setCall,
  setStacks,
  stacksOf,
} from "./state.ts";

/** A script that is up to something of its own is `inner`; otherwise it is in the middle of this. */
type Held =
  /** the future of a host function was not ready */
  | { readonly held: "await"; readonly inner: unknown; readonly ready: ReadyWhen }
  /** guards are called before the host function returns */
  | { readonly held: "return"; readonly inner: unknown; readonly values: readonly Value[] }
  /** the guest is about to call out, if fuel lasts */
  | { readonly held: "fuel" | "refuelled"; readonly inner: unknown; readonly move: GuestMove };

interface Next {
  readonly move: GuestMove;
  readonly state: unknown;
}

function isHeld(state: unknown): state is Held {
  return typeof state === "object" && state !== null && "held" in state;
}

const empty: Ret = { tag: "core", values: [] };

/** What runs: the interpreter below, the settings, the function. */
interface Script {
  readonly inner: Guest;
  readonly options: Options;
  readonly core: CoreFunc;
}

/** An async function of the host runs: its future is being polled. */
function inHostFuture(c: Ctx): boolean {
  const { task } = thread(c);
  return task !== null && isHostFuture(c.edit.task.read(task));
}

/** A function of the host runs, async or not. */
function inHostFunction(c: Ctx): boolean {
  const { task } = thread(c);
  return task !== null && c.edit.task.read(task).opts === null;
}

/** An async function of the host starts only where it could switch, never on a stack that dies. */
function checkStart(c: Ctx): void {
  if (!inHostFuture(c)) return;
  if (stacksOf(c).dying !== null) throw new Trap("stack.dying");
  if (!canSwitch(c)) throw new Trap("stack.no-switch-record");
}

/** Polls what a host function waits for: goes on at once, or puts the stack aside. */
function awaits(c: Ctx, script: Script, inner: unknown, ready: ReadyWhen): Next {
  const { task } = thread(c);
  if (waitIsOver(c, task, ready, "no")) return run(c, script, inner, empty);
  const on = enclosing(c);
  if (on === null) throw new Trap("stack.no-switch-record");
  const state: Held = { held: "await", inner, ready };
  return { move: { tag: "host-call", frame: putAside(c, on) }, state };
}

/** Paths are used again: the next host function is another one. */
function forgetResumed(c: Ctx, own: string): void {
  const on = enclosing(c);
  if (on === null || stacksOf(c).calls[on.f - 1]?.resumed !== own) return;
  setCall(c, on.f, { resumed: null });
}

/** A host function returns: what it guards goes away first, the last one first. */
function returns(c: Ctx, values: readonly Value[], inner: unknown): Next {
  const { guards } = stacksOf(c);
  const own = ownPath(c);
  const last = guards.findLast(({ owner }) => owner === own);
  if (last === undefined) {
    forgetResumed(c, own);
    return { move: { tag: "return", values }, state: inner };
  }
  setStacks(c, { guards: guards.filter((other) => other !== last) });
  const { func, args } = last;
  const frame = { tag: "host.call", func, args, async: false };
  return { move: { tag: "host-call", frame }, state: { held: "return", inner, values } };
}

/** Whether fuel may run out before this move: a guest on a stack calls out. */
function mayRunOut(c: Ctx, { options }: Script, { tag }: GuestMove): boolean {
  if (optionOf(options, "preempt") === "off" || tag !== "call") return false;
  return optionOf(options, "stacks") === "fibers" && enclosing(c) !== null;
}

/** The crate has lost the record of the switch when a host function goes on after one. */
function checkPanic(c: Ctx, { options }: Script): void {
  const on = enclosing(c);
  if (on === null || optionOf(options, "stacks") !== "crate") return;
  if (stacksOf(c).calls[on.f - 1]?.resumed === ownPath(c)) throw new Trap("stack.aborted");
}

const fuel: GuestMove = { tag: "choose", options: ["fuel lasts", "out of fuel"] };

function run(c: Ctx, script: Script, before: unknown, input: Ret): Next {
  const { inner, core } = script;
  const next = inner.advance(c, core, before, input);
  const { move, state } = next;
  if (inHostFunction(c) && move.tag === "return") {
    return returns(c, move.values as readonly Value[], state);
  }
  if (inHostFuture(c)) {
    if (move.tag === "host-call" && move.frame.tag === "host.await") {
      return awaits(c, script, state, move.frame.ready as ReadyWhen);
    }
    if (move.tag === "trap" && move.reason === "throw") checkPanic(c, script);
  }
  if (mayRunOut(c, script, move))
    return { move: fuel, state: { held: "fuel", inner: state, move } };
  return next;
}

function outOfFuel(c: Ctx, inner: unknown, move: GuestMove): Next {
  const on = enclosing(c);
  if (on === null) throw new Trap("stack.no-switch-record");
  const frame = putAside(c, on);
  return { move: { tag: "host-call", frame }, state: { held: "refuelled", inner, move } };
}

/** Whether a choice of `fuel` was the second alternative. */
function ranOut(input: Ret): boolean {
  return input?.tag === "core" && Number(input.values[0] ?? 0) === 1;
}

function goOn(c: Ctx, script: Script, state: Held, input: Ret): Next {
  switch (state.held) {
    case "await": {
      const on = enclosing(c);
      if (on !== null) setCall(c, on.f, { resumed: ownPath(c) });
      return awaits(c, script, state.inner, state.ready);
    }
    case "return":
      return returns(c, state.values, state.inner);
    case "fuel":
      if (ranOut(input)) return outOfFuel(c, state.inner, state.move);
      return { move: state.move, state: state.inner };
    case "refuelled":
      return { move: state.move, state: state.inner };
  }
}

const kinds = {
  await: 1,
  return: 2,
  fuel: 3,
  refuelled: 4,
} as const satisfies Record<Held["held"], number>;

/** What a script is held up by, without ids: its thread says whose wait it is. */
function detail(state: Held): unknown {
  if (state.held === "await") {
    const { ready } = state;
    return ready.tag === "variable" ? [ready.name, ready.equals] : ready.tag;
  }
  return state.held === "return" ? state.values : state.move;
}

/** The interpreter of scripts in a system whose host has stacks. */
export function onStacks(inner: Guest, options: Options): Guest {
  return {
    ...inner,
    start: (c, core, args) => {
      checkStart(c);
      return inner.start(c, core, args);
    },
    advance: (c, core, state, input) => {
      const script: Script = { inner, options, core };
      return isHeld(state) ? goOn(c, script, state, input) : run(c, script, state, input);
    },
    explain: (_c, _core, state) => {
      return isHeld(state) ? "was put aside with its stack" : "was created, and is not resumed yet";
    },
    encode: (core, state, out, dead) => {
      out.int(isHeld(state) ? kinds[state.held] : 0);
      if (isHeld(state)) out.data(detail(state));
      inner.encode?.(core, isHeld(state) ? state.inner : state, out, dead);
    },
  };
}
