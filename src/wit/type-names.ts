// Which names of types a declaration mentions, and where.

import type { FuncExpr, InterfaceItem, Member, Name, TypeExpr } from "./ast.ts";

function slot(t: TypeExpr | null): readonly Name[] {
  return t === null ? [] : namesIn(t);
}

function namesIn(t: TypeExpr): readonly Name[] {
  switch (t.tag) {
    case "prim":
      return [];
    case "list":
    case "option":
    case "stream":
    case "future":
      return slot(t.t);
    case "tuple":
      return t.ts.flatMap(namesIn);
    case "result":
      return [...slot(t.ok), ...slot(t.error)];
    case "map":
      return [...namesIn(t.k), ...namesIn(t.v)];
    case "own":
    case "borrow":
      return [t.resource];
    case "named":
      return [{ name: t.name, pos: t.pos }];
  }
}

/** The names in the signature of a function. */
export function namesInFunc({
  params,
  result,
}: Pick<FuncExpr, "params" | "result">): readonly Name[] {
  return [...params.flatMap((param) => namesIn(param.t)), ...slot(result)];
}

/** The names in the signature of a function of a resource. */
export function namesInMember(member: Member): readonly Name[] {
  return namesInFunc(member.tag === "constructor" ? member : member.func);
}

/** The names in an item, but for those in the functions of a resource. */
export function namesInItem(item: InterfaceItem): readonly Name[] {
  switch (item.tag) {
    case "alias":
      return namesIn(item.t);
    case "record":
      return item.fields.flatMap((field) => namesIn(field.t));
    case "variant":
      return item.cases.flatMap((one) => slot(one.t));
    case "func":
      return namesInFunc(item.func);
    default:
      return [];
  }
}
