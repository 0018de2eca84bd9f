// Guests: the frame of an interpreter, and how its calls become frames of rules. Mirrors spec/02.

import type { Frame } from "../model/frames.ts";
import type { CoreFunc, CoreImport } from "../model/program.ts";
import type { Thread } from "../model/thread.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { assert, become, type Ctx, finish, type Guest, results, Trap, thread } from "./machine.ts";
import type { Choices, ChoicesOf, Rules } from "./rule.ts";

/** A frame of guest code; `state` is the interpreter's own plain data. */
interface GuestFrame extends Frame {
  readonly tag: "guest";
  readonly core: CoreFunc;
  readonly state: unknown;
}

function isGuest(frame: Frame): frame is GuestFrame {
  return frame.tag === "guest";
}

interface ChooseFrame extends Frame {
  readonly options: readonly string[];
}

function guestOf(c: Ctx, core: CoreFunc): Guest {
  const guest = c.guests[core.guest];
  assert(guest !== undefined, "M13", "the guest's interpreter is registered");
  return guest;
}

/** The frame that calls a core function. */
export function guestFrame(
  c: Ctx,
  core: CoreFunc,
  args: readonly CoreValue[] | readonly Value[],
): GuestFrame {
  return { tag: "guest", core, state: guestOf(c, core).start(c, core, args) };
}

/** The functions of guests that are open in a thread, as far as their interpreters know: the innermost first. */
export function openCalls(c: Ctx, { frames }: Readonly<Thread>): readonly string[] {
  return frames.toReversed().flatMap((frame) => {
    if (!isGuest(frame)) return [];
    const { core, state } = frame;
    return c.guests[core.guest]?.calls?.(core, state) ?? [];
  });
}

/** The frame of the rule that an import's call runs. */
function importFrame(call: CoreImport, args: readonly CoreValue[]): Frame {
  if (call.tag === "lower") return { tag: "lower", func: call.func, opts: call.opts, args };
  const { name, t, rt, opts, cancellable, table, slot } = call;
  const operands = slot === undefined ? args : [slot, ...args];
  return { tag: name, args: operands, t, rt, opts, cancellable, table };
}

/** Runs guest code up to its next call, return or trap. */
function advance(c: Ctx, frame: GuestFrame): void {
  const { ret } = thread(c);
  const { move, state } = guestOf(c, frame.core).advance(c, frame.core, frame.state, ret);
  const next: GuestFrame = { tag: "guest", core: frame.core, state };
  switch (move.tag) {
    case "call":
      become(c, next, importFrame(move.import, move.args));
      return;
    case "host-call":
      become(c, next, move.frame);
      return;
    case "choose":
      become(c, next, { tag: "guest.choose", options: move.options });
      return;
    case "return":
      finish(c, { tag: "core", values: move.values as readonly CoreValue[] });
      return;
    case "trap":
      throw new Trap(`guest.${move.reason}`, move.calls);
  }
}

const chooseChoices: Choices<ChooseFrame> = {
  picks: (_c, { options }) => [...options.keys()],
  name: (c, { options }, pick) => `choose ${thread(c).name} ${options[pick]}`,
};

export const guestRules: Rules = {
  guest: advance,
  "guest.choose": (c, _frame: ChooseFrame, pick) => results(c, pick),
};

export const guestChoices: ChoicesOf = { "guest.choose": chooseChoices };
