// What counts of a script's state: its code by what it says, and the locals that will be read again.

import type { StateWriter } from "../canon/machine.ts";
import type { Code, ScriptFrame, ScriptState } from "./code.ts";
import { liveLocals } from "./liveness.ts";
import type { NamedKind, ScriptValue } from "./script-values.ts";
import { tagOf } from "./script-values.ts";

/** One compiled function as keys see it. */
interface CodeKey {
  /** equal for functions that are the same but for their names */
  readonly number: number;
  /** by place in the code */
  readonly live: readonly (readonly number[])[];
}

export type CodeKeys = readonly CodeKey[];

export function codeKeys(codes: readonly Code[]): CodeKeys {
  const numbers = new Map<string, number>();
  return codes.map((code, i) => {
    const text = textOf(code);
    const number = numbers.get(text) ?? i;
    numbers.set(text, number);
    return { number, live: liveLocals(code.instrs) };
  });
}

/** Constants that JSON lacks are written as what they print. */
function textOf(code: Code): string {
  return JSON.stringify({ ...code, name: "" }, (_, value: unknown) => {
    if (typeof value === "bigint") return `bigint ${value}`;
    if (typeof value !== "number" || (Number.isFinite(value) && !Object.is(value, -0)))
      return value;
    return `number ${Object.is(value, -0) ? "-0" : value}`;
  });
}

/** Writes the state of a script; `dead`: only what it will read again. */
export function writeScript(
  keys: CodeKeys,
  { calls, temp, out }: ScriptState,
  w: StateWriter,
  dead: boolean,
): void {
  w.int(calls.length * 2 + (out ? 1 : 0));
  w.data(temp);
  for (let i = 0; i < calls.length; i++) {
    const frame = calls[i];
    const key = keys[frame?.code ?? -1];
    if (frame === undefined || key === undefined) throw new Error("a script of no code");
    w.int(key.number);
    w.int(frame.pc);
    // the instruction that called out is done with its operands
    const at = out && i === calls.length - 1 ? frame.pc + 1 : frame.pc;
    if (dead) writeSlots(frame, key.live[at] ?? [], w);
    else writeValues(frame.locals, w);
    writeValues(frame.stack, w);
  }
}

/** How many they are is settled by the place in the code. */
function writeSlots({ locals }: ScriptFrame, slots: readonly number[], w: StateWriter): void {
  for (const slot of slots) writeValue(locals[slot] ?? 0, w);
}

function writeValues(values: readonly ScriptValue[], w: StateWriter): void {
  w.int(values.length);
  for (const value of values) writeValue(value, w);
}

const kinds = {
  copy: -1,
  subtask: -2,
  event: -3,
  "event-2022": -4,
} as const satisfies Record<NamedKind, number>;

/** Names are common; any other data begins with a number that is not negative. */
function writeValue(value: ScriptValue, w: StateWriter): void {
  if (typeof value === "object" && tagOf(value) === "named") {
    const { kind, n } = value as { kind: NamedKind; n: number };
    w.int(kinds[kind]);
    w.data(n);
  } else w.data(value);
}
