// From a scenario to a system: the program, the compiled scripts, and the first store.

import { keepFailures } from "../history/isyswasfa/failing.ts";
import type { Options } from "../history/options.ts";
import { guest2022, proposal2022Guest } from "../history/proposal-2022/guest.ts";
import { stacksGuest } from "../history/stacks/guest.ts";
import { onStacks } from "../history/stacks/on-stacks.ts";
import type { AmendmentName } from "../model/amendments.ts";
import type { InstanceId } from "../model/ids.ts";
import { profiles } from "../model/profiles.ts";
import type { CanonicalOptions, CoreFunc, FuncDef, Program, TableEntry } from "../model/program.ts";
import type { Profile } from "../model/store.ts";
import type { System } from "../scheduler/machine.ts";
import { wasiCode } from "../wasi/bodies.ts";
import type { Settings } from "../wasi/choice-points.ts";
import { wasiGuest } from "../wasi/guest.ts";
import type { ExportDecl, FuncDecl, Scenario } from "./ast.ts";
import { add, type Builder, core, hostScope, varsOf } from "./builder.ts";
import type { Code } from "./code.ts";
import { compileBody } from "./compile.ts";
import type { Scope } from "./emitter.ts";
import { firstStore } from "./first-store.ts";
import { scriptGuest } from "./interpret.ts";
import { exportDef2022, hostDef2022 } from "./proposal-2022/build.ts";
import { in2022 } from "./proposal-2022/compile.ts";
import { is2022 } from "./proposal-2022/types.ts";
import {
  dtorType,
  type FuncSource,
  funcSources,
  hostInstance,
  type Placed,
  resolveNames,
  sourceName,
} from "./resolve.ts";
import {
  callbackExport,
  isSplit,
  splitExport,
  splitHostFunc,
  stacklessGuests,
} from "./stackless/program.ts";
import { variantOf } from "./wasi-block.ts";
import { usesWasi, type WasiFunc } from "./wasi-names.ts";

export interface BuildOptions {
  readonly amendments: readonly AmendmentName[];
  readonly profile?: Profile;
  /** of the WASI host, on top of the scenario's own */
  readonly wasi?: Settings;
  /** of the earlier designs */
  readonly designs?: Options;
}

/** The system of a checked scenario under a set of amendments. */
export function buildSystem(scenario: Scenario, options: BuildOptions): System {
  const { wasi = {}, designs = {} } = options;
  const names = resolveNames(scenario, variantOf(scenario, wasi), isSplit(scenario, designs));
  const b: Builder = { names, codes: [], entries: [] };
  const scopes = new Map(names.placed.map((p) => [p.instance, guestScope(b, p)]));
  const sources = funcSources(names);
  const funcs = sources.map((source) => funcDef(b, source, scopes));
  const program = programOf(b, funcs);
  const profile = { ...(options.profile ?? profiles.full), ...hostPolicy(scenario) };
  const initial = firstStore(b, { amendments: options.amendments, profile }, { wasi, designs });
  const symmetric = scenario.symmetric.map(({ names: alike }) =>
    alike.map((name) => initial.roots.findIndex((root) => root.name === name)),
  );
  const script = { ...scriptGuests(b, designs), ...stacklessGuests(b, designs) };
  const guests = !usesWasi(scenario) ? script : { ...script, wasi: wasiGuest() };
  return { program, guests, initial, symmetric };
}

/** The interpreter of scripts; where the host has stacks, on stacks. */
function scriptGuests({ codes, names }: Builder, designs: Options): System["guests"] {
  if (is2022(names.scenario)) {
    return { script: scriptGuest(codes), [guest2022]: proposal2022Guest() };
  }
  const script = scriptGuest(codes);
  if (names.split !== null) return { script: keepFailures(script) };
  const stacks = codes.some(({ instrs }) => instrs.some(({ op }) => op === "stack"));
  return stacks ? { script: onStacks(script, designs), stacks: stacksGuest(designs) } : { script };
}

function hostPolicy({ host }: Scenario): Partial<Profile> {
  return host === null || host.cancelCopy === "either" ? {} : { hostCancelCopy: host.cancelCopy };
}

/** Compiles the core functions of a component; the rest of its bodies share the scope. */
function guestScope(b: Builder, { component, instance, memory }: Placed): Scope {
  const coreFuncs = new Map<string, number>();
  const table: TableEntry[] = [];
  const bare: CanonicalOptions = {
    encoding: component.encoding,
    memory,
    address: component.memory.address,
    realloc: null,
    postReturn: null,
    async: false,
    callback: null,
  };
  const realloc = core(instance, b.codes.length);
  const scope: Scope = {
    names: b.names,
    component,
    vars: varsOf(component),
    coreFuncs,
    table,
    opts: { ...bare, realloc },
    hostResult: null,
  };
  b.codes.push(null as never);
  const first = b.codes.length;
  for (const [i, f] of component.funcs.entries()) {
    coreFuncs.set(f.name, first + i);
    table.push({ core: core(instance, first + i), params: f.params.map(() => "i32") });
    b.codes.push(null as never);
  }
  for (const [i, f] of component.funcs.entries()) b.codes[first + i] = coreCode(scope, f);
  b.codes[realloc.code] = reallocCode(scope, component.realloc);
  return scope;
}

function coreCode(scope: Scope, { name, params, body }: FuncDecl): Code {
  return compileBody(scope, {
    name,
    params,
    types: null,
    result: null,
    finish: "core",
    block: body,
  });
}

