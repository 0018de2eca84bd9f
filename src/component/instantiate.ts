// Components linked to each other and to the WASI host: everything about a run but its invocations. Mirrors spec/14.

import type { FuncId } from "../model/ids.ts";
import type { FuncType } from "../model/types.ts";
import { type Settings, settingOf } from "../wasi/choice-points.ts";
import { Invalid } from "../wasm/invalid.ts";
import { didYouMean } from "../wit/spelling.ts";
import type { Component } from "./ast.ts";
import { type Importer, makeInstance } from "./evaluate.ts";
import { importWords } from "./evaluate-imports.ts";
import { unitName } from "./evaluate-names.ts";
import {
  type InstanceItem,
  type Item,
  type Linking,
  newLinking,
  type UnknownImports,
} from "./items.ts";
import { standIn } from "./unknown-imports.ts";
import { canonicalName } from "./versions.ts";
import { type WasiHost, wasiHost, wasiInstance } from "./wasi.ts";

/** A component that the host instantiates, after those before it in the list. */
export interface Unit {
  /** what its instance is called */
  readonly name: string;
  /** checked by `checkComponent` */
  readonly component: Component;
  /** under which names later ones import it; without this: its own name */
  readonly registered?: readonly string[];
  /** It is instantiated by a step of a root, not before all roots. */
  readonly deferred?: boolean;
}

/** An instance of a unit, and the functions that instantiate its core modules in order. */
export interface LinkedUnit {
  readonly unit: Unit;
  readonly instance: InstanceItem;
  readonly inits: readonly FuncId[];
}

/** Units that fit together. */
export interface Linked {
  readonly linking: Linking;
  readonly units: readonly LinkedUnit[];
  readonly wasi: WasiHost;
  /** of the WASI host */
  readonly settings: Settings;
}

/** A function that the host may call. */
export interface Callable {
  readonly unit: string;
  /** `f`, or `a:b/c@1.0.0#f` for one of an instance that is exported */
  readonly path: string;
  readonly func: FuncId;
  readonly ft: FuncType;
}

type Known = ReadonlyMap<string, Item>;

/** What is there for an import of this name: under it, or a compatible version of it. */
function providedAs(known: Known, wasi: WasiHost, name: string): Item | null {
  const exact = known.get(name);
  if (exact !== undefined) return exact;
  const wanted = canonicalName(name);
  for (const [other, item] of known) {
    if (wanted !== name && canonicalName(other) === wanted) return item;
  }
  return wasiInstance(wasi, name);
}

function importerOf(linking: Linking, known: Known, wasi: WasiHost): Importer {
  return ({ name: { name, implements: of }, type, offset }, scope) => {
    const item = providedAs(known, wasi, name) ?? (of && providedAs(known, wasi, of));
    if (item) return item;
    const stand = standIn(linking, scope, name, type, { offset });
    if (stand !== null) return stand;
    const there = [...known.keys(), ...wasi.interfaces.keys()];
    const hint = didYouMean(name, there, `there are ${there.join(", ")}`);
    const asked = importWords(linking, scope, type, { offset });
    throw new Invalid(
      "unlinkable",
      offset,
      `nothing is given for the import "${name}", ${asked}; ${hint}`,
    );
  };
}

/** How components are linked. */
export interface LinkOptions {
  /** settings of the WASI host: its variant decides what may be imported */
  readonly wasi?: Settings;
  /** whether what nobody provides may be imported, and what becomes of those who call it */
  readonly unknownImports?: UnknownImports;
}

/**
 * Instantiates components as far as that fixes types and functions; what runs at instantiation is left to
 * the run. Throws `Invalid` for an import that is missing or does not fit.
 */
export function linkComponents(units: readonly Unit[], options: LinkOptions = {}): Linked {
  const { wasi = {}, unknownImports = "refuse" } = options;
  const linking = newLinking(unknownImports);
  const host = wasiHost(linking, settingOf(wasi, "variant"));
  const known = new Map<string, Item>();
  const linked: LinkedUnit[] = [];
  for (const unit of units) {
    linking.inits = [];
    const { component } = unit;
    const name = unitName(linking, unit.name);
    const importer = importerOf(linking, known, host);
    const item = { tag: "component", component, scope: null } as const;
    const instance = makeInstance(linking, item, name, null, importer);
    for (const as of unit.registered ?? [unit.name]) known.set(as, instance);
    linked.push({ unit, instance, inits: linking.inits });
  }
  return { linking, units: linked, wasi: host, settings: wasi };
}

/** How many exports are looked at: instances in instances can have very many paths. */
const mostExports = 100_000;

interface Listing {
  readonly linking: Linking;
  readonly list: Callable[];
  /** how many exports may still be looked at */
  left: number;
}

/** Lists the functions among some exports, and in the instances among them. */
function listFuncs(
  listing: Listing,
  unit: string,
  exports: InstanceItem["exports"],
  before: string,
): void {
  for (const [name, item] of exports) {
    listing.left -= 1;
    if (listing.left < 0) return;
    if (item.tag === "instance") listFuncs(listing, unit, item.exports, `${before}${name}#`);
    if (item.tag !== "func") continue;
    const def = listing.linking.funcs[item.func];
    if (def !== undefined) {
      listing.list.push({ unit, path: before + name, func: item.func, ft: def.ft });
    }
  }
}

/** The functions that the host may call, in the order of their exports: those among the first 100 000. */
export function callables({ linking, units }: Linked): readonly Callable[] {
  const listing: Listing = { linking, list: [], left: mostExports };
  for (const { unit, instance } of units) listFuncs(listing, unit.name, instance.exports, "");
  return listing.list;
}

/** A path without versions, with `#` wherever it goes into an instance. */
function loose(path: string): string {
  return path.replace(/@[^#]*/g, "").replace(/\.(?=[^.]*$)/, "#");
}

/**
 * The function of a unit by its path, `f` or `a:b/c@1.0.0#f`; the version may be left out, and `.` may stand
 * for `#` where no function has that name. Throws `Invalid` if there is none, or more than one.
 */
export function callableAt(linked: Linked, unit: string, path: string): Callable {
  const all = callables(linked).filter((one) => one.unit === unit);
  const exact = all.find((one) => one.path === path);
  if (exact !== undefined) return exact;
  const near = all.filter((one) => loose(one.path) === loose(path));
  const [only] = near;
  if (near.length === 1 && only !== undefined) return only;
  const paths = all.map((one) => one.path);
  const there = paths.length === 0 ? "it exports no function" : `it exports ${paths.join(", ")}`;
  const hint = didYouMean(path, paths, there);
  throw new Invalid("unlinkable", null, `${unit} has no exported function "${path}"; ${hint}`);
}
