// Whether an item is what an import asks for; abstract types become those of the item. Mirrors spec/14 and Explainer.md, "Import and Export Definitions".

import type { FuncType } from "../model/types.ts";
import { Invalid } from "../wasm/invalid.ts";
import type { Module } from "../wasm/module.ts";
import { funcWords, type ResourceNames } from "../wit/type-words.ts";
import type { At, Component, Decl, ExternTypeRef } from "./ast.ts";
import { pushAlias, pushCoreType } from "./evaluate-aliases.ts";
import { moduleWhy } from "./evaluate-modules.ts";
import { funcTypeAt, meaningOf, typeAt } from "./evaluate-types.ts";
import {
  type ComponentItem,
  type DeclaredType,
  goThrough,
  type InstanceItem,
  type Item,
  itemAt,
  type Linking,
  newScope,
  pushItem,
  type Scope,
  type TypeMeaning,
} from "./items.ts";
import { meaningWords, sortWords } from "./items-words.ts";
import { definedMismatch, funcMismatch, type Matching } from "./subtype-values.ts";
import { standIn } from "./unknown-imports.ts";

/** What is compared, for errors: `import "a", its export "b"`. */
interface Asked {
  readonly linking: Linking;
  /** the import and the path to what is compared, without words */
  readonly name: string;
  readonly what: string;
  readonly at: At;
}

function unlinkable({ what, at }: Asked, why: string): never {
  throw new Invalid("unlinkable", at.offset, `${what}: ${why}`);
}

function namesOf({ resourceTypes }: Linking): ResourceNames {
  return (rt) => resourceTypes[rt]?.name ?? `resource ${rt}`;
}

function sameMeaning(m: Matching, a: TypeMeaning, b: TypeMeaning): boolean {
  if (a.tag === "value") return b.tag === "value" && definedMismatch(m, b.t, a.t) === null;
  if (a.tag === "func") return b.tag === "func" && funcMismatch(m, b.ft, a.ft) === null;
  if (a.tag === "resource") return b.tag === "resource" && a.rt === b.rt;
  return a.tag === b.tag;
}

function matchType(asked: Asked, wanted: TypeMeaning | null, is: TypeMeaning): void {
  const names = namesOf(asked.linking);
  const words = meaningWords(is, names);
  if (wanted === null) {
    if (is.tag !== "resource") unlinkable(asked, `it is a ${words}, not a resource type`);
  } else if (!sameMeaning(asked.linking.matching, wanted, is)) {
    unlinkable(asked, `it is the ${words}, not the ${meaningWords(wanted, names)}`);
  }
}

function matchFunc(asked: Asked, wanted: FuncType, func: number): void {
  const { linking } = asked;
  const is = linking.funcs[func]?.ft;
  if (is !== undefined && funcMismatch(linking.matching, is, wanted) === null) return;
  const names = namesOf(linking);
  const found = is === undefined ? "nothing" : funcWords(is, names);
  unlinkable(asked, `it is ${found}, but asked for is ${funcWords(wanted, names)}`);
}

type ExportDecl = Extract<Decl, { readonly tag: "export" }> & At;

/** What an instance has for an export that is asked for. */
function matchExport(asked: Asked, scope: Scope, decl: ExportDecl, instance: InstanceItem): Item {
  const { name } = decl.name;
  const inside: Asked = {
    ...asked,
    name: `${asked.name} ${name}`,
    what: `${asked.what}, its export "${name}"`,
  };
  const item = instance.exports.get(name);
  if (item !== undefined) return matchItem(inside, scope, decl.type, item);
  const stand = standIn(asked.linking, scope, inside.name, decl.type, decl);
  return stand ?? unlinkable(inside, "it is missing");
}

/** One declaration of an instance type; what it exports is put into `exports`. */
function matchDecl(
  asked: Asked,
  scope: Scope,
  decl: Decl & At,
  instance: InstanceItem,
  exports: Map<string, Item>,
): void {
  switch (decl.tag) {
    case "core-type":
      pushCoreType(scope, decl.type);
      return;
    case "type":
      if (decl.type.tag === "resource") unlinkable(asked, "an instance type defines no resource");
      else pushItem(scope, { tag: "type", type: meaningOf(scope, decl.type, decl) });
      return;
    case "alias":
      pushAlias(scope, decl.alias, decl);
      return;
    case "import":
      throw new Invalid("invalid", decl.offset, "an instance type has no imports");
    case "export": {
      const item = matchExport(asked, scope, decl, instance);
      exports.set(decl.name.name, item);
      pushItem(scope, item);
    }
  }
}