function reallocCode(scope: Scope, decl: FuncDecl | null): Code {
  if (decl !== null) return { ...coreCode(scope, decl), finish: "realloc" };
  return {
    name: "realloc",
    params: null,
    arity: 4,
    locals: 4,
    result: null,
    event: false,
    finish: "realloc",
    opts: scope.opts,
    instrs: [
      ...[0, 1, 2, 3].map((slot) => ({ op: "local", slot }) as const),
      { op: "realloc" },
      { op: "return", value: true },
    ],
  };
}

function scopeOf(scopes: ReadonlyMap<InstanceId, Scope>, placed: Placed): Scope {
  const scope = scopes.get(placed.instance);
  if (scope === undefined) throw new Error(`no scope for ${placed.component.name}`);
  return scope;
}

function funcDef(b: Builder, source: FuncSource, scopes: ReadonlyMap<InstanceId, Scope>): FuncDef {
  if (source.tag === "host") return hostFunc(b, source);
  if (source.tag === "wasi") return wasiFunc(source.func);
  if (source.tag === "split-host") return splitHostFunc(source);
  const scope = scopeOf(scopes, source.placed);
  if (source.tag === "half" || source.tag === "poll") return splitExport(b, scope, source);
  return source.tag === "dtor" ? dtorDef(b, scope, source) : exportDef(b, scope, source);
}

function dtorDef(b: Builder, scope: Scope, source: FuncSource & { tag: "dtor" }): FuncDef {
  const name = sourceName(source);
  const { instance } = source.placed;
  const { dtor } = source.decl;
  const params = dtor === null ? ["rep"] : [dtor.param];
  const block = dtor?.body ?? [];
  const body = { name, params, types: null, result: null, finish: "core", block } as const;
  const code = add(b, compileBody(scope, body));
  return {
    tag: "lift",
    name,
    instance,
    core: core(instance, code),
    ft: dtorType,
    opts: scope.opts,
  };
}

function exportDef(b: Builder, scope: Scope, source: FuncSource & { tag: "export" }): FuncDef {
  if (in2022(scope)) return exportDef2022(b, scope, source);
  const { decl, placed } = source;
  if (decl.mode === "stackless") return callbackExport(b, scope, source);
  const { instance } = placed;
  const name = sourceName(source);
  const ft = b.names.funcs.get(name)?.ft ?? dtorType;
  const params = decl.sig.params.map((p) => p.name);
  const types = ft.params.map((p) => p.t);
  const { result } = ft;
  const body = { name, params, types, result, finish: decl.mode, block: decl.body };
  const main = core(instance, add(b, compileBody(scope, body)));
  const opts: CanonicalOptions = {
    ...scope.opts,
    async: decl.mode !== "sync",
    callback: callbackOf(b, scope, decl, name, instance),
    postReturn: postReturnOf(b, scope, decl, name, instance),
  };
  return { tag: "lift", name, instance, core: main, ft, opts };
}

function callbackOf(
  b: Builder,
  scope: Scope,
  { onEvent }: ExportDecl,
  name: string,
  instance: InstanceId,
): CoreFunc | null {
  if (onEvent === null) return null;
  const [event, index, payload] = onEvent.params;
  const code = compileBody(scope, {
    name: `${name} on event`,
    params: [event, index, payload],
    types: null,
    result: null,
    finish: "callback",
    block: onEvent.body,
  });
  return core(instance, add(b, { ...code, event: true }));
}

function postReturnOf(
  b: Builder,
  scope: Scope,
  { postReturn }: ExportDecl,
  name: string,
  instance: InstanceId,
): CoreFunc | null {
  if (postReturn === null) return null;
  const body = { name: `${name} post-return`, params: [], types: null, result: null } as const;
  return core(instance, add(b, compileBody(scope, { ...body, finish: "core", block: postReturn })));
}

function hostFunc(b: Builder, source: FuncSource & { tag: "host" }): FuncDef {
  if (is2022(b.names.scenario)) return hostDef2022(b, source);
  const { decl } = source;
  const name = sourceName(source);
  const ft = b.names.funcs.get(name)?.ft ?? dtorType;
  const params = decl.sig.params.map((p) => p.name);
  const scope = hostScope(b, ft.result);
  const types = ft.params.map((p) => p.t);
  const { result } = ft;
  const body = { name, params, types, result, finish: "host", block: decl.body } as const;
  const code = add(b, compileBody(scope, body));
  const cancel = decl.cancellable ? "at-once" : "defer";
  return { tag: "host", name, instance: hostInstance, core: core(hostInstance, code), ft, cancel };
}

function wasiFunc({ key, name, ft }: WasiFunc): FuncDef {
  const func: CoreFunc = { guest: "wasi", instance: hostInstance, code: wasiCode(key) };
  return { tag: "host", name, instance: hostInstance, core: func, ft, cancel: "defer" };
}

function programOf(b: Builder, funcs: readonly FuncDef[]): Program {
  const { placed, resources } = b.names;
  const guests = placed.map(({ component, parent }) => ({
    name: component.name,
    parent,
  }));
  return {
    instances: [{ name: "host", parent: null }, ...guests],
    funcs,
    resourceTypes: [...resources.keys()].map((name) => {
      const owner = placed.find((p) => p.component.name === name.split(".")[0]);
      const dtor = b.names.funcs.get(`${name}.drop`);
      if (dtor === undefined) throw new Error(`no destructor of ${name}`);
      return { name, impl: owner?.instance ?? hostInstance, dtor: dtor.id };
    }),
  };
}
