// Programs of calls of built-ins as plain data, and how they are written. Mirrors spec/15.

import type { MemoryBytes } from "../format/trace.ts";
import { type Builtin, type ElementType, rowOf } from "./builtins.ts";

/** A handle that an earlier call returned; of a pair the end that is named. */
export interface ResultOf {
  /** the place of that call among all of the program: `first`, then thread by thread, from 0 */
  readonly call: number;
  readonly part: "readable" | "writable" | "all";
}

/** A number as it is, or what an earlier call returned: one of the same thread, or of `first`. */
export type Operand = number | ResultOf;

/** A call of a built-in, with its immediates. */
export interface Call {
  readonly builtin: Builtin;
  /** the element type of a stream or future; null, or not there: none */
  readonly type?: ElementType;
  /** whether it is the async form, where there are two (default: sync) */
  readonly async?: boolean;
  /** the slot of `context.*` */
  readonly slot?: number;
  readonly args: readonly Operand[];
  /** what the program stores in its memory just before */
  readonly stores?: readonly MemoryBytes[];
}

/** A program: one component instance with one memory, whose threads run at the same time. */
export interface Program {
  /** what runs alone, before the threads begin */
  readonly first: readonly Call[];
  /** each the body of an async export without callback, which the host calls at once */
  readonly threads: readonly (readonly Call[])[];
}

/** A part of a program that is a thread of its own. */
export interface Body {
  /** `first`, or `t1` and so on */
  readonly name: string;
  readonly calls: readonly Call[];
  /** the place of its first call */
  readonly base: number;
}

/** What `first` is called, if there is any. */
export const firstName = "first";

/** The threads of a program by name. */
export function bodiesOf({ first, threads }: Program): readonly Body[] {
  const bodies: Body[] = first.length > 0 ? [{ name: firstName, calls: first, base: 0 }] : [];
  let base = first.length;
  for (const [i, calls] of threads.entries()) {
    bodies.push({ name: `t${i + 1}`, calls, base });
    base += calls.length;
  }
  return bodies;
}

/** All calls, in the order of their places. */
export function callsOf({ first, threads }: Program): readonly Call[] {
  return [...first, ...threads.flat()];
}

const letters = { stream: "s", future: "f", set: "set", "error-context": "e" } as const;

/** What a call's result is called, `null` if it has none that can be referred to. */
function resultName(call: Call, place: number, part: ResultOf["part"]): string | null {
  const { result } = rowOf(call.builtin);
  if (result === "none" || result === "number") return null;
  const name = `${letters[result]}${place + 1}`;
  return part === "all" ? name : `${name}.${part}`;
}

function printOperand(calls: readonly Call[], operand: Operand): string {
  if (typeof operand === "number") return String(operand);
  const call = calls[operand.call];
  const name = call === undefined ? null : resultName(call, operand.call, operand.part);
  return name ?? `result of call ${operand.call + 1}`;
}

function printStores({ stores = [] }: Call): string {
  if (stores.length === 0) return "";
  return `   with ${stores.map(({ at, bytes }) => `${bytes} at ${at}`).join(", ")}`;
}

/** A call in one line: `s1 = stream.new<u8>`, `async stream.read<u8> s1.readable 0 4`. */
export function printCall(calls: readonly Call[], call: Call, place: number): string {
  const { builtin, type = null, async = false, slot, args } = call;
  const name = resultName(call, place, "all");
  const words = [
    ...(name === null ? [] : [`${name} =`]),
    ...(async ? ["async"] : []),
    type === null ? builtin : `${builtin}<${type}>`,
    ...(slot === undefined ? [] : [`slot ${slot}`]),
    ...args.map((operand) => printOperand(calls, operand)),
  ];
  return words.join(" ") + printStores(call);
}

/** A program as lines, a call each under the name of its thread. */
export function printProgram(program: Program): string {
  const calls = callsOf(program);
  const lines = bodiesOf(program).flatMap(({ name, calls: own, base }) => [
    `${name}:`,
    ...own.map((call, i) => `  ${printCall(calls, call, base + i)}`),
  ]);
  return lines.join("\n");
}

/** The number that an operand means when the calls at these places have returned what `resultAt` says. */
export function operandValue(
  operand: Operand,
  resultAt: (place: number) => number | bigint,
): number {
  if (typeof operand === "number") return operand;
  const got = BigInt(resultAt(operand.call));
  const word = operand.part === "writable" ? got >> 32n : got;
  return Number(BigInt.asUintN(32, word));
}
