// Systems by hand: instances with memories, functions, and guests written in TypeScript.

import { newInstance } from "../src/canon/instance.ts";
import type { Ctx, Guest, GuestMove } from "../src/canon/machine.ts";
import { amendmentNames } from "../src/model/amendments.ts";
import { editStore, noEntities } from "../src/model/edit.ts";
import type { Ret } from "../src/model/frames.ts";
import type { FuncId, InstanceId, MemoryId } from "../src/model/ids.ts";
import { newMemory, readInt } from "../src/model/memory.ts";
import { profiles } from "../src/model/profiles.ts";
import type {
  BuiltinName,
  CanonicalOptions,
  CoreFunc,
  CoreImport,
  FuncDef,
  InstanceDef,
} from "../src/model/program.ts";
import type { Store } from "../src/model/store.ts";
import type { FuncType, ValType } from "../src/model/types.ts";
import type { CoreValue } from "../src/model/values.ts";
import { plainOptions } from "../src/scenario/builder.ts";
import type { System } from "../src/scheduler/machine.ts";
import { demand } from "./workload.ts";

/** All the state of a body: where it stands, and its registers, which begin as its arguments. */
interface State {
  readonly pc: number;
  readonly r: readonly number[];
}

/** What a body sees when it has control: its state, and what its last call returned. */
export interface Turn extends State {
  readonly c: Ctx;
  readonly got: readonly CoreValue[];
}

export interface Next {
  readonly move: GuestMove;
  readonly state: State;
}

/** Guest code: what is done at each `pc`, from one call to the next. */
export type Body = readonly ((turn: Turn) => Next)[];

/** An instance, its memory, and the options of its functions: sync, without callback and realloc. */
export interface Home {
  readonly instance: InstanceId;
  readonly memory: MemoryId;
  readonly opts: CanonicalOptions;
}

/** The options that matter here; a callback or a realloc is a core function of the same instance. */
export type Lifting = Partial<Pick<CanonicalOptions, "async" | "callback" | "realloc">>;

export interface Building {
  /** `bytes` of memory */
  home(name: string, bytes: number): Home;
  core(home: Home, body: Body): CoreFunc;
  lift(name: string, home: Home, body: Body, ft: FuncType, lifting?: Lifting): FuncId;
  /** The system whose host calls `root`, a function without parameters, once. */
  system(root: FuncId): System;
}

const host = 0 as InstanceId;
const hostMain = 0;

/** Goes on at `pc` with registers `r` when the import has returned. */
export function call(
  target: CoreImport,
  args: readonly CoreValue[],
  pc: number,
  r: readonly number[],
): Next {
  return { move: { tag: "call", import: target, args }, state: { pc, r } };
}

export function giveBack(...values: readonly CoreValue[]): Next {
  return { move: { tag: "return", values }, state: { pc: -1, r: [] } };
}

/** The little-endian u32 at `ptr` of a home's memory. */
export function peek(c: Ctx, { memory }: Home, ptr: number): number {
  return readInt(c.edit.read("memory", memory), ptr, 4);
}

/** The number of a home's variable; 0 until it is set. */
export function variable(c: Ctx, { instance }: Pick<Home, "instance">, name: string): number {
  return Number(c.edit.read("instance", instance).globals[name] ?? 0);
}

export function setVariable(
  c: Ctx,
  { instance }: Pick<Home, "instance">,
  name: string,
  value: number,
): void {
  const edited = c.edit.edit("instance", instance);
  edited.globals = { ...edited.globals, [name]: value };
}

/** What the host's call of the root returned; null before it has. */
export function resultOf(store: Store): unknown {
  return store.entities.instance[host]?.globals.result ?? null;
}

export function builtin(
  name: BuiltinName,
  opts: CanonicalOptions,
  t: ValType | null = null,
): CoreImport {
  return { tag: "builtin", name, t, rt: null, opts, cancellable: false, table: [] };
}

function nativeGuest(bodies: readonly Body[]): Guest {
  return {
    start: (_c, _core, args): State => ({ pc: 0, r: args.map(Number) }),
    advance(c, core, state, input) {
      const { pc, r } = state as State;
      const goOn = bodies[core.code]?.[pc];
      demand(goOn !== undefined, `no code at ${core.code}/${pc}`);
      return goOn({ c, pc, r, got: valuesOf(input) });
    },
  };
}

function valuesOf(ret: Ret): readonly CoreValue[] {
  return ret?.tag === "core" || ret?.tag === "values" ? (ret.values as readonly CoreValue[]) : [];
}

/** The host's one process: calls the root and keeps what it returns, as `resultOf` reads it. */
function hostBody(root: FuncId): Body {
  const frame = { tag: "host.call", func: root, args: [], async: false };
  return [
    () => ({ move: { tag: "host-call", frame }, state: { pc: 1, r: [] } }),
    ({ c, got }) => {
      setVariable(c, { instance: host }, "result", Number(got[0] ?? 0));
      return giveBack();
    },
  ];
}

function firstStore(sizes: readonly number[]): Store {
  const edit = editStore({
    amendments: amendmentNames,
    profile: profiles.deterministic,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  edit.add("instance", newInstance(null));
  for (const bytes of sizes) {
    edit.add("instance", newInstance(edit.add("memory", newMemory("i32", bytes))));
  }
  const core: CoreFunc = { guest: "native", instance: host, code: hostMain };
  const thread = edit.add("thread", {
    name: "main",
    path: "0",
    task: null,
    state: { tag: "waiting", ready: { tag: "always" } },
    frames: [{ tag: "host.end" }, { tag: "guest", core, state: { pc: 0, r: [] } }],
    ret: null,
    index: null,
    storage: [0, 0],
    cancellable: "no",
  });
  edit.globals.roots = [{ name: "main", thread }];
  return edit.done();
}

/** Collects instances and functions under the newest revision and the deterministic profile. */
export function building(): Building {
  const instances: InstanceDef[] = [{ name: "host", parent: null }];
  const sizes: number[] = [];
  const funcs: FuncDef[] = [];
  const bodies: Body[] = [[]];
  const core = ({ instance }: Home, body: Body): CoreFunc => {
    bodies.push(body);
    return { guest: "native", instance, code: bodies.length - 1 };
  };
  return {
    core,
    home(name, bytes) {
      const instance = instances.length as InstanceId;
      const memory = sizes.length as MemoryId;
      instances.push({ name, parent: null });
      sizes.push(bytes);
      return { instance, memory, opts: { ...plainOptions, memory } };
    },
    lift(name, home, body, ft, lifting = {}) {
      const { instance, opts } = home;
      const lifted = { ...opts, ...lifting };
      funcs.push({ tag: "lift", name, instance, core: core(home, body), ft, opts: lifted });
      return (funcs.length - 1) as FuncId;
    },
    system(root) {
      bodies[hostMain] = hostBody(root);
      const program = { instances, funcs, resourceTypes: [] };
      return { program, guests: { native: nativeGuest(bodies) }, initial: firstStore(sizes) };
    },
  };
}
