// What a host does with stacks: prepare a call, poll it, drop it. Mirrors spec/13.

import { type Ctx, type Guest, type GuestMove, thread, trapAt } from "../../canon/machine.ts";
import { newThread } from "../../canon/threads.ts";
import type { Frame, Ret } from "../../model/frames.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { Value } from "../../model/values.ts";
import { type Options, optionOf } from "../options.ts";
import {
  callAt,
  enclosing,
  ownPath,
  type Prepared,
  type StackCall,
  setCall,
  setStacks,
  stacksOf,
} from "./state.ts";
import { unwind } from "./unwind.ts";

/** The verbs of the host's code, each with what it takes. */
export type Deed =
  | { readonly at: "new" }
  | ({ readonly at: "call"; readonly stack: number } & Prepared)
  | { readonly at: "poll" | "drop"; readonly f: number }
  | ({ readonly at: "plain" | "guard" } & Prepared);

/** A verb, or where it goes on. */
type State =
  | Deed
  | { readonly at: "polled" | "finish" | "unwind"; readonly f: number }
  | { readonly at: "called" };

interface Next {
  readonly move: GuestMove;
  readonly state: State;
}

/** The frame that runs a verb; its result is one value, or none. */
export function stackFrame(deed: Deed): Frame {
  return frameOf(deed);
}

function frameOf(state: State): Frame {
  const core: CoreFunc = { guest: "stacks", instance: 0 as InstanceId, code: 0 };
  return { tag: "guest", core, state };
}

const gives = (...values: readonly Value[]): Next => ({
  move: { tag: "return", values },
  state: { at: "called" },
});

const word = (label: string): Value => ({ tag: "case", label, value: null });

/** What a call of a function without a result gives. */
const resultOf = (values: readonly Value[]): Value => values[0] ?? word("done");

function calling({ func, args }: Prepared, state: State): Next {
  const frame: Frame = { tag: "host.call", func, args, async: false };
  return { move: { tag: "host-call", frame }, state };
}

/** Whether the program has async functions of the host, or fuel that yields: not without the flag. */
function hasAsync(c: Ctx, options: Options): boolean {
  if (optionOf(options, "preempt") === "on") return true;
  return c.program.funcs.some((f) => f.tag === "host" && f.ft.async && f.core.guest === "script");
}

/** Prepares a call: its arguments are copied, and no guest code runs. */
function prepare(c: Ctx, options: Options, deed: Deed & { at: "call" }): Next {
  const { stack, func, args } = deed;
  const { stacks, calls } = stacksOf(c);
  trapAt(isFiber(options) && optionOf(options, "entries") === "no-flag", "stack.not-enabled");
  trapAt(stack < 1 || stack > stacks, "stack.no-such-stack");
  trapAt(
    calls.some((call) => call.stack === stack && call.state !== "over"),
    "stack.busy",
  );
  const within = enclosing(c)?.f ?? null;
  const blank = { state: "prepared", base: null, segment: [], result: [], resumed: null } as const;
  setStacks(c, { calls: [...calls, { stack, func, args, within, ...blank }] });
  return gives(calls.length + 1);
}

const isFiber = (options: Options): boolean => optionOf(options, "stacks") === "fibers";

/** The call `f` is prepared on the stack of `g`, or on one of a call that is. */
function isWithin(calls: readonly StackCall[], f: number, g: number): boolean {
  const within = calls[f - 1]?.within ?? null;
  return within !== null && (within === g || isWithin(calls, within, g));
}

/** A fiber that was put aside in a blocking call keeps the store to itself, and its own callers. */
function trapIfHeld(c: Ctx, options: Options, f: number): void {
  const { calls } = stacksOf(c);
  const held = calls.some(({ state }, i) => {
    const own = f === i + 1 || isWithin(calls, i + 1, f);
    return state === "suspended" && !own;
  });
  trapAt(isFiber(options) && held, "stack.store-held");
}

/** Whether somebody below polls the call already: it cannot poll itself. */
function isPolled(c: Ctx, { state, base }: StackCall): boolean {
  const { stack } = c.edit.globals;
  return state === "running" && stack.some((id) => c.edit.thread.read(id).path === base);
}

