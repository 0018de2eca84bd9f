// How a script calls out: core arguments for imports, values for the host, and their results back.

import { type GuestMove, Trap } from "../canon/machine.ts";
import {
  flattenTypes,
  maxFlatAsyncParams,
  maxFlatParams,
  maxFlatResults,
  resultTypes,
} from "../canon/values/flatten.ts";
import { alignment, elemSize } from "../canon/values/layout.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { CanonicalOptions } from "../model/program.ts";
import type { ReadyWhen } from "../model/thread.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { builtinCall, builtinResult, type Call } from "./builtins.ts";
import type { Code, Instr, Lowered } from "./code.ts";
import { allocate, hold, release } from "./heap.ts";
import { flatten, loadAt, type Place, raise } from "./marshal.ts";
import { result2022 } from "./proposal-2022/calls.ts";
import { type Exit, type Linkers, type Op, type Run, type Spot, take } from "./running.ts";
import {
  bytesOf,
  copyResult,
  fromValue,
  mismatch,
  type ScriptValue,
  subtaskState,
  tagOf,
  toUnsigned,
} from "./script-values.ts";
import { stackDeed } from "./stack-deeds.ts";
import { toValue } from "./typed-values.ts";

type HostInstr = Instr & {
  readonly op: "host-call" | "host-builtin" | "host-wait" | "await" | "stack";
};

const exit = (move: GuestMove, temp: number | null = null): Exit => ({ move, temp, over: false });

const toHost =
  (instr: HostInstr, n: number): Op =>
  (run) =>
    exit({ tag: "host-call", frame: hostFrame(run.place, instr, take(run, n)) });

/** Instructions that call out of the script. */
export const calling: Linkers<
  "lowered" | "builtin" | "choose" | "host-call" | "host-builtin" | "host-wait" | "await" | "stack"
> = {
  lowered: (instr, { code }) => lowered(instr, code),
  builtin: (instr, spot) => {
    const kept = keeps(spot, 1);
    return (run) => {
      const { move, temp } = builtinCall(run.place, instr, take(run, instr.n), kept);
      return exit(move, temp);
    };
  },
  choose: ({ options }) => {
    const chosen = exit({ tag: "choose", options });
    return () => chosen;
  },
  "host-call": (instr) => toHost(instr, instr.n),
  "host-builtin": (instr) => toHost(instr, instr.n),
  "host-wait": (instr) => toHost(instr, 1),
  await: (instr) => toHost(instr, 0),
  stack: (instr) => toHost(instr, instr.n),
};

/** Whether the script goes on to use result number `n` of an instruction, an address. */
function keeps({ code, pc, live }: Spot, n: number): boolean {
  const next = code.instrs[pc + 1];
  if (next?.op === "first" || next?.op === "pop") return false;
  if (next?.op !== "destructure") return true;
  const slot = next.slots[n];
  return slot !== undefined && (live[pc + 2]?.includes(slot) ?? true);
}

function lowered(instr: Instr & { readonly op: "lowered" }, { opts }: Code): Op {
  const call = lowering(instr, instr.async, opts);
  return (run) => {
    const { move, temp } = call(run.place, take(run, instr.n));
    return exit(move, temp);
  };
}

/** How a function is called with core values: the call, and where it leaves its result in memory. */
export function lowering(
  { import: imported, ft }: Lowered,
  async: boolean,
  opts: CanonicalOptions,
): (place: Place, args: readonly ScriptValue[]) => Call {
  const types = ft.params.map((p) => p.t);
  const max = async ? maxFlatAsyncParams : maxFlatParams;
  const needsPointer = needsOutPointer(opts, ft, async);
  return (place, values) => {
    const flat = flatten(place, values, types, max);
    const temp = needsPointer ? allocateResult(place, ft) : null;
    const args = temp === null ? flat : [...flat, opts.address === "i64" ? BigInt(temp) : temp];
    return { move: { tag: "call", import: imported, args }, temp };
  };
}

function needsOutPointer(opts: CanonicalOptions, ft: FuncType, async: boolean): boolean {
  const flat = flattenTypes(resultTypes(ft), opts.address).length;
  return flat > (async ? 0 : maxFlatResults);
}

function allocateResult(place: Place, { result }: FuncType): number {
  if (result === null) return 0;
  const { address } = place.opts;
  return allocate(place, alignment(result, address), elemSize(result, address));
}

export function coreOf(ret: Ret): readonly CoreValue[] {
  return ret?.tag === "core" ? ret.values : [];
}

function valuesOf(ret: Ret): readonly Value[] {
  return ret?.tag === "values" || ret?.tag === "core" ? ret.values : [];
}

/** What the instruction that called out leaves on the stack. */
export function resumeValue(
  { place, current: { code, live }, pc }: Run,
  instr: Instr,
  ret: Ret,
  temp: number | null,
): ScriptValue {
  switch (instr.op) {
    case "rule-2022":
      return result2022(instr, ret);
    case "lowered":
      if (!instr.async) return syncResult(place, instr.ft, ret, temp);
      return asyncStatus(place, instr.ft, coreOf(ret), temp, keeps({ code, live, pc }, 2));
    case "builtin":
      return builtinResult(place, instr, coreOf(ret), temp);
    case "choose":
      return Number(coreOf(ret)[0] ?? 0);
    default:
      return hostResult(instr, ret);
  }
}

