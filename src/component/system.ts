// A system of components: the first store, the interpreters, and a thread for each sequence of invocations. Mirrors spec/14.

import { newInstance } from "../canon/instance.ts";
import { rootThread } from "../canon/threads.ts";
import type { AmendmentName } from "../model/amendments.ts";
import { editStore, noEntities, type Token } from "../model/edit.ts";
import type { Frame } from "../model/frames.ts";
import type { FuncId, ThreadId } from "../model/ids.ts";
import { newMemory } from "../model/memory.ts";
import { profiles } from "../model/profiles.ts";
import type { Instance, Profile } from "../model/store.ts";
import type { ReadyWhen } from "../model/thread.ts";
import type { Value } from "../model/values.ts";
import type { System } from "../scheduler/machine.ts";
import { reaper } from "../wasi/bodies.ts";
import { type Given, givenWorld, nothingGiven } from "../wasi/given.ts";
import { wasiGuest as wasiInterpreter, worldKey } from "../wasi/guest.ts";
import type { World } from "../wasi/world.ts";
import { wasmGuest, wasmName } from "../wasm/guest.ts";
import { Invalid } from "../wasm/invalid.ts";
import { coreKey, memoriesOf } from "../wasm/program.ts";
import { firstCoreState } from "../wasm/state.ts";
import { printValue } from "../wave/print.ts";
import { atTheEnd, firstOutput, output, outputGuest } from "./host-output.ts";
import type { Linked, LinkedUnit } from "./instantiate.ts";
import {
  type CallerStep,
  caller,
  callerGuest,
  firstState,
  instantiated,
  type ShowValue,
} from "./invocations.ts";
import type { Linking } from "./items.ts";
import { recordedGuest, unknown, unknownGuest } from "./unknown-imports.ts";
import { hostInstance, isUsed } from "./wasi.ts";

/** What a root does. */
export type RootStep =
  /** Calls an export; its result is logged as `LABEL = ..`. */
  | {
      readonly tag: "call";
      readonly func: FuncId;
      readonly args: readonly Value[];
      readonly label: string;
    }
  /** Instantiates the core modules of a deferred unit; then the label is logged. */
  | { readonly tag: "instantiate"; readonly unit: string; readonly label?: string };

/** One of several invocations that are made at the same time: its steps come one after the other. */
export interface RootPlan {
  readonly name: string;
  readonly steps: readonly RootStep[];
}

export interface SystemOptions {
  readonly roots: readonly RootPlan[];
  readonly amendments: readonly AmendmentName[];
  readonly profile?: Profile;
  /** core instructions between two calls out at the most */
  readonly fuel?: number;
  /** what the WASI host gives the program; without it an empty disk that is open as `/` */
  readonly given?: Given;
  /** what the WASI host begins with, instead of a world made of `given` */
  readonly world?: World;
  /** how results are logged; as WAVE, if it is not said */
  readonly show?: ShowValue;
}

type GlobalState = Instance["globals"];

const bytesOfPage = 65_536;

function hostGlobals(linked: Linked, { world, given = nothingGiven }: SystemOptions): GlobalState {
  if (!isUsed(linked.wasi)) return {};
  return { [worldKey]: world ?? givenWorld(linked.settings, given) };
}

function addEntities(edit: Token, linked: Linked, options: SystemOptions): void {
  const { instances, memories, spaces } = linked.linking;
  edit.add("instance", newInstance(null, hostGlobals(linked, options)));
  for (const [i] of instances.entries()) {
    const space = spaces[i - 1];
    if (space !== undefined)
      edit.add("instance", newInstance(null, { [coreKey]: firstCoreState(space) }));
  }
  for (const { limits } of memories) {
    edit.add("memory", newMemory(limits.address, Number(limits.min) * bytesOfPage));
  }
}

function initSteps({ inits }: LinkedUnit): readonly CallerStep[] {
  return inits.map((func) => ({ tag: "call", func, args: [], label: null, result: null }));
}

function logStep(line: string | undefined): readonly CallerStep[] {
  return line === undefined ? [] : [{ tag: "log", line }];
}