function poll(c: Ctx, options: Options, f: number): Next {
  const call = callAt(c, f);
  trapAt(call.state === "over", "stack.polled-again");
  trapAt(isPolled(c, call), "stack.busy");
  trapIfHeld(c, options, f);
  // under way on its own, in a wait that leaves the store to others
  if (call.state === "running" || call.state === "done") return polled(c, f);
  const segment = call.state === "prepared" ? [begin(c, f, call)] : call.segment;
  setCall(c, f, { state: "running", base: segment[0] ?? null, segment: [] });
  const frame: Frame = { tag: "host.switch-in", paths: segment };
  return { move: { tag: "host-call", frame }, state: { at: "polled", f } };
}

/** The thread that the call will run on. */
function begin(c: Ctx, f: number, { func, args }: StackCall): string {
  const call: Frame = { tag: "host.call", func, args, async: false };
  const id = newThread(c, `call ${f}`, null, [
    { tag: "host.end" },
    frameOf({ at: "finish", f }),
    call,
  ]);
  return c.edit.thread.read(id).path;
}

function polled(c: Ctx, f: number): Next {
  const { state, result } = callAt(c, f);
  if (state !== "done") return gives(word("pending"));
  setCall(c, f, { state: "over", result: [] });
  return gives(resultOf(result));
}

/** The call has returned; if it was dropped while it went on by itself, nobody hears of it. */
function finish(c: Ctx, f: number, ret: Ret): Next {
  const result = ret?.tag === "values" ? ret.values : [];
  if (callAt(c, f).state === "over") return gives();
  setCall(c, f, { state: "done", base: null, result });
  return gives();
}

/** The crate forgets what is on a stack; a fiber is resumed once more, to be unwound. */
function drop(c: Ctx, options: Options, f: number): Next {
  const { state } = callAt(c, f);
  trapAt(state === "over", "stack.no-such-call");
  const unwinds = state === "suspended" && isFiber(options);
  if (unwinds) {
    setStacks(c, { dying: f });
    return unwound(c, f);
  }
  setCall(c, f, { state: "over", base: null, segment: [], result: [] });
  return gives();
}

/** Makes the calls of the guards on the stack, the last one first, then ends its threads. */
function unwound(c: Ctx, f: number): Next {
  const { segment } = callAt(c, f);
  const { guards } = stacksOf(c);
  const last = guards.findLast(({ owner }) => segment.includes(owner));
  if (last !== undefined) {
    setStacks(c, { guards: guards.filter((other) => other !== last) });
    return calling(last, { at: "unwind", f });
  }
  unwind(c, segment);
  setStacks(c, { dying: null });
  setCall(c, f, { state: "over", base: null, segment: [] });
  return gives();
}

/** An entry without a stack. */
function plain(c: Ctx, options: Options, deed: Prepared): Next {
  if (isFiber(options)) {
    const entries = optionOf(options, "entries");
    trapAt(entries === "flag", "stack.needs-async-entry");
    trapAt(entries === "no-flag" && hasAsync(c, options), "stack.not-enabled");
    if (entries === "store" && hasAsync(c, options)) return gives(word("refused"));
  }
  return calling(deed, { at: "called" });
}

/** A guard belongs to the host function that makes it. */
function guard(c: Ctx, { func, args }: Prepared): Next {
  trapAt(thread(c).task === null, "guest.type");
  const { guards } = stacksOf(c);
  setStacks(c, { guards: [...guards, { owner: ownPath(c), func, args }] });
  return gives();
}

function advance(c: Ctx, options: Options, state: State, ret: Ret): Next {
  switch (state.at) {
    case "new": {
      const stacks = stacksOf(c).stacks + 1;
      setStacks(c, { stacks });
      return gives(stacks);
    }
    case "call":
      return prepare(c, options, state);
    case "poll":
      return poll(c, options, state.f);
    case "polled":
      return polled(c, state.f);
    case "finish":
      return finish(c, state.f, ret);
    case "drop":
      return drop(c, options, state.f);
    case "unwind":
      return unwound(c, state.f);
    case "plain":
      return plain(c, options, state);
    case "called":
      return gives(resultOf(ret?.tag === "values" ? ret.values : []));
    case "guard":
      return guard(c, state);
  }
}

/** The interpreter of the verbs. */
export function stacksGuest(options: Options): Guest {
  return {
    start: () => {
      throw new Error("a verb is a frame of its own, no function that is called");
    },
    advance: (c, _core, state, input) => advance(c, options, state as State, input),
  };
}
