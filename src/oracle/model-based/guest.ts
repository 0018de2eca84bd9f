// A program as guest code of the model: makes its calls, keeps what they return. Mirrors spec/15.

import type { Boundary, Ctx, Guest, GuestMove } from "../../canon/machine.ts";
import type { Ret } from "../../model/frames.ts";
import { fromHex } from "../../model/hex.ts";
import type { MemoryId } from "../../model/ids.ts";
import { writeBytes } from "../../model/memory.ts";
import type { CanonicalOptions, CoreFunc, CoreImport, InstanceDef } from "../../model/program.ts";
import type { CoreValue } from "../../model/values.ts";
import { plainOptions } from "../../scenario/builder.ts";
import { type Body, type Call, firstName, operandValue } from "./program.ts";

/** The interpreter's name. */
export const programGuest = "program";

/** The only memory of the only instance. */
const memory = 0 as MemoryId;

export const memoryOptions: CanonicalOptions = { ...plainOptions, memory };

/** A thread: null before it begins; otherwise what its calls have returned, the low and the high words. */
type State = readonly (readonly [number, number])[] | null;

/** What the calls of `first` returned, a variable of the instance. */
const kept = "first";

const word = 2n ** 32n;

function pairOf(ret: Ret): readonly [number, number] {
  const values: readonly CoreValue[] = ret?.tag === "core" ? ret.values : [];
  const [value = 0] = values;
  const all = BigInt.asUintN(64, BigInt(value));
  return [Number(all % word), Number(all / word)];
}

/** The import that a call means. */
function importOf({ builtin, type = null, async = false, slot }: Call): CoreImport {
  return {
    tag: "builtin",
    name: builtin,
    t: type === null ? null : { tag: type },
    rt: null,
    opts: { ...memoryOptions, async },
    cancellable: false,
    table: [],
    ...(slot === undefined ? {} : { slot }),
  };
}

const taskReturn: CoreImport = {
  tag: "builtin",
  name: "task.return",
  t: null,
  rt: null,
  opts: memoryOptions,
  cancellable: false,
  table: [],
};

/** What a thread does: its calls, then `task.return`. */
interface Code extends Body {
  readonly imports: readonly CoreImport[];
}

function results(c: Ctx, { instance }: CoreFunc): readonly (readonly [number, number])[] {
  return (c.edit.instance.read(instance).globals[kept] as State | undefined) ?? [];
}

function keepResults(c: Ctx, { instance }: CoreFunc, state: State): void {
  const edited = c.edit.instance.edit(instance);
  edited.globals = { ...edited.globals, [kept]: state };
}

interface Turn {
  readonly move: GuestMove;
  readonly state: State;
}

/** Stores what comes before a call, and makes it. */
function makeCall(c: Ctx, core: CoreFunc, code: Code, state: NonNullable<State>): Turn {
  const call = code.calls[state.length];
  const target = code.imports[state.length];
  if (call === undefined || target === undefined) {
    return { move: { tag: "call", import: taskReturn, args: [] }, state };
  }
  for (const { at, bytes } of call.stores ?? []) {
    writeBytes(c.edit.memory.edit(memory), at, fromHex(bytes));
  }
  const earlier = results(c, core);
  const resultAt = (place: number): bigint => {
    const [low, high] = (place < code.base ? earlier[place] : state[place - code.base]) ?? [0, 0];
    return BigInt(low) + BigInt(high) * word;
  };
  const args = call.args.map((operand) => operandValue(operand, resultAt));
  return { move: { tag: "call", import: target, args }, state };
}

function advance(c: Ctx, core: CoreFunc, code: Code, state: State, ret: Ret): Turn {
  if (state === null) return makeCall(c, core, code, []);
  if (state.length < code.calls.length) return makeCall(c, core, code, [...state, pairOf(ret)]);
  if (code.name === firstName) keepResults(c, core, state);
  return { move: { tag: "return", values: [] }, state };
}

function boundaryOf({ imports }: Code, state: State): Boundary {
  if (state === null) return { tag: "start", args: [] };
  return { tag: "call", import: imports[state.length] ?? taskReturn };
}

/** The interpreter of a program; `CoreFunc.code` is the number of a body. */
export function guestOf(bodies: readonly Body[]): Guest {
  const codes = bodies.map((body): Code => ({ ...body, imports: body.calls.map(importOf) }));
  const codeOf = ({ code }: CoreFunc): Code => {
    const found = codes[code];
    if (found === undefined) throw new Error(`no body ${code}`);
    return found;
  };
  return {
    start: (): State => null,
    advance: (c, core, state, ret) => advance(c, core, codeOf(core), state as State, ret),
    boundary: (core, state) => boundaryOf(codeOf(core), state as State),
    names: (core) => [codeOf(core).name],
    encode: (_core, state, out) => {
      const words = (state as State) ?? [];
      out.int(state === null ? -1 : words.length);
      for (const [low, high] of words) {
        out.int(low | 0);
        out.int(high | 0);
      }
    },
  };
}

export const instances: readonly InstanceDef[] = [
  { name: "host", parent: null },
  { name: "program", parent: null },
];