function compileStep({ linking, units }: Linked, step: RootStep): readonly CallerStep[] {
  if (step.tag === "call") {
    const def = linking.funcs[step.func];
    if (def === undefined) throw new Error(`no function ${step.func}`);
    const { func, args, label } = step;
    return [{ tag: "call", func, args, label, result: def.ft.result }];
  }
  const found = units.find(({ unit }) => unit.name === step.unit && unit.deferred === true);
  if (found !== undefined) return [...initSteps(found), ...logStep(step.label)];
  throw new Invalid("unlinkable", null, `there is no deferred component ${step.unit}`);
}

/** A thread of the host that runs a code; it may wait for something first. */
function addThread(edit: Token, name: string, code: number, ready?: ReadyWhen): ThreadId {
  const core = { guest: callerGuest, instance: hostInstance, code };
  const frames: readonly Frame[] = [{ tag: "host.end" }, { tag: "guest", core, state: firstState }];
  return edit.add("thread", rootThread(name, edit.ids("thread").length, frames, ready));
}

/** The threads of the WASI host: one releases what nobody holds, one logs what was written. */
function addWasi(edit: Token): void {
  const waiting = { tag: "guest", core: reaper(hostInstance), state: { at: "start" } } as const;
  const frames = [{ tag: "host.end" }, waiting];
  const n = edit.ids("thread").length;
  edit.add("thread", rootThread("wasi:host", n, frames, { ...waiting, task: null }));
  const core = { guest: outputGuest, instance: hostInstance, code: 0 };
  const logging = { tag: "guest", core, state: firstOutput };
  const last = { tag: "idle", until: atTheEnd, task: null } as const;
  edit.add("thread", rootThread("wasi:output", n + 1, [{ tag: "host.end" }, logging], last));
}

const whenInstantiated: ReadyWhen = {
  tag: "variable",
  instance: hostInstance,
  name: instantiated,
  equals: null,
};

/** The codes of the threads: one that instantiates, if anything runs then, and one for each root. */
function codesOf(
  linked: Linked,
  { roots }: SystemOptions,
): {
  readonly before: readonly CallerStep[];
  readonly roots: readonly (readonly CallerStep[])[];
} {
  const first = linked.units.filter(({ unit }) => unit.deferred !== true);
  return {
    before: first.flatMap(initSteps),
    roots: roots.map(({ steps }) => steps.flatMap((step) => compileStep(linked, step))),
  };
}

function programOf({ instances, funcs, resourceTypes }: Linking): System["program"] {
  return { instances, funcs, resourceTypes };
}

/**
 * The system of linked components with these invocations. One root instantiates what is not deferred and
 * goes on; if there are more, a thread of its own does so, and they wait for it. Throws `Invalid`.
 */
export function componentSystem(linked: Linked, options: SystemOptions): System {
  const { roots, amendments, profile = profiles.full, show = printValue, fuel } = options;
  const { before, roots: steps } = codesOf(linked, options);
  const edit = editStore({
    amendments,
    profile,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  addEntities(edit, linked, options);
  const alone = roots.length === 1 || before.length === 0;
  const codes = alone
    ? steps.map((one, i) => (i === 0 ? [...before, ...one] : one))
    : [...steps, [...before, { tag: "open" } as const]];
  const ready = alone ? undefined : whenInstantiated;
  edit.globals.roots = roots.map(({ name }, code) => {
    return { name, thread: addThread(edit, name, code, ready) };
  });
  if (!alone) addThread(edit, "instantiate", roots.length);
  if (isUsed(linked.wasi)) addWasi(edit);
  const guests = {
    [wasmName]: wasmGuest(linked.linking.core, fuel === undefined ? {} : { fuel }),
    [callerGuest]: caller(codes, show),
    [unknownGuest]: unknown(),
    [recordedGuest]: unknown(),
    ...(isUsed(linked.wasi) ? { wasi: wasiInterpreter(), [outputGuest]: output() } : {}),
  };
  const memories = [[], ...linked.linking.spaces.map(memoriesOf)];
  return { program: programOf(linked.linking), guests, initial: edit.done(), memories };
}
