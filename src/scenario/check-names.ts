// Who can see what: components, functions, resources and types by name.

import { splitHost } from "../history/isyswasfa/interfaces.ts";
import type { ValType } from "../model/types.ts";
import { didYouMean } from "../wit/spelling.ts";
import type { Block, Component, ExportDecl, FuncDecl, HostFunc, Scenario, Stmt } from "./ast.ts";
import type { Name, Pos, TypeDecl } from "./ast-types.ts";
import { fault } from "./errors.ts";
import { commonCases } from "./grammar-words.ts";
import { usesPollables, withPollables } from "./pollables.ts";
import {
  callersOf,
  casesOf,
  funcsNamed,
  interfacesOf,
  typesNamed,
  usesWasi,
  type WasiInterface,
  type WasiNames,
  wasiNames,
  withoutVersion,
} from "./wasi-names.ts";

/** What the checker may know beyond the scenario itself. */
export interface CheckOptions {
  /** The codes that `traps` may name; without it any code will do. */
  readonly trapCodes?: ReadonlySet<string>;
  /** The words that `expect` may name; without it any word will do. */
  readonly expects?: ReadonlySet<string>;
  /** What `leaks` may name; when not given, the kinds that `check-claims.ts` lists. */
  readonly leaks?: ReadonlySet<string>;
}

/** A scenario, with what is looked up often. */
export interface World {
  readonly scenario: Scenario;
  readonly types: ReadonlyMap<string, TypeDecl>;
  /** The labels of variants and enums, and `some`, `none`, `ok`, `error`. */
  readonly cases: ReadonlySet<string>;
  /** The interfaces of the WASI host, if there is one. */
  readonly wasi: WasiNames | null;
  /** The labels of their variants and enums: unlike others, a local may have the same name. */
  readonly wasiCases: ReadonlySet<string>;
  readonly options: CheckOptions;
}

/** Where code stands: inside a component, or in the host. */
export interface Place {
  readonly world: World;
  /** The enclosing components, outermost first, the component itself last; empty for the host. */
  readonly within: readonly Component[];
  /** The variables of the instance: `var` and whatever is kept. */
  readonly variables: ReadonlySet<string>;
  readonly funcs: readonly FuncDecl[];
}

export function worldOf(scenario: Scenario, options: CheckOptions, variant: string): World {
  const cases = new Set(commonCases);
  for (const { body } of scenario.types) {
    if (body.tag === "variant") for (const c of body.cases) cases.add(c.label);
    if (body.tag === "enum") for (const label of body.labels) cases.add(label);
  }
  const types = new Map(scenario.types.map((t) => [t.name, t]));
  const own = usesWasi(scenario) ? wasiNames(variant, 0) : null;
  const first = own?.resources.length ?? 0;
  const wasi = withPollables(own, usesPollables(scenario) ? splitHost(first, []) : null);
  const wasiCases = wasi === null ? new Set<string>() : casesOf(wasi);
  return { scenario, types, cases, wasi, wasiCases, options };
}

function inner(s: Stmt): readonly Block[] {
  if (s.tag === "if") return [s.then, s.otherwise];
  if (s.tag === "repeat" || s.tag === "while" || s.tag === "spawn") return [s.body];
  return s.tag === "choose" ? s.options : [];
}

/** The names that `keep` gives to the instance. */
function kept(block: Block): readonly string[] {
  return block.flatMap((s) => (s.tag === "keep" ? [s.name] : inner(s).flatMap(kept)));
}

function blocksOf(c: Component): readonly Block[] {
  return [
    ...c.exports.flatMap((e) => [
      e.body,
      e.onEvent?.body ?? [],
      e.postReturn ?? [],
      e.onCancel ?? [],
    ]),
    ...c.funcs.map((f) => f.body),
    ...c.resources.map((r) => r.dtor?.body ?? []),
    c.realloc?.body ?? [],
  ];
}

export function placeIn(world: World, within: readonly Component[], c: Component): Place {
  const variables = new Set([...c.vars.map((v) => v.name), ...blocksOf(c).flatMap(kept)]);
  return { world, within: [...within, c], variables, funcs: c.funcs };
}

export function hostPlace(world: World): Place {
  const { host } = world.scenario;
  const blocks = [...(host?.funcs ?? []), ...(host?.processes ?? [])].map((f) => f.body);
  const names = [...(host?.vars ?? []).map((v) => v.name), ...blocks.flatMap(kept)];
  return { world, within: [], variables: new Set(names), funcs: [] };
}

/** A component that can be named from `place`, nearest first. */
function visible(place: Place): readonly Component[] {
  const nested = [...place.within].reverse().flatMap((c) => c.children);
  return [...nested, ...place.world.scenario.components];
}

/** The component that `path` names when it is used at `place`. */
export function findComponent(place: Place, path: readonly string[], pos: Pos): Component {
  const [head = "", ...rest] = path;
  let candidates = visible(place);
  let found = candidates.find((c) => c.name === head);
  for (const name of [head, ...rest].slice(found === undefined ? 0 : 1)) {
    if (found !== undefined) candidates = found.children;
    found = candidates.find((c) => c.name === name);
    if (found === undefined) {
      const known = candidates.map((c) => c.name);
      const list = known.length === 0 ? "there are none" : `there is ${known.join(", ")}`;
      const plain = /^[A-Z]/.test(name) ? list : "component names begin with an upper-case letter";
      return fault(pos, `there is no component \`${name}\` here`, didYouMean(name, known, plain));
    }
  }
  return found ?? fault(pos, "a component is missing here");
}

