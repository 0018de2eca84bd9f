// How a script calls the rules of June 2022: operands to numbers and values, results back. Mirrors spec/12.

import { builtin2022 } from "../../history/proposal-2022/guest.ts";
import type { CallOperands, State } from "../../history/proposal-2022/rule.ts";
import type { Ret } from "../../model/frames.ts";
import type { ValType } from "../../model/types.ts";
import type { Value } from "../../model/values.ts";
import type { Call2022, Instr } from "../code.ts";
import { type Linkers, take } from "../running.ts";
import { type Named, narrow, type ScriptValue, toUnsigned } from "../script-values.ts";
import { toValue } from "../typed-values.ts";

type Rule2022 = Instr & { readonly op: "rule-2022" };

/** Numbers of these types are negative if their highest bit is set. */
const signed: ReadonlySet<string> = new Set(["s8", "s16", "s32", "s64"]);

/** The bytes of a value of the host, least first. */
function bytesOf(t: ValType, v: ScriptValue): readonly number[] {
  const value = toValue(t, v, "utf8", false);
  const bits = BigInt.asUintN(64, BigInt(value as number | bigint | boolean));
  return Array.from({ length: sizeOf(t) }, (_, i) => Number((bits >> BigInt(8 * i)) & 0xffn));
}

function sizeOf({ tag }: ValType): number {
  if (tag === "bool") return 1;
  return Number(tag.slice(1)) / 8;
}

/** A number out of its bytes. */
function fromBytes(t: ValType, bytes: readonly number[]): ScriptValue {
  const whole = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
  const n = signed.has(t.tag) ? BigInt.asIntN(8 * bytes.length, whole) : whole;
  return t.tag === "bool" ? n !== 0n : narrow(n);
}

function operandsOf(
  { params, handles, func, out }: Call2022,
  vs: readonly ScriptValue[],
): CallOperands {
  const values = params.map((t, i): Value => toValue(t, vs[i] ?? 0, "utf8", true));
  const [ptr = 0, size = 0] = vs.slice(params.length).map(toUnsigned);
  return { func, values, handles, out: out === 0 ? null : { ptr, size } };
}

function stateOf(instr: Rule2022, vs: readonly ScriptValue[]): State {
  const { name, call, shape, value } = instr;
  if (name === "host-return") {
    const bytes = value === null || value === undefined ? [] : bytesOf(value, vs[0] ?? 0);
    return { at: "start", args: bytes };
  }
  const made = shape === undefined ? {} : { shape };
  if (call === undefined) return { at: "start", args: vs.map(toUnsigned), ...made };
  return { at: "start", args: [], ...made, call: operandsOf(call, vs) };
}

/** The instruction that calls a rule. */
export const calling2022: Linkers<"rule-2022"> = {
  "rule-2022": (instr) => (run) => {
    const state = stateOf(instr, take(run, instr.n));
    const core = builtin2022(instr.name, run.place.instance);
    const move = { tag: "host-call", frame: { tag: "guest", core, state } } as const;
    return { move, temp: null, over: false };
  },
};

/** What the rule gave. */
export function result2022({ name, value }: Rule2022, ret: Ret): ScriptValue {
  const given = ret?.tag === "core" ? ret.values.map(Number) : [];
  if (name === "invoke") {
    return value === null || value === undefined ? 0 : fromBytes(value, given);
  }
  if (name !== "wait") return { tag: "multi", values: given };
  const [n = 0, ...rest] = given;
  const event: Named = { tag: "named", kind: "event-2022", n };
  return { tag: "multi", values: [event, ...rest] };
}
