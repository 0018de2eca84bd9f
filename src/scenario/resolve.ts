// Names of a scenario: components in order, functions, resources, types as data.

import { splitHost } from "../history/isyswasfa/interfaces.ts";
import type { SplitFunc, SplitHost } from "../history/isyswasfa/protocol.ts";
import { pollName, resultName, startName } from "../history/split/names.ts";
import type { FuncId, InstanceId, MemoryId, ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { Component, ExportDecl, HostFunc, ResourceDecl, Scenario } from "./ast.ts";
import type { Name, Signature, TypeExpr } from "./ast-types.ts";
import { isStackless } from "./components.ts";
import { futuresIn, type HalfNames, pairHalves, type SplitNames, wholesOf } from "./halves.ts";
import { isPollables, usesPollables, withPollables } from "./pollables.ts";
import { funcType2022, is2022 } from "./proposal-2022/types.ts";
import { qualified, resolveElement, resolveType } from "./resolve-types.ts";
import {
  funcsNamed,
  interfacesOf,
  usesWasi,
  type WasiFunc,
  type WasiNames,
  wasiNames,
} from "./wasi-names.ts";

/** A component with its place in the system. */
export interface Placed {
  readonly component: Component;
  readonly instance: InstanceId;
  readonly memory: MemoryId;
  readonly parent: InstanceId | null;
}

/** Everything that names of a scenario stand for. */
export interface Names {
  readonly scenario: Scenario;
  readonly placed: readonly Placed[];
  /** by `Component.function`, `host.function`, and the keys of the WASI host's functions */
  readonly funcs: ReadonlyMap<string, { readonly id: FuncId; readonly ft: FuncType }>;
  /** by `Component.resource`, and the keys of the WASI host's resources */
  readonly resources: ReadonlyMap<string, ResourceTypeId>;
  readonly wasi: WasiNames | null;
  /** of the split ABI, if that is the one */
  readonly split: SplitNames | null;
  /** the host of the split ABI; natively for its pollables, if they are imported */
  readonly splitHost: SplitHost | null;
}

/** The host is the first instance. */
export const hostInstance = 0 as InstanceId;

function place(components: readonly Component[], parent: InstanceId | null, out: Placed[]): void {
  for (const component of components) {
    const instance = (out.length + 1) as InstanceId;
    out.push({ component, instance, memory: out.length as MemoryId, parent });
    place(component.children, instance, out);
  }
}

/** The functions of a system in the order of `Program.funcs`. */
export type FuncSource =
  | { readonly tag: "export"; readonly placed: Placed; readonly decl: ExportDecl }
  | { readonly tag: "dtor"; readonly placed: Placed; readonly decl: ResourceDecl }
  | { readonly tag: "host"; readonly decl: HostFunc }
  | { readonly tag: "wasi"; readonly func: WasiFunc }
  | {
      readonly tag: "half";
      readonly half: "start" | "result";
      readonly placed: Placed;
      readonly decl: ExportDecl;
    }
  | { readonly tag: "poll"; readonly placed: Placed }
  /** a function of the host of the split ABI; its place there is its code */
  | { readonly tag: "split-host"; readonly func: SplitFunc; readonly code: number };

export function funcSources({
  scenario,
  placed,
  wasi,
  split,
  splitHost: offered,
}: Names): FuncSource[] {
  const guests = placed.flatMap((p): FuncSource[] => [
    ...p.component.exports.flatMap((decl) => exportSources(p, decl, split !== null)),
    ...(split !== null && isStackless(p.component) ? [{ tag: "poll", placed: p } as const] : []),
    ...p.component.resources.map((decl) => ({ tag: "dtor", placed: p, decl }) as const),
  ]);
  const host = (scenario.host?.funcs ?? []).map((decl): FuncSource => ({ tag: "host", decl }));
  const ofWasi = (wasi?.interfaces ?? []).filter((one) => !isPollables(one.id));
  const interfaces = ofWasi.flatMap(({ funcs }) => [...funcs.values()]);
  const destructors = (wasi?.resources ?? []).map(destructorOf);
  const wasiFuncs = [...interfaces, ...destructors].map(
    (func): FuncSource => ({ tag: "wasi", func }),
  );
  const splitHosts = (offered?.funcs ?? []).map(
    (func, code): FuncSource => ({ tag: "split-host", func, code }),
  );
  return [...guests, ...host, ...wasiFuncs, ...splitHosts];
}

/** An export, or its halves. */
function exportSources(placed: Placed, decl: ExportDecl, split: boolean): readonly FuncSource[] {
  if (!split || decl.mode !== "stackless") return [{ tag: "export", placed, decl }];
  return [
    { tag: "half", half: "start", placed, decl },
    { tag: "half", half: "result", placed, decl },
  ];
}

/** What drops a resource of the WASI host. */
function destructorOf(resource: string): WasiFunc {
  const name = resource.slice(resource.lastIndexOf(".") + 1);
  return { key: `${resource}.drop`, name: `${name}.drop`, ft: dtorType };
}

export function sourceName(source: FuncSource): string {
  if (source.tag === "wasi") return source.func.key;
  if (source.tag === "host") return `host.${source.decl.name}`;
  if (source.tag === "split-host") return source.func.key;
  const { name } = source.placed.component;
  if (source.tag === "poll") return `${pollName}-${name}`;
  if (source.tag === "half") {
    const half = source.half === "start" ? startName : resultName;
    return half(`${name}.${source.decl.name}`);
  }
  return source.tag === "dtor" ? `${name}.${source.decl.name}.drop` : `${name}.${source.decl.name}`;
}

/** The type of every destructor: one representation, no result. */
export const dtorType: FuncType = {
  params: [{ name: "rep", t: { tag: "u32" } }],
  result: null,
  async: false,
};

/** `variant`: of the WASI host, if there is one. */
export function resolveNames(scenario: Scenario, variant: string, split = false): Names {
  const placed: Placed[] = [];
  place(scenario.components, null, placed);
  const resources = new Map<string, ResourceTypeId>();
  for (const { component } of placed) {
    for (const r of component.resources) {
      resources.set(`${component.name}.${r.name}`, resources.size as ResourceTypeId);
    }
  }
  const own = usesWasi(scenario) ? wasiNames(variant, resources.size) : null;
  for (const key of own?.resources ?? []) resources.set(key, resources.size as ResourceTypeId);
  const funcs = new Map<string, { id: FuncId; ft: FuncType }>();
  const whole = { scenario, placed, funcs, resources, wasi: own, split: null, splitHost: null };
  const components = placed.map(({ component }) => component);
  const typeOf: Parameters<typeof wholesOf>[2] = (sig, scope) => funcType(whole, sig, scope);
  const wholes = split ? wholesOf(scenario, components, typeOf) : [];
  const needed = split || usesPollables(scenario);
  const given = wholes.filter(({ offered: one }) => one);
  const elementOf = (t: TypeExpr, c: Component): ValType | null => resolveElement(whole, t, c);
  const futures = split ? futuresIn(components, elementOf) : [];
  const types = wholes.flatMap(({ ft }) => [...ft.params.map(({ t }) => t), ft.result]);
  const used = [...types.filter((t) => t !== null), ...futures];
  const offered = needed ? offer(resources, given, used) : null;
  const wasi = withPollables(own, usesPollables(scenario) ? offered : null);
  const halved = split && offered !== null ? { host: offered, halves: new Map() } : null;
  const names: Names = { ...whole, wasi, split: halved, splitHost: offered };
  for (const [i, source] of funcSources(names).entries()) {
    funcs.set(sourceName(source), { id: i as FuncId, ft: sourceType(names, source) });
  }
  if (halved === null) return names;
  return { ...names, split: { ...halved, halves: pairHalves(wholes, funcs) } };
}

/** The host of the split ABI, whose resources come after all others. */
function offer(
  resources: Map<string, ResourceTypeId>,
  wholes: Parameters<typeof splitHost>[1],
  types: readonly ValType[],
): SplitHost {
  const host = splitHost(resources.size, wholes, types);
  for (const key of host.resources) resources.set(key, resources.size as ResourceTypeId);
  return host;
}

function sourceType(names: Names, source: FuncSource): FuncType {
  switch (source.tag) {
    case "split-host":
      return source.func.ft;
    case "poll":
      return splitOf(names).host.poll;
    case "half":
      return splitOf(names).host[source.half](
        funcType(names, source.decl.sig, source.placed.component),
      );
    case "wasi":
      return source.func.ft;
    case "dtor":
      return dtorType;
    case "host":
      return funcType(names, source.decl.sig, null);
    case "export":
      return funcType(names, source.decl.sig, source.placed.component);
  }
}

/** The names of the split ABI, where there are halves. */
export function splitOf({ split }: Names): SplitNames {
  if (split === null) throw new Error("the native ABI has no halves");
  return split;
}

/** Both halves of a function by its name as seen from a component; null: it is not split. */
export function halvesNamed({ split }: Names, { path }: Name): HalfNames | null {
  return split?.halves.get(qualified(path)) ?? null;
}

/** A function by its name as seen from a component, or from the host (null). */
export function funcNamed(
  { funcs, wasi }: Names,
  { path }: Name,
  scope: Component | null,
): { readonly id: FuncId; readonly ft: FuncType } | null {
  const [func] = funcsNamed(interfacesOf(wasi, scope), path);
  return funcs.get(func?.key ?? qualified(path)) ?? null;
}

function funcType(names: Names, sig: Signature, scope: Component | null): FuncType {
  if (is2022(names.scenario)) return funcType2022((t) => resolveType(names, t, scope), sig);
  return {
    params: sig.params.map(({ name, t }) => ({ name, t: resolveType(names, t, scope) })),
    result: sig.result === null ? null : resolveType(names, sig.result, scope),
    async: sig.async,
  };
}
