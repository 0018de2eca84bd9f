// What variables of a script hold, how they print, and which numbers and texts they are.

import { Trap } from "../canon/machine.ts";
import { bulkElements, isBulk } from "../canon/values/bulk.ts";
import { showValue } from "../canon/values/show.ts";
import type { Value } from "../model/values.ts";
import { constants } from "./constants.ts";

export type NamedKind = (typeof constants)[keyof typeof constants]["kind"];

/** A number of the specification that prints by its name. */
export interface Named {
  readonly tag: "named";
  readonly kind: NamedKind;
  readonly n: number;
}

/** A list or string that already lies in memory. */
export interface At {
  readonly tag: "at";
  readonly ptr: number;
  readonly length: number;
}

/** A call that a stackless body has started, by its number in the executor of its instance. */
export interface Call {
  readonly tag: "call";
  readonly call: number;
}

/** Several results of one operation, until `let` takes them apart. */
export interface Multi {
  readonly tag: "multi";
  readonly values: readonly ScriptValue[];
}

/**
 * Integers are numbers while they are safe and bigints beyond; strings are plain; handles in guest
 * code are indices, in host code `rep` and `end` values.
 */
export type ScriptValue = Value | Named | At | Multi | Call | readonly ScriptValue[];

type Tagged = Exclude<ScriptValue, number | bigint | string | boolean | readonly unknown[]>;

export function tagOf(v: ScriptValue): Tagged["tag"] | null {
  return typeof v === "object" && "tag" in v ? v.tag : null;
}

function isNamed(v: ScriptValue): v is Named {
  return tagOf(v) === "named";
}

export function isAt(v: ScriptValue): v is At {
  return tagOf(v) === "at";
}

export function isMulti(v: ScriptValue): v is Multi {
  return tagOf(v) === "multi";
}

const BLOCKED = constants.BLOCKED.value;

/** A copy result, BLOCKED or result and progress. */
export function copyResult(n: number): Named {
  return { tag: "named", kind: "copy", n };
}

export function subtaskState(n: number): Named {
  return { tag: "named", kind: n === BLOCKED ? "copy" : "subtask", n };
}

const codes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(constants).map(([name, { kind, value }]) => [`${kind}${value}`, name] as const),
  // the events of June 2022 whose names were kept, with the same numbers
  ...(["RETURNED", "TASK_CANCELLED"] as const).map(
    (name) => [`event-2022${constants[name].value}`, name] as const,
  ),
]);

function showNamed({ kind, n }: Named): string {
  if (kind !== "copy") return codes.get(`${kind}${n}`) ?? `${kind} ${n}`;
  if (n === BLOCKED) return "BLOCKED";
  return `${codes.get(`copy${n & 0xf}`) ?? n & 0xf}|${Math.floor(n / 16)}`;
}

/** How a value prints in the log: text plain, everything else as in WAVE. */
export function show(v: ScriptValue): string {
  if (typeof v === "string") return v;
  if (isNamed(v)) return showNamed(v);
  if (isMulti(v)) return show(v.values[0] ?? 0);
  if (isAt(v)) return `list-at ${v.ptr} ${v.length}`;
  if (tagOf(v) === "string") return (v as { s: string }).s;
  if (tagOf(v) === "end") return "end";
  if (tagOf(v) === "call") return "call";
  if (Array.isArray(v)) return `[${v.map(show).join(", ")}]`;
  return showValue(v as Value);
}

/** The number in a value; traps in the guest's name where there is none. */
export function toNumber(v: ScriptValue): number {
  if (typeof v === "number") return v;
  if (typeof v === "bigint") return Number(v);
  if (typeof v === "boolean") return v ? 1 : 0;
  if (isNamed(v)) return v.n;
  if (tagOf(v) === "rep") return (v as { rep: number }).rep;
  return mismatch();
}

/** For a value that does not fit where it is used. */
export function mismatch(): never {
  throw new Trap("guest.type");
}

export function truthy(v: ScriptValue): boolean {
  return typeof v === "string" ? v !== "" : toNumber(v) !== 0;
}

/** An operand as core code passes it: an unsigned number, where a negative one wraps to an i32. */
export function toUnsigned(v: ScriptValue): number {
  const n = Math.trunc(toNumber(v));
  return n >= 0 && n <= Number.MAX_SAFE_INTEGER ? n : n >>> 0;
}

/** The bytes of a text literal: one for each character up to U+00FF. */
export function bytesOf(text: string): number[] {
  return [...text].map((ch) => {
    const code = ch.codePointAt(0) ?? 0;
    return code < 256 ? code : mismatch();
  });
}

/** A lifted value as a script holds it: strings plain, lists of numbers as arrays. */
export function fromValue(v: Value): ScriptValue {
  if (isBulk(v)) return bulkElements(v).map(narrow);
  if (Array.isArray(v)) return v.map(fromValue);
  if (tagOf(v) === "string") return (v as { s: string }).s;
  if (tagOf(v) === "rep") return (v as { rep: number }).rep;
  return typeof v === "bigint" ? narrow(v) : v;
}

/** An integer in its plainest form. */
export function narrow(n: number | bigint): number | bigint {
  if (typeof n === "number") return n;
  const safe = n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER);
  return safe ? Number(n) : n;
}

/** Equality as scripts see it: names are their numbers. */
export function equal(a: ScriptValue, b: ScriptValue): boolean {
  if (isNumeric(a) && isNumeric(b)) return asBigInt(a) === asBigInt(b);
  return show(a) === show(b);
}

function isNumeric(v: ScriptValue): boolean {
  return typeof v === "bigint" || typeof v === "boolean" || isNamed(v) || Number.isInteger(v);
}

function asBigInt(v: ScriptValue): bigint {
  return typeof v === "bigint" ? v : BigInt(toNumber(v));
}
