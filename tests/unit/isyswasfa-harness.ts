// Components written by hand for the split host: puppets that answer calls as a test says, with real tables and memory.

import { newInstance } from "../../src/canon/instance.ts";
import type { Ctx, Guest, GuestMove } from "../../src/canon/machine.ts";
import { rootThread } from "../../src/canon/threads.ts";
import {
  flattenTypes,
  maxFlatParams,
  maxFlatResults,
  resultTypes,
} from "../../src/canon/values/flatten.ts";
import { elemSize } from "../../src/canon/values/layout.ts";
import { coreValueIter, liftFlatValues } from "../../src/canon/values/lift.ts";
import { load } from "../../src/canon/values/load.ts";
import { lowerFlatNow } from "../../src/canon/values/lower.ts";
import { isyswasfaGuest, rootFrame } from "../../src/history/isyswasfa/guest.ts";
import { splitHost } from "../../src/history/isyswasfa/interfaces.ts";
import type { SplitHost, Wiring } from "../../src/history/isyswasfa/protocol.ts";
import { firstTasks, type Tasks, tasksGlobal } from "../../src/history/isyswasfa/tasks.ts";
import type { Options } from "../../src/history/options.ts";
import { amendmentNames } from "../../src/model/amendments.ts";
import { editStore, noEntities } from "../../src/model/edit.ts";
import type { FuncId, InstanceId, MemoryId } from "../../src/model/ids.ts";
import { newMemory } from "../../src/model/memory.ts";
import { profiles } from "../../src/model/profiles.ts";
import type { CanonicalOptions, CoreFunc, FuncDef, Program } from "../../src/model/program.ts";
import type { Store } from "../../src/model/store.ts";
import type { FuncType, ValType } from "../../src/model/types.ts";
import type { CaseValue, CoreValue, Value } from "../../src/model/values.ts";
import { allocate } from "../../src/scenario/heap.ts";
import type { System } from "../../src/scheduler/machine.ts";

/** A call of an import by its name, or the drop of a handle of one of the host's resources. */
export type Deed =
  | { readonly call: string; readonly args: readonly Value[] }
  | { readonly drop: string; readonly handle: number };

/**
 * An export: `n` is how often it was called before. Handles are their indices. What it does may depend on its
 * arguments and on what its deeds gave alone: it is run again from its start after each of them.
 */
export type Puppet = (n: number, ...args: Value[]) => Generator<Deed, readonly Value[], Value>;

/** The exports of a component by name, `poll` among them. */
export type Puppets = Readonly<Record<string, Puppet>>;

interface PuppetState {
  readonly n: number;
  readonly args: readonly Value[];
  readonly got: readonly Value[];
  /** where the result of the call that is out will lie */
  readonly out: { readonly ptr: number | null; readonly func: string } | null;
}

export const text = (s: string): Value => ({
  tag: "string",
  s,
  encoding: "utf8",
  units: s.length,
  utf16: false,
});

export const record = (fields: Record<string, Value>): Value => ({ tag: "record", fields });
export const message = (label: string, value: Value): CaseValue => ({ tag: "case", label, value });

/** An async function from and to a text. */
const textFunc: FuncType = {
  params: [{ name: "s", t: { tag: "string" } }],
  result: { tag: "string" },
  async: true,
};

interface Def {
  readonly name: string;
  readonly instance: InstanceId;
  readonly ft: FuncType;
  readonly puppet: Puppet;
}

function optionsOf(instance: InstanceId): CanonicalOptions {
  const realloc: CoreFunc = { guest: "puppet", instance, code: -1 };
  const memory = (instance - 1) as MemoryId;
  const plain = { encoding: "utf8", address: "i32", postReturn: null, async: false } as const;
  return { ...plain, memory, realloc, callback: null };
}

const placeOf = (c: Ctx, { instance }: CoreFunc) => ({ c, instance, opts: optionsOf(instance) });

const raw = (core: CoreFunc) =>
  ({
    instance: core.instance,
    opts: optionsOf(core.instance),
    scope: null,
    handles: "raw",
  }) as const;

function lowerAll(
  c: Ctx,
  core: CoreFunc,
  vs: readonly Value[],
  ft: FuncType,
  results: boolean,
): CoreValue[] {
  const types = results ? resultTypes(ft) : ft.params.map(({ t }) => t);
  const max = results ? maxFlatResults : maxFlatParams;
  const place = placeOf(c, core);
  const alloc = (align: number, size: number): number => allocate(place, align, size);
  return [...lowerFlatNow(c, raw(core), max, vs, types, alloc)];
}