/** The instance, with stand-ins for what it lacks. */
function matchInstance(
  asked: Asked,
  { decls, scope }: DeclaredType,
  instance: InstanceItem,
): InstanceItem {
  goThrough(asked.linking, decls.length + 1, asked.at);
  const inner = newScope(scope, scope.space);
  const exports = new Map(instance.exports);
  for (const decl of decls) matchDecl(asked, inner, decl, instance, exports);
  return { tag: "instance", exports };
}

/** The sorts of what a component imports or exports, by name. */
function outline(component: Component, tag: "import" | "export"): ReadonlyMap<string, string> {
  const sorts = new Map<string, string>();
  for (const d of component.definitions) {
    if (d.tag === "import" && tag === "import") sorts.set(d.name.name, d.type.tag);
    if (d.tag !== "export" || tag !== "export") continue;
    const { sort } = d.item;
    sorts.set(d.name.name, sort === "module" ? "core-module" : sort);
  }
  return sorts;
}

/** By the names and sorts of imports and exports: their types were compared when it was validated. */
function matchComponent(asked: Asked, { decls }: DeclaredType, { component }: ComponentItem): void {
  const sortsOf = (tag: "import" | "export"): ReadonlyMap<string, string> =>
    new Map(decls.flatMap((d) => (d.tag === tag ? [[d.name.name, d.type.tag] as const] : [])));
  const given = sortsOf("import");
  for (const [name, sort] of outline(component, "import")) {
    if (given.get(name) !== sort) unlinkable(asked, `it imports "${name}", which it is not given`);
  }
  const exports = outline(component, "export");
  for (const [name, sort] of sortsOf("export")) {
    if (exports.get(name) !== sort) unlinkable(asked, `it has no export "${name}" of that sort`);
  }
}

function declaredAt(
  asked: Asked,
  scope: Scope,
  index: number,
  tag: DeclaredType["tag"],
): DeclaredType {
  const type = typeAt(scope, index, asked.at);
  if (type.tag === tag) return type;
  return unlinkable(asked, `type ${index} is no ${tag} type`);
}

function matchModule(asked: Asked, scope: Scope, index: number, module: Module): void {
  const wanted = itemAt(scope.core.type, index, "core type", asked.at);
  const why = wanted.tag === "module" ? moduleWhy(module, wanted) : "no module type";
  if (why !== null) unlinkable(asked, why);
}

function expectSort(asked: Asked, type: ExternTypeRef, item: Item): void {
  if (type.tag === "value") unlinkable(asked, "values are not supported");
  if (item.tag === type.tag) return;
  unlinkable(asked, `it is ${sortWords(item.tag)}, but asked for is ${sortWords(type.tag)}`);
}

/** Compares an item with the type that is asked for; throws `Invalid` where it does not fit. */
function matchItem(asked: Asked, scope: Scope, type: ExternTypeRef, item: Item): Item {
  expectSort(asked, type, item);
  if (item.tag === "type" && type.tag === "type") {
    const { bound } = type;
    const wanted = bound.tag === "eq" ? typeAt(scope, bound.index, asked.at) : null;
    matchType(asked, wanted, item.type);
  }
  if (type.tag === "type" || type.tag === "value") return item;
  const { index } = type;
  if (item.tag === "func") matchFunc(asked, funcTypeAt(scope, index, asked.at), item.func);
  if (item.tag === "core-module") matchModule(asked, scope, index, item.module);
  if (item.tag === "component") {
    matchComponent(asked, declaredAt(asked, scope, index, "component"), item);
  }
  if (item.tag !== "instance") return item;
  return matchInstance(asked, declaredAt(asked, scope, index, "instance"), item);
}

/** Gives an import its item; throws `Invalid` if that is not of the type that the import has. */
export function bindImport(
  linking: Linking,
  scope: Scope,
  name: string,
  type: ExternTypeRef,
  item: Item,
  at: At,
): void {
  const asked: Asked = { linking, name, what: `import "${name}"`, at };
  pushItem(scope, matchItem(asked, scope, type, item));
}

/** What an import asks for, in words. */
export function importWords(linking: Linking, scope: Scope, type: ExternTypeRef, at: At): string {
  if (type.tag === "value") return "a value";
  if (type.tag === "func") return funcWords(funcTypeAt(scope, type.index, at), namesOf(linking));
  if (type.tag !== "instance") return sortWords(type.tag);
  const meaning = typeAt(scope, type.index, at);
  if (meaning.tag !== "instance") return sortWords(type.tag);
  const names = meaning.decls.flatMap((d) => (d.tag === "export" ? [d.name.name] : []));
  return names.length === 0 ? "an instance" : `an instance with ${names.slice(0, 8).join(", ")}`;
}
