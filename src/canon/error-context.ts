// error-context.new, debug-message, drop. Mirrors spec/03 and CanonicalABI.md, "canon error-context.*".

import type { Frame } from "../model/frames.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { HandleEntry } from "../model/store.ts";
import type { CoreValue, ErrorContextValue, StringValue } from "../model/values.ts";
import {
  assert,
  become,
  type Ctx,
  currentInstance,
  results,
  thread,
  trapIf,
  trapUnlessMayLeave,
} from "./machine.ts";
import type { Choices, ChoicesOf, Rules } from "./rule.ts";
import type { LiftLowerContext } from "./values/context.ts";

import { storeElementsFrame } from "./values/lower.ts";
import { loadStringFromRange } from "./values/strings.ts";
import { addHandle, getHandle, removeHandle } from "./waitables.ts";

interface ErrorContextFrame extends Frame {
  readonly args: readonly CoreValue[];
  readonly opts: CanonicalOptions;
}

const forgetChoice = 0;
const keepChoice = 1;

const arg = (frame: ErrorContextFrame, i: number): number => Number(frame.args[i] ?? 0);

function context(c: Ctx, { opts }: ErrorContextFrame): LiftLowerContext {
  return { instance: currentInstance(c), opts, scope: null, handles: "abi" };
}

const mustForget: readonly number[] = [forgetChoice];
const mayKeep: readonly number[] = [forgetChoice, keepChoice];

/** A host may forget the message, or keep it: whatever it makes of it is symbolic here. */
const messageChoices: Choices<ErrorContextFrame> = {
  picks: (c) => (c.edit.globals.profile.name === "deterministic" ? mustForget : mayKeep),
  name: (c, _frame, pick) =>
    `${pick === keepChoice ? "keep-message" : "forget-message"} ${thread(c).name}`,
};

function newErrorContext(c: Ctx, frame: ErrorContextFrame, pick: number): void {
  trapUnlessMayLeave(c);
  const nothing: StringValue = { tag: "string", s: "", encoding: "utf8", units: 0, utf16: false };
  const message =
    pick === keepChoice
      ? loadStringFromRange(c, context(c, frame), frame.args[0] ?? 0, frame.args[1] ?? 0)
      : nothing;
  results(c, addHandle(c, currentInstance(c), { tag: "error-context", message }));
}

function expectErrorContext(c: Ctx, entry: HandleEntry): ErrorContextValue {
  trapIf(c, entry.tag !== "error-context", "not-an-error-context");
  return entry as ErrorContextValue;
}

function debugMessage(c: Ctx, frame: ErrorContextFrame): void {
  const instance = trapUnlessMayLeave(c);
  const { message } = expectErrorContext(c, getHandle(c, instance, arg(frame, 0)));
  const cx = context(c, frame);
  const ptr = arg(frame, 1);
  assert(cx.opts.memory !== null, "M07", "validation requires a memory here");
  const word = cx.opts.address === "i32" ? 4 : 8;
  // NON-SPEC: the reference only asserts this (see divergences, D-payload-pointer).
  trapIf(c, ptr % word !== 0, "misaligned");
  trapIf(c, ptr + 2 * word > c.edit.memory.read(cx.opts.memory).length, "out-of-bounds");
  become(c, { tag: "builtin.done" }, storeElementsFrame(cx, [message], { tag: "string" }, ptr));
}

export const errorContextRules: Rules = {
  "error-context.new": newErrorContext,
  "error-context.debug-message": debugMessage,
  "error-context.drop": (c, frame: ErrorContextFrame) => {
    const instance = trapUnlessMayLeave(c);
    expectErrorContext(c, removeHandle(c, instance, arg(frame, 0)));
    results(c);
  },
};

export const errorContextChoices: ChoicesOf = { "error-context.new": messageChoices };
