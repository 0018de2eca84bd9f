// The definitions of stackless exports: a callback lift each, or two halves and a poll function. Mirrors spec/11.

import type { Guest } from "../../canon/machine.ts";
import { isyswasfaGuest, rootFrame } from "../../history/isyswasfa/guest.ts";
import { tasksKey } from "../../history/isyswasfa/interfaces.ts";
import type { RootFrame, Wiring } from "../../history/isyswasfa/protocol.ts";
import { firstTasks } from "../../history/isyswasfa/tasks.ts";
import { type Options, optionOf } from "../../history/options.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { CoreFunc, FuncDef } from "../../model/program.ts";
import type { FuncType } from "../../model/types.ts";
import type { ExportDecl, RunDecl, Scenario } from "../ast.ts";
import { add, type Builder } from "../builder.ts";
import { type Body, compileBody } from "../compile.ts";
import { confirming } from "../compile-stackless.ts";
import { everyComponent, isStackless } from "../components.ts";
import type { Scope } from "../emitter.ts";
import { linkAll } from "../interpret.ts";
import { literal } from "../literals.ts";
import {
  dtorType,
  type FuncSource,
  funcNamed,
  halvesNamed,
  hostInstance,
  type Names,
  sourceName,
  splitOf,
} from "../resolve.ts";
import { toValue } from "../typed-values.ts";
import type { Engine, Entry, SplitImports } from "./engine.ts";
import { isBusy, stacklessGuest } from "./guest.ts";
import { nativeRules } from "./native.ts";
import { splitRules } from "./split.ts";
import { explainTasks } from "./waits.ts";

/** Whether the stackless bodies of a scenario, if it has any, are compiled to halves. */
export function isSplit({ components }: Scenario, designs: Options): boolean {
  return optionOf(designs, "abi") === "split" && everyComponent(components).some(isStackless);
}

/** A core function of the executor. */
function enter(b: Builder, instance: InstanceId, entry: Entry): CoreFunc {
  b.entries.push(entry);
  return { guest: "stackless", instance, code: b.entries.length - 1 };
}

/** A body, and what is run when its task is cancelled. */
function bodyOf(b: Builder, scope: Scope, name: string, decl: ExportDecl, ft: FuncType): number {
  return add(b, compileBody(scope, shapeOf(name, decl, ft)));
}

function shapeOf(name: string, { sig, body }: ExportDecl, ft: FuncType): Body {
  const params = sig.params.map((p) => p.name);
  const types = ft.params.map((p) => p.t);
  return { name, params, types, result: ft.result, finish: "stackless", block: body };
}

function cancelBody(
  b: Builder,
  scope: Scope,
  name: string,
  decl: ExportDecl,
  ft: FuncType,
): number | null {
  if (decl.onCancel === undefined) return null;
  const shape = { ...shapeOf(name, decl, ft), name: `${name} on cancel`, block: decl.onCancel };
  return add(b, confirming(compileBody(scope, shape)));
}

/** Today's ABI: a callback lift. */
export function callbackExport(
  b: Builder,
  scope: Scope,
  source: FuncSource & { tag: "export" },
): FuncDef {
  const { decl, placed } = source;
  const { instance } = placed;
  const name = sourceName(source);
  const ft = b.names.funcs.get(name)?.ft ?? dtorType;
  const { opts: plain } = scope;
  const body = bodyOf(b, scope, name, decl, ft);
  const onCancel = cancelBody(b, scope, name, decl, ft);
  const start: Entry = { entry: "start", name, opts: plain, body, onCancel, ft, half: null };
  const main = enter(b, instance, start);
  const callback = enter(b, instance, { entry: "callback", name, opts: plain });
  const opts = { ...plain, async: true, callback };
  return { tag: "lift", name, instance, core: main, ft, opts };
}

/** The split ABI: a half of an export, or the poll function of a component. */
export function splitExport(
  b: Builder,
  scope: Scope,
  source: FuncSource & { tag: "half" | "poll" },
): FuncDef {
  const { instance } = source.placed;
  const name = sourceName(source);
  const ft = b.names.funcs.get(name)?.ft ?? dtorType;
  const main = enter(b, instance, splitEntry(b, scope, source, name, ft));
  const postReturn = enter(b, instance, { entry: "freed", name, opts: scope.opts });
  const opts = { ...scope.opts, postReturn };
  return { tag: "lift", name, instance, core: main, ft, opts };
}

