// Items and what types mean in words: for errors of linking. Mirrors spec/14.

import { funcWords, type ResourceNames, typeWords } from "../wit/type-words.ts";
import type { Item, TypeMeaning } from "./items.ts";

export function meaningWords(type: TypeMeaning, names: ResourceNames): string {
  switch (type.tag) {
    case "value":
      return `type ${typeWords(type.t, names)}`;
    case "func":
      return `type ${funcWords(type.ft, names)}`;
    case "resource":
      return `resource ${names(type.rt)}`;
    default:
      return `${type.tag} type`;
  }
}

const sorts: Readonly<Record<Item["tag"], string>> = {
  func: "a function",
  type: "a type",
  instance: "an instance",
  component: "a component",
  "core-module": "a core module",
};

/** `an instance` */
export function sortWords(tag: Item["tag"]): string {
  return sorts[tag];
}
