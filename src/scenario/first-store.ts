// The first store of a system: instances, memories, and a host thread for each invocation.

import { pathNumber } from "../canon/threads.ts";
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
import { hostInstance } from "./resolve.ts";
import type { ScriptValue } from "./script-values.ts";
import { firstWorld } from "./wasi-block.ts";

function newInstance(vars: Component["vars"], memory: Instance["memory"]): Instance {
  return {
    handles: { array: [null], free: [] },
    threads: { array: [null], free: [] },
    mayEnter: true,
    mayLeave: true,
    backpressure: 0,
    numWaitingToEnter: 0,
    exclusiveThread: null,
    memory,
    globals: Object.fromEntries(vars.map((v): [string, ScriptValue] => [v.name, literal(v.value)])),
  };
}

/**
 * The store before the first step: one host thread for each process and invocation, and one that
 * cleans up after the WASI host. `settings` come on top of those of the scenario.
 */
export function firstStore(
  b: Builder,
  globals: { amendments: Store["amendments"]; profile: Profile },
  settings: Settings,
): Store {
  const { scenario, placed, wasi } = b.names;
  const edit = editStore({
    ...globals,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  const host = newInstance(scenario.host?.vars ?? [], null);
  if (wasi !== null) {
    host.globals = { ...host.globals, [worldKey]: firstWorld(scenario, settings) };
  }
  edit.add("instance", host);
  for (const { component, memory } of placed) {
    edit.add("instance", newInstance(component.vars, memory));
    edit.add("memory", newMemory(component.memory.address, component.memory.bytes));
  }
  for (const process of scenario.host?.processes ?? []) {
    startProcess(b, edit, process.name, process.body);
  }
  for (const run of scenario.runs) startProcess(b, edit, run.name, [invocation(run)]);
  if (wasi !== null) addReaper(edit);
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
  const frame = { tag: "guest", core: core(hostInstance, index), state };
  const thread = addThread(edit, name, [{ tag: "host.end" }, frame]);
  edit.globals.roots = [...edit.globals.roots, { name, thread }];
}

/** The thread that releases what nobody holds: it waits for that from the start. */
function addReaper(edit: ReturnType<typeof editStore>): void {
  const waiting = { tag: "guest", core: reaper(hostInstance), state: { at: "start" } } as const;
  addThread(edit, "wasi:host", [{ tag: "host.end" }, waiting], { ...waiting, task: null });
}

/** A thread of the host; ready from the start unless told otherwise. */
function addThread(
  edit: ReturnType<typeof editStore>,
  name: string,
  frames: readonly Frame[],
  ready: ReadyWhen = { tag: "always" },
): ThreadId {
  return edit.add("thread", {
    name,
    path: pathNumber(edit.ids("thread").length),
    task: null,
    state: { tag: "waiting", ready },
    frames,
    ret: null,
    index: null,
    storage: [0, 0],
    cancellable: "no",
  });
}
