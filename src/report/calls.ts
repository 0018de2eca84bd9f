// How a trace names what a guest or the host calls: arguments by name, results by meaning.

import type { Ctx } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import type { Frame } from "../model/frames.ts";
import type { FuncId, WaitableId } from "../model/ids.ts";
import { readInt } from "../model/memory.ts";
import { builtins, type CanonicalOptions } from "../model/program.ts";
import type { CoreValue, Value } from "../model/values.ts";
import { endName, isOfOperation } from "../wasi/object-names.ts";
import { called2022, result2022Text } from "./calls-2022.ts";
import {
  copyText,
  coreText,
  eventOf,
  pairText,
  statusText,
  subtaskText,
  valueTexts,
  wasiTexts,
} from "./show.ts";

/** What is called: `kind` says whether control goes to another participant. */
export interface Called {
  readonly kind: "builtin" | "function" | "host";
  readonly name: string;
  readonly args: readonly string[];
  readonly async: boolean;
  /** the participant that is called; null for built-ins */
  readonly to: string | null;
}

const builtinNames: ReadonlySet<string> = new Set(builtins);

/** The parameters of each built-in that has any, in order. */
const parameters: Readonly<Record<string, readonly string[]>> = {
  "resource.new": ["rep"],
  "resource.drop": ["handle"],
  "resource.rep": ["handle"],
  "context.get": ["slot"],
  "context.set": ["slot", "value"],
  "waitable-set.wait": ["set", "ptr"],
  "waitable-set.poll": ["set", "ptr"],
  "waitable-set.drop": ["set"],
  "waitable.join": ["waitable", "set"],
  "subtask.cancel": ["subtask"],
  "subtask.drop": ["subtask"],
  "stream.forward": ["src", "dst"],
  "future.forward": ["src", "dst"],
  "thread.new-indirect": ["func", "context"],
  "error-context.new": ["ptr", "units"],
  "error-context.debug-message": ["error-context", "ptr"],
  "error-context.drop": ["error-context"],
};

function parametersOf(name: string): readonly string[] {
  const known = parameters[name];
  if (known !== undefined) return known;
  if (name.startsWith("thread.")) return ["thread"];
  if (name === "stream.read" || name === "stream.write") return ["end", "ptr", "n"];
  return name.startsWith("stream.") || name.startsWith("future.") ? ["end", "ptr"] : [];
}

function argTexts(name: string, args: readonly CoreValue[]): readonly string[] {
  const names = parametersOf(name);
  return args.map((arg, i) => (names[i] === undefined ? `${arg}` : `${names[i]}=${arg}`));
}

const asyncForms = /^subtask\.cancel$|^(stream|future)\.(read|write|cancel-read|cancel-write)$/;

function functionCall(c: Ctx, id: FuncId, args: readonly string[], async: boolean): Called {
  const def = c.program.funcs[id];
  const to = instanceName(c, def?.instance ?? null);
  return { kind: "function", name: def?.name ?? `function ${id}`, args, async, to };
}

function hostOperation(c: Ctx, frame: Frame): Called {
  const waitable = frame.waitable as WaitableId | undefined;
  const known = waitable !== undefined && c.edit.has("waitable", waitable);
  const values = (frame.values ?? []) as readonly Value[];
  const texts = known && isOfOperation(c, waitable) ? wasiTexts : valueTexts;
  const args = [...(known ? [endName(c, waitable)] : []), ...texts(c, values)];
  return { kind: "host", name: frame.tag, args, async: frame.async === true, to: null };
}

const hostOperations: ReadonlySet<string> = new Set(
  "new copy wait cancel cancel-copy drop await resolve confirm-cancel"
    .split(" ")
    .map((s) => `host.${s}`),
);

/** The call that a frame on top of a thread makes; null for any other frame. */
export function calledBy(c: Ctx, frame: Frame): Called | null {
  const { tag } = frame;
  const args = (frame.args ?? []) as readonly CoreValue[];
  if (tag === "lower") {
    const { async } = frame.opts as CanonicalOptions;
    return functionCall(c, frame.func as FuncId, args.map(String), async);
  }
  if (tag === "host.call") {
    const texts = valueTexts(c, frame.args as readonly Value[]);
    return functionCall(c, frame.func as FuncId, texts, frame.async === true);
  }
  if (tag === "guest") return called2022(frame);
  if (hostOperations.has(tag)) return hostOperation(c, frame);
  if (!builtinNames.has(tag)) return null;
  const async = asyncForms.test(tag) && (frame.opts as CanonicalOptions).async;
  return { kind: "builtin", name: tag, args: argTexts(tag, args), async, to: null };
}

function waitResult(c: Ctx, frame: Frame, code: number): string {
  const { memory } = frame.opts as CanonicalOptions;
  const ptr = Number((frame.args as readonly CoreValue[])[1] ?? 0);
  if (memory === null) return "";
  const bytes = c.edit.read("memory", memory);
  return eventOf(code, readInt(bytes, ptr, 4), readInt(bytes, ptr + 4, 4));
}

const copies = /^(stream|future)\.(read|write|cancel-read|cancel-write)$/;
const switches = /^thread\.(suspend|yield)/;

/** What a built-in or a lowered function returned to core code, by its meaning; "" for nothing. */
export function resultText(c: Ctx, frame: Frame, values: readonly CoreValue[]): string {
  const { tag } = frame;
  const of2022 = result2022Text(frame, values.map(Number));
  if (of2022 !== null) return of2022;
  const [first] = values;
  if (first === undefined) return "";
  if (tag === "lower" && (frame.opts as CanonicalOptions).async) return statusText(Number(first));
  if (tag === "stream.new" || tag === "future.new") return pairText(BigInt(first));
  if (copies.test(tag)) return copyText(Number(first));
  if (tag === "subtask.cancel") return subtaskText(Number(first));
  if (tag.startsWith("waitable-set.") && tag !== "waitable-set.new") {
    return waitResult(c, frame, Number(first));
  }
  if (switches.test(tag)) return first === 1 ? "CANCELLED" : "";
  return coreText(values);
}