function puppetGuest(defs: readonly Def[], host: SplitHost, program: () => Program): Guest {
  const named = (name: string): number => program().funcs.findIndex((f) => f.name === name);
  const begin = (c: Ctx, core: CoreFunc, flat: readonly CoreValue[]): PuppetState => {
    const def = defs[core.code]!;
    const instance = c.edit.instance.edit(core.instance);
    const n = Number(instance.globals[def.name] ?? 0);
    instance.globals = { ...instance.globals, [def.name]: n + 1 };
    const types = def.ft.params.map(({ t }) => t);
    const args = liftFlatValues(c, raw(core), maxFlatParams, coreValueIter(flat), types);
    return { n, args, got: [], out: null };
  };
  const moveOf = (
    c: Ctx,
    core: CoreFunc,
    deed: Deed,
  ): { move: GuestMove; ptr: number | null; func: string } => {
    const opts = optionsOf(core.instance);
    if ("drop" in deed) {
      const rt = host.resource(deed.drop);
      const builtin = { tag: "builtin", name: "resource.drop", t: null, rt, opts } as const;
      const dropping = { ...builtin, cancellable: false, table: [] };
      return { move: { tag: "call", import: dropping, args: [deed.handle] }, ptr: null, func: "" };
    }
    const func = named(deed.call);
    const ft = program().funcs[func]!.ft;
    const flat = lowerAll(c, core, deed.args, ft, false);
    const [t] = resultTypes(ft);
    const spilled = t !== undefined && flattenTypes([t], "i32").length > maxFlatResults;
    const ptr = spilled ? allocate(placeOf(c, core), 8, elemSize(t, "i32")) : null;
    const args = ptr === null ? flat : [...flat, ptr];
    const lower = { tag: "lower", func: func as FuncId, opts } as const;
    return { move: { tag: "call", import: lower, args }, ptr, func: deed.call };
  };
  const resultOf = (
    c: Ctx,
    core: CoreFunc,
    out: PuppetState["out"],
    flat: readonly CoreValue[],
  ): Value => {
    const [t] =
      out === null || out.func === "" ? [] : resultTypes(program().funcs[named(out.func)]!.ft);
    if (out === null || t === undefined) return 0;
    if (out.ptr !== null) return load(c, raw(core), out.ptr, t);
    return liftFlatValues(c, raw(core), maxFlatResults, coreValueIter(flat), [t])[0] ?? 0;
  };
  return {
    start: (c, core, args) =>
      core.code === -1 ? { realloc: args } : begin(c, core, args as readonly CoreValue[]),
    advance: (c, core, state, input) => {
      if (core.code === -1) {
        const [, , align, size] = (state as { realloc: readonly CoreValue[] }).realloc;
        const ptr = allocate(placeOf(c, core), Number(align), Number(size));
        return { move: { tag: "return", values: [ptr] }, state };
      }
      const s = state as PuppetState;
      const flat = input?.tag === "core" ? input.values : [];
      const got = s.out === null ? s.got : [...s.got, resultOf(c, core, s.out, flat)];
      const { puppet, ft } = defs[core.code]!;
      const run = puppet(s.n, ...s.args);
      let step = run.next();
      for (const value of got) step = run.next(value);
      if (step.done === true) {
        const values = lowerAll(c, core, step.value, ft, true);
        return { move: { tag: "return", values }, state: { ...s, got, out: null } };
      }
      const { move, ptr, func } = moveOf(c, core, step.value);
      return { move, state: { ...s, got, out: { ptr, func } } };
    },
  };
}

/** A function of the host that answers with `+host` once a variable is not 0, at once if none is named. */
function slowGuest(variables: readonly (string | null)[]): Guest {
  return {
    start: (_c, _core, args) => ({ args, waits: true }),
    advance: (_c, core, state) => {
      const { args, waits } = state as { args: readonly Value[]; waits: boolean };
      const name = variables[core.code] ?? null;
      if (waits && name !== null) {
        const ready = { tag: "variable", instance: 0, name, equals: null };
        return {
          move: { tag: "host-call", frame: { tag: "host.await", ready } },
          state: { args, waits: false },
        };
      }
      const [s] = args as readonly { s: string }[];
      return { move: { tag: "return", values: [text(`${s?.s}+host`)] }, state: null };
    },
  };
}

/** Resource types and functions of the host by short names. */
export const tasksOf = (name: string): string => `isyswasfa:isyswasfa/isyswasfa.${name}`;

