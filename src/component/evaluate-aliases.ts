// Aliases: items of instances and of the components around. Mirrors spec/14 and Explainer.md, "Alias Definitions".

import { Invalid } from "../wasm/invalid.ts";
import type { Alias, At, CoreTypeDef } from "./ast.ts";
import { type Item, itemAt, outerScope, pushCore, pushItem, type Scope } from "./items.ts";
import { sortWords } from "./items-words.ts";

type Of<T extends Alias["tag"]> = Extract<Alias, { readonly tag: T }>;

function exported(scope: Scope, { instance, name, sort }: Of<"export">, at: At): Item {
  const { exports } = itemAt(scope.items.instance, instance, "instance", at);
  const item = exports.get(name);
  if (item === undefined) {
    throw new Invalid("invalid", at.offset, `instance ${instance} has no export "${name}"`);
  }
  if (item.tag === sort) return item;
  throw new Invalid("invalid", at.offset, `the export "${name}" is ${sortWords(item.tag)}`);
}

function coreExported(scope: Scope, { instance, name, sort }: Of<"core-export">, at: At): void {
  const { exports } = itemAt(scope.core.instance, instance, "core instance", at);
  const item = exports.get(name);
  if (item === undefined || item.tag !== sort) {
    const message = `core instance ${instance} has no ${sort} "${name}"`;
    throw new Invalid("invalid", at.offset, message);
  }
  pushCore(scope, { ...item, alias: name });
}

function fromOutside(scope: Scope, { sort, count, index }: Of<"outer">, at: At): void {
  const { items, core } = outerScope(scope, count, at);
  switch (sort.sort) {
    case "type":
      if (sort.layer === "core") scope.core.type.push(itemAt(core.type, index, "core type", at));
      else pushItem(scope, itemAt(items.type, index, "type", at));
      return;
    case "module":
      scope.core.module.push(itemAt(core.module, index, "core module", at));
      return;
    case "component":
      pushItem(scope, itemAt(items.component, index, "component", at));
      return;
    default:
      throw new Invalid("invalid", at.offset, `no outer alias may name a ${sort.sort}`);
  }
}

/** Puts what an alias names into its index space. */
export function pushAlias(scope: Scope, alias: Alias, at: At): void {
  if (alias.tag === "export") pushItem(scope, exported(scope, alias, at));
  else if (alias.tag === "core-export") coreExported(scope, alias, at);
  else fromOutside(scope, alias, at);
}

/** Puts a core type into its index space. */
export function pushCoreType(scope: Scope, def: CoreTypeDef): void {
  const { decls } = def.tag === "module" ? def : { decls: [] };
  scope.core.type.push(def.tag === "func" ? def : { tag: "module", decls, scope });
}