function splitEntry(
  b: Builder,
  scope: Scope,
  source: FuncSource & { tag: "half" | "poll" },
  name: string,
  ft: FuncType,
): Entry {
  const { opts } = scope;
  if (source.tag === "poll") return { entry: "poll", name, opts, ft };
  if (source.half === "result") return { entry: "result", name, opts, ft };
  const { decl, placed } = source;
  const whole = splitOf(b.names).halves.get(`${placed.component.name}.${decl.name}`)?.ft ?? ft;
  const body = bodyOf(b, scope, name, decl, whole);
  return { entry: "start", name, opts, body, onCancel: null, ft: whole, half: ft };
}

/** A function of the host of the split ABI. */
export function splitHostFunc({ func, code }: FuncSource & { tag: "split-host" }): FuncDef {
  const core: CoreFunc = { guest: "isyswasfa", instance: hostInstance, code };
  const { key: name, ft } = func;
  return { tag: "host", name, instance: hostInstance, core, ft, cancel: "defer" };
}

function importsOf(names: Names): SplitImports {
  const { host } = splitOf(names);
  const named = (key: string): SplitImports["makeTask"] => {
    const func = names.funcs.get(`${tasksKey}.${key}`);
    if (func === undefined) throw new Error(`the host has no ${key}`);
    return func;
  };
  const rt = (name: string): ReturnType<typeof host.resource> => {
    return host.resource(`${tasksKey}.${name}`);
  };
  return {
    makeTask: named("make-task"),
    state: named("ready.state"),
    handles: { pending: rt("pending"), cancel: rt("cancel"), ready: rt("ready") },
  };
}

/** The components with a poll function, in the order of their instances. */
function polledIn({ placed, funcs }: Names): Wiring["components"] {
  return placed.flatMap(({ component, instance }) => {
    const source = { tag: "poll", placed: { component, instance } } as FuncSource;
    const poll = isStackless(component) ? funcs.get(sourceName(source)) : undefined;
    return poll === undefined ? [] : [{ name: component.name, instance, poll: poll.id }];
  });
}

function wiringOf(names: Names, engine: Engine): Wiring {
  const { funcs, split } = names;
  const halves = [...(split?.halves ?? [])];
  const own = halves.filter(([key]) => !funcs.has(key));
  const whole = halves.flatMap(([key]) => {
    const func = funcs.get(key);
    return func === undefined ? [] : [[key, func.id] as const];
  });
  return {
    components: polledIn(names),
    exports: Object.fromEntries(
      own.map(([key, { start, result }]) => [key, { start: start.id, result: result.id }] as const),
    ),
    hostFuncs: Object.fromEntries(whole),
    busy: isBusy,
    explain: (c, instance) => explainTasks(c, engine, instance),
  };
}

/** The interpreters that stackless bodies need: their executor and, of the split ABI, its host. */
export function stacklessGuests(b: Builder, designs: Options): Readonly<Record<string, Guest>> {
  const { split, splitHost } = b.names;
  if (b.entries.length === 0 && splitHost === null) return {};
  const engine: Engine = {
    linked: linkAll(b.codes),
    entries: b.entries,
    abi: split === null ? nativeRules : splitRules,
    split: split === null ? null : importsOf(b.names),
    later: optionOf(designs, "spawn") === "later",
    unfinished: optionOf(designs, "cancellation") === "unfinished",
  };
  const stackless = stacklessGuest(engine);
  if (splitHost === null) return { stackless };
  return { stackless, isyswasfa: isyswasfaGuest(splitHost, wiringOf(b.names, engine)) };
}

/** The state of the host of the split ABI, by the name of its global; nothing of the native one. */
export function firstSplit(names: Names, designs: Options): Record<string, unknown> {
  const { splitHost } = names;
  if (splitHost === null) return {};
  return { isyswasfa: firstTasks(splitHost, polledIn(names).length, designs) };
}

/** The frame of a root call into the split ABI. */
export function splitRoot(names: Names, { func, args }: RunDecl): RootFrame {
  const ft = halvesNamed(names, func)?.ft ?? funcNamed(names, func, null)?.ft;
  const values = (ft?.params ?? []).map(({ t }, i) => {
    const arg = args[i];
    return toValue(t, arg === undefined ? 0 : literal(arg), "utf8", true);
  });
  return rootFrame(hostInstance, { func: func.path.slice(-2).join("."), args: values });
}
