// The first store of a system: instances, memories, and a host thread for each invocation.

import { newInstance } from "../canon/instance.ts";
import { rootThread } from "../canon/threads.ts";
import type { Options } from "../history/options.ts";
import { background2022 } from "../history/proposal-2022/guest.ts";
import { editStore, noEntities } from "../model/edit.ts";
import type { Frame } from "../model/frames.ts";
import type { ThreadId } from "../model/ids.ts";
import { newMemory } from "../model/memory.ts";
import type { Instance, Profile, Store } from "../model/store.ts";
import type { ReadyWhen } from "../model/thread.ts";
import { reaper } from "../wasi/bodies.ts";
import type { Settings } from "../wasi/choice-points.ts";
import { worldKey } from "../wasi/guest.ts";
import type { Block, Component, RunDecl, Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import { add, type Builder, core, hostScope } from "./builder.ts";
import { compileBody } from "./compile.ts";
import { literal } from "./literals.ts";
import { firstGlobals2022 } from "./proposal-2022/build.ts";
import { is2022 } from "./proposal-2022/types.ts";
import { hostInstance } from "./resolve.ts";
import type { ScriptValue } from "./script-values.ts";
import { firstSplit, splitRoot } from "./stackless/program.ts";
import { firstWorld } from "./wasi-block.ts";
import { usesWasi } from "./wasi-names.ts";

function varsOf(vars: Component["vars"]): Instance["globals"] {
  return Object.fromEntries(vars.map((v): [string, ScriptValue] => [v.name, literal(v.value)]));
}

/**
 * The store before the first step: one host thread for each process and invocation, one that cleans up
 * after the WASI host, and those that a host of June 2022 has. `wasi` comes on top of the settings of the scenario.
 */
export function firstStore(
  b: Builder,
  globals: { amendments: Store["amendments"]; profile: Profile },
  { wasi: settings, designs }: { readonly wasi: Settings; readonly designs: Options },
): Store {
  const { scenario, placed } = b.names;
  const wasi = usesWasi(scenario);
  const edit = editStore({
    ...globals,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  const host = newInstance(null, varsOf(scenario.host?.vars ?? []));
  if (wasi) {
    host.globals = { ...host.globals, [worldKey]: firstWorld(scenario, settings) };
  }
  host.globals = { ...host.globals, ...firstSplit(b.names, designs) };
  if (is2022(scenario)) {
    host.globals = { ...host.globals, ...firstGlobals2022(designs, placed.length + 1) };
  }
  edit.add("instance", host);
  for (const { component, memory } of placed) {
    edit.add("instance", newInstance(memory, varsOf(component.vars)));
    edit.add("memory", newMemory(component.memory.address, component.memory.bytes));
  }
  for (const process of scenario.host?.processes ?? []) {
    startProcess(b, edit, process.name, process.body);
  }
  for (const run of scenario.runs) {
    if (b.names.split === null) startProcess(b, edit, run.name, [invocation(run)]);
    else addRoot(edit, run.name, { tag: "guest", ...splitRoot(b.names, run) });
  }
  if (wasi) addReaper(edit);
  if (is2022(scenario)) addBackground(edit, designs);
  return edit.done();
}

function invocation({ func, args, pos }: RunDecl): Stmt {
  const value: Expr = { tag: "call", async: false, name: func, args, pos };
  return { tag: "expr", value, pos };
}

function startProcess(
  b: Builder,
  edit: ReturnType<typeof editStore>,
  name: string,
  block: Block,
): void {
  const body = { name, params: [], types: null, result: null, finish: "host", block } as const;
  const index = add(b, compileBody(hostScope(b, null), body));
  const code = b.codes[index];
  const locals = new Array<number>(code?.locals ?? 0).fill(0);
  const state = { calls: [{ code: index, pc: 0, locals, stack: [] }], temp: null, out: false };
  addRoot(edit, name, { tag: "guest", core: core(hostInstance, index), state });
}

/** A thread whose end is that of an invocation. */
function addRoot(edit: ReturnType<typeof editStore>, name: string, frame: Frame): void {
  const thread = addThread(edit, name, [{ tag: "host.end" }, frame]);
  edit.globals.roots = [...edit.globals.roots, { name, thread }];
}

/** The thread that releases what nobody holds: it waits for that from the start. */
function addReaper(edit: ReturnType<typeof editStore>): void {
  const waiting = { tag: "guest", core: reaper(hostInstance), state: { at: "start" } } as const;
  addThread(edit, "wasi:host", [{ tag: "host.end" }, waiting], { ...waiting, task: null });
}

/** The threads of a host of June 2022 that move data and tell of it. */
function addBackground(edit: ReturnType<typeof editStore>, designs: Options): void {
  for (const { name, core: rule, state, ready } of background2022(designs)) {
    addThread(edit, name, [{ tag: "host.end" }, { tag: "guest", core: rule, state }], ready);
  }
}

/** A thread of the host; ready from the start unless told otherwise. */
function addThread(
  edit: ReturnType<typeof editStore>,
  name: string,
  frames: readonly Frame[],
  ready?: ReadyWhen,
): ThreadId {
  return edit.add("thread", rootThread(name, edit.ids("thread").length, frames, ready));
}