export interface Cast {
  readonly components: Readonly<Record<string, Puppets>>;
  /** its functions by name, each with the variable that it waits for */
  readonly host?: Readonly<Record<string, string | null>>;
  readonly variables?: Readonly<Record<string, number>>;
  readonly roots: readonly string[];
  readonly options?: Options;
  /** payloads of futures that somebody uses */
  readonly futures?: readonly ValType[];
  /** components without a poll function that the host can call */
  readonly unlisted?: readonly string[];
}

function typeOf(host: SplitHost, name: string): FuncType {
  if (name === "poll") return host.poll;
  if (name === "go") return { ...textFunc, result: null, async: false };
  if (name.endsWith("-start")) return host.start(textFunc);
  return name.endsWith("-result") ? host.result(textFunc) : textFunc;
}

/** The system of a cast, whose root calls all have the argument `a`. */
export function castSystem({
  components,
  host: funcs = {},
  variables = {},
  roots,
  options = {},
  futures = [],
  unlisted = [],
}: Cast): System {
  const names = Object.keys(components);
  const wholes = Object.keys(funcs).map((name) => ({ name: `host.${name}`, ft: textFunc }));
  const host = splitHost(
    0,
    wholes,
    futures.map((t) => ({ tag: "future", t })),
  );
  const zero = 0 as InstanceId;
  const defs = names.flatMap((name, i) =>
    Object.entries(components[name]!).map(
      ([f, puppet]): Def => ({
        name: `${name}.${f}`,
        instance: (i + 1) as InstanceId,
        ft: typeOf(host, f),
        puppet,
      }),
    ),
  );
  const ofHost = (name: string, guest: string, code: number, ft: FuncType): FuncDef => ({
    tag: "host",
    name,
    instance: zero,
    core: { guest, instance: zero, code },
    ft,
    cancel: "defer",
  });
  const all: readonly FuncDef[] = [
    ...host.funcs.map(({ key, ft }, i) => ofHost(key, "isyswasfa", i, ft)),
    ...wholes.map(({ name, ft }, i) => ofHost(name, "slow", i, ft)),
    ...defs.map(
      ({ name, instance, ft }, i): FuncDef => ({
        tag: "lift",
        name,
        instance,
        core: { guest: "puppet", instance, code: i },
        ft,
        opts: optionsOf(instance),
      }),
    ),
  ];
  const id = (name: string): FuncId => all.findIndex((f) => f.name === name) as FuncId;
  const program: Program = {
    instances: [{ name: "host", parent: null }, ...names.map((name) => ({ name, parent: null }))],
    funcs: all,
    resourceTypes: host.resources.map((key) => ({
      name: key,
      impl: zero,
      dtor: id(`${key}.drop`),
    })),
  };
  const polled = names.filter((name) => !unlisted.includes(name));
  const wiring: Wiring = {
    components: polled.map((name) => ({
      name,
      instance: (names.indexOf(name) + 1) as InstanceId,
      poll: id(`${name}.poll`),
    })),
    exports: Object.fromEntries(
      names.map((name) => [
        `${name}.foo`,
        {
          start: id(`${name}.foo-isyswasfa-start`),
          result: id(`${name}.foo-isyswasfa-result`),
        },
      ]),
    ),
    hostFuncs: Object.fromEntries(wholes.map(({ name }) => [name, id(name)])),
  };
  const edit = editStore({
    amendments: amendmentNames,
    profile: profiles.full,
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: noEntities(),
  });
  edit.add(
    "instance",
    newInstance(null, { ...variables, [tasksGlobal]: firstTasks(host, polled.length, options) }),
  );
  for (const [i] of names.entries()) {
    edit.add("instance", newInstance(i as MemoryId));
    edit.add("memory", newMemory("i32", 65536));
  }
  for (const [i, func] of roots.entries()) {
    const name = `root ${i + 1}`;
    const frame = { tag: "guest", ...rootFrame(zero, { func, args: [text("a")] }) } as const;
    const thread = edit.add("thread", rootThread(name, i, [{ tag: "host.end" }, frame]));
    edit.globals.roots = [...edit.globals.roots, { name, thread }];
  }
  const guests = {
    isyswasfa: isyswasfaGuest(host, wiring),
    puppet: puppetGuest(defs, host, () => program),
    slow: slowGuest(Object.values(funcs)),
  };
  return { program, guests, initial: edit.done() };
}

export function tasksIn({ entities }: Store): Tasks {
  return entities.instance[0]!.globals[tasksGlobal] as Tasks;
}