function needsImport(place: Place, name: Name): void {
  const self = place.within.at(-1);
  const [head = ""] = name.path;
  if (self === undefined || self.imports.some((i) => i.name === head)) return;
  if (self.children.some((c) => c.name === head)) return;
  if (head === self.name) {
    fault(name.pos, `${head} cannot call its own exports`, "write a `func` and call that");
  }
  fault(name.pos, `${self.name} does not import ${head}`, `add the line \`import ${head}\``);
}

function hostFunc(place: Place, name: Name): HostFunc {
  const { host } = place.world.scenario;
  if (place.within.length === 0)
    fault(name.pos, "the host does not call itself", "repeat the lines");
  if (host === null) fault(name.pos, "this scenario has no host", "add `host { func .. }`");
  const funcs = host?.funcs ?? [];
  const [, func = ""] = name.path;
  const found = name.path.length === 2 ? funcs.find((f) => f.name === func) : undefined;
  if (found !== undefined) return found;
  const known = funcs.map((f) => f.name);
  return fault(name.pos, `the host has no function \`${func}\``, didYouMean(func, known));
}

function exportOf(c: Component, func: string, pos: Pos): ExportDecl {
  const found = c.exports.find((e) => e.name === func);
  if (found !== undefined) return found;
  const known = c.exports.map((e) => e.name);
  return fault(pos, `${c.name} has no export \`${func}\``, didYouMean(func, known));
}

/** The export that `name` means, as a scenario's `run` line names it. */
export function findExport(place: Place, name: Name): ExportDecl {
  if (name.path.length < 2) {
    fault(name.pos, `\`${name.path.join(".")}\` is not an export`, "write Component.export");
  }
  const component = findComponent(place, name.path.slice(0, -1), name.pos);
  return exportOf(component, name.path.at(-1) ?? "", name.pos);
}

/** What a call needs to know of a function: how many parameters, and whether it has a result. */
export interface Callable {
  readonly params: readonly unknown[];
  readonly result: unknown;
}

/** The interfaces that code at `place` may use. */
export function interfacesAt({ world, within }: Place): readonly WasiInterface[] {
  return interfacesOf(world.wasi, within.at(-1) ?? null);
}

/** Stops unless `name` means one thing. */
function onlyOne<T>(found: readonly T[], name: Name): T | null {
  const [first = null] = found;
  if (found.length < 2) return first;
  const text = name.path.join(".");
  return fault(
    name.pos,
    `\`${text}\` is in several of the interfaces here`,
    "write the name of the package before it: filesystem.error-code",
  );
}

/** A function of an interface; null where `name` does not look like one. */
function interfaceFunc(place: Place, name: Name): Callable | null {
  const interfaces = interfacesAt(place);
  const found = onlyOne(funcsNamed(interfaces, name.path), name);
  if (found !== null) return found.ft;
  const { wasi } = place.world;
  const caller = name.path.slice(0, -1).join(".");
  if (wasi === null || /^[A-Z]/.test(caller)) return null;
  const text = name.path.join(".");
  const known = interfaces.flatMap(({ funcs }) => [...funcs.keys()]);
  if (callersOf(interfaces).has(caller)) {
    fault(name.pos, `there is no function \`${text}\``, didYouMean(text, known));
  }
  const owner = wasi.interfaces.find(({ funcs }) => funcs.has(text));
  const hint =
    owner === undefined
      ? didYouMean(text, known)
      : `add the line \`import ${withoutVersion(owner.id)}\``;
  return fault(name.pos, `there is no interface here for \`${text}\``, hint ?? plainImport);
}

const plainImport = "an interface is imported like this: import wasi:filesystem/types";

/** The imported function `name`, which code at `place` calls. */
export function findImported(place: Place, name: Name): Callable {
  if (name.path[0] === "host") {
    const { sig } = hostFunc(place, name);
    needsImport(place, name);
    return sig;
  }
  const func = interfaceFunc(place, name);
  if (func !== null) return func;
  findComponent(place, name.path.slice(0, -1), name.pos);
  needsImport(place, name);
  return findExport(place, name).sig;
}

/** The core function `name` of the component. */
export function findFunc(place: Place, name: string, pos: Pos): FuncDecl {
  const found = place.funcs.find((f) => f.name === name);
  if (found !== undefined) return found;
  const { cases, wasiCases } = place.world;
  const known = [...place.funcs.map((f) => f.name), ...cases, ...wasiCases];
  const hint = "a function of another component is called P.f(..); `func` declares one here";
  return fault(pos, `there is no function \`${name}\` here`, didYouMean(name, known, hint));
}

/** The type of an interface that `name` means at `place`. */
export function wasiType(place: Place, name: Name): ValType | null {
  return onlyOne(typesNamed(interfacesAt(place), name.path), name);
}

/** Whether `path` begins with the package of an interface. */
function isPackage(place: Place, [head = ""]: readonly string[]): boolean {
  return place.world.wasi?.interfaces.some(({ pack }) => pack === head) ?? false;
}

/** Whether `name` is a resource that can be named at `place`; its own ones need no component. */
export function isResource(place: Place, { path, pos }: Name): boolean {
  const name = path.at(-1) ?? "";
  if (path.length === 1) {
    const own = place.within.at(-1)?.resources ?? [];
    if (own.some((r) => r.name === name)) return true;
  }
  if (wasiType(place, { path, pos })?.tag === "own") return true;
  if (path.length === 1 || isPackage(place, path)) return false;
  const owner = findComponent(place, path.slice(0, -1), pos);
  return owner.resources.some((r) => r.name === name);
}

/** Stops at the second of two equal names. */
export function unique<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  posOf: (item: T) => Pos,
  what: string,
): void {
  const seen = new Set<string>();
  for (const item of items) {
    const name = nameOf(item);
    if (name !== "_" && seen.has(name)) {
      fault(posOf(item), `${what} \`${name}\` is declared twice`, "give the second another name");
    }
    seen.add(name);
  }
}