/** (state, subtask index or 0, result pointer) */
function asyncStatus(
  place: Place,
  ft: FuncType,
  core: readonly CoreValue[],
  ptr: number | null,
  kept: boolean,
): ScriptValue {
  const packed = Number(core[0] ?? 0);
  const index = Math.floor(packed / 16);
  if (!kept && ptr !== null) {
    const size = resultSize(place, ft);
    if (index === 0) release(place, ptr, size);
    else hold(place, index, ptr, size);
  }
  return { tag: "multi", values: [subtaskState(packed & 0xf), index, ptr ?? 0] };
}

function resultSize({ opts }: Place, { result }: FuncType): number {
  return result === null ? 0 : elemSize(result, opts.address);
}

/** What a function gives that was called synchronously. */
export function syncResult(place: Place, ft: FuncType, ret: Ret, temp: number | null): ScriptValue {
  if (ft.result === null) return 0;
  if (temp !== null) {
    const result = loadAt(place, ft.result, temp);
    release(place, temp, elemSize(ft.result, place.opts.address));
    return result;
  }
  return raise(place, coreOf(ret), [ft.result], maxFlatResults)[0] ?? 0;
}

function refOf(v: ScriptValue | undefined): number {
  if (v === undefined || tagOf(v) !== "end") throw new Trap("guest.type");
  return (v as { waitable: number }).waitable;
}

function hostFrame(place: Place, instr: HostInstr, args: readonly ScriptValue[]): Frame {
  if (instr.op === "host-wait") return { tag: "host.wait", waitable: refOf(args[0]) };
  if (instr.op === "await") return { tag: "host.await", ready: readyOf(place, instr) };
  if (instr.op === "host-builtin") return hostBuiltin(instr, args);
  if (instr.op === "stack") return stackDeed(instr, args);
  const values = instr.ft.params.map((p, i) => toValue(p.t, args[i] ?? 0, "utf8", true));
  return { tag: "host.call", func: instr.func, args: values, async: instr.async };
}

function readyOf({ c, instance }: Place, { what }: Instr & { op: "await" }): ReadyWhen {
  if (what.tag === "variable") {
    return { tag: "variable", instance, name: what.name, equals: what.equals };
  }
  if (what.tag === "idle") return { tag: "idle", until: 0n, task: null };
  const { running } = c.edit;
  const task = running === null ? null : c.edit.thread.read(running).task;
  if (task === null) throw new Trap("guest.type");
  return { tag: "cancel-requested", task };
}

function hostBuiltin(
  instr: Instr & { readonly op: "host-builtin" },
  args: readonly ScriptValue[],
): Frame {
  const { name, t, async } = instr;
  const [family = "", verb = ""] = name.split(".");
  if (name === "task.return") {
    const values = t === null || args[0] === undefined ? [] : [toValue(t, args[0], "utf8", true)];
    return { tag: "host.resolve", values };
  }
  if (name === "task.cancel") return { tag: "host.confirm-cancel" };
  if (verb === "new") return { tag: "host.new", what: family, t };
  const waitable = refOf(args[0]);
  if (name === "subtask.cancel") return { tag: "host.cancel", waitable };
  const reads = verb.endsWith("read") || verb === "drop-readable";
  const kind = `${reads ? "readable" : "writable"}-${family}`;
  if (verb.startsWith("drop")) return { tag: "host.drop", waitable, kind };
  if (verb.startsWith("cancel")) return { tag: "host.cancel-copy", waitable, kind };
  return { tag: "host.copy", waitable, kind, t, async, ...copied(family, reads, t, args[1]) };
}

/** The host's side of a copy: how much it reads, or what it writes. */
function copied(
  family: string,
  reads: boolean,
  t: ValType | null,
  what: ScriptValue | undefined,
): { readonly values: readonly Value[]; readonly length: number } {
  if (reads) return { values: [], length: family === "future" ? 1 : toUnsigned(what ?? 0) };
  const given = family === "future" ? [what ?? 0] : elements(what ?? 0, t);
  const values = given.map((v) => (t === null ? [] : toValue(t, v, "utf8", true)));
  return { values, length: values.length };
}

/** As many elements as a number says, at most those of the largest memory. */
const mostZeros = 2 ** 20;

function elements(v: ScriptValue, t: ValType | null): readonly ScriptValue[] {
  if (t === null || typeof v === "number") {
    const n = toUnsigned(v);
    return n > mostZeros ? mismatch() : new Array(n).fill(0);
  }
  if (typeof v === "string") return bytesOf(v);
  return Array.isArray(v) ? v : [v];
}

const copies: ReadonlySet<string> = new Set(["read", "write", "cancel-read", "cancel-write"]);

function hostResult(instr: Instr, ret: Ret): ScriptValue {
  const values = valuesOf(ret);
  if (instr.op === "host-call") return instr.async ? (values[0] ?? 0) : fromValue(values[0] ?? 0);
  if (instr.op === "stack") return fromValue(values[0] ?? 0);
  if (instr.op === "host-wait") {
    const [state = 0, result = 0] = values;
    return { tag: "multi", values: [subtaskState(Number(state)), fromValue(result)] };
  }
  if (instr.op !== "host-builtin") return 0;
  const verb = instr.name.split(".")[1] ?? "";
  if (verb === "new") return { tag: "multi", values };
  if (copies.has(verb)) {
    const [result = 0, received = []] = values;
    return { tag: "multi", values: [copyResult(Number(result)), fromValue(received)] };
  }
  return instr.name === "subtask.cancel" ? subtaskState(Number(values[0] ?? 0)) : 0;
}
