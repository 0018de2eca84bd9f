// Value types and signatures in words, much as WIT writes them, each in full: for lists and messages.

import type { FuncType, ValType } from "../model/types.ts";

/** How deep a type is spelled out. */
const deepest = 6;

/** Resource types by number, as they are called. */
export type ResourceNames = (rt: number) => string;

const nameless: ResourceNames = () => "resource";

function slot(t: ValType | null, names: ResourceNames, depth: number): string {
  return t === null ? "_" : words(t, names, depth);
}

function ofElement(what: string, t: ValType | null, names: ResourceNames, depth: number): string {
  return t === null ? what : `${what}<${words(t, names, depth)}>`;
}

function words(t: ValType, names: ResourceNames, above: number): string {
  const depth = above + 1;
  if (depth > deepest) return "..";
  const inner = (u: ValType): string => words(u, names, depth);
  switch (t.tag) {
    case "list":
      return t.length === null ? `list<${inner(t.t)}>` : `list<${inner(t.t)}, ${t.length}>`;
    case "record":
      return `record { ${t.fields.map((f) => `${f.label}: ${inner(f.t)}`).join(", ")} }`;
    case "tuple":
      return `tuple<${t.ts.map(inner).join(", ")}>`;
    case "variant": {
      const cases = t.cases.map((c) => (c.t === null ? c.label : `${c.label}(${inner(c.t)})`));
      return `variant { ${cases.join(", ")} }`;
    }
    case "enum":
    case "flags":
      return `${t.tag} { ${t.labels.join(", ")} }`;
    case "option":
      return `option<${inner(t.t)}>`;
    case "result":
      if (t.error === null) return ofElement("result", t.ok, names, depth);
      return `result<${slot(t.ok, names, depth)}, ${inner(t.error)}>`;
    case "map":
      return `map<${inner(t.k)}, ${inner(t.v)}>`;
    case "stream":
    case "future":
      return ofElement(t.tag, t.t, names, depth);
    case "own":
      return names(t.rt);
    case "borrow":
      return `borrow<${names(t.rt)}>`;
    default:
      return t.tag;
  }
}

/** `list<tuple<string, u32>>`; what lies very deep is `..`. */
export function typeWords(t: ValType, names: ResourceNames = nameless): string {
  return words(t, names, 0);
}

/** `async func(x: u32) -> string` */
export function funcWords(
  { async, params, result }: FuncType,
  names: ResourceNames = nameless,
): string {
  const list = params.map(({ name, t }) => `${name}: ${typeWords(t, names)}`).join(", ");
  const end = result === null ? "" : ` -> ${typeWords(result, names)}`;
  return `${async ? "async " : ""}func(${list})${end}`;
}
