// Types: names that exist, and the validation rules of Explainer.md, "Type Definitions".

import { didYouMean } from "../wit/spelling.ts";
import type { Name, Pos, Signature, TypeBody, TypeDecl, TypeExpr } from "./ast-types.ts";
import {
  interfacesAt,
  isResource,
  type Place,
  unique,
  type World,
  wasiType,
} from "./check-names.ts";
import { fault } from "./errors.ts";
import { is2022 } from "./proposal-2022/types.ts";

function resourceMustExist(place: Place, name: Name): void {
  if (isResource(place, name)) return;
  const own = [
    ...(place.within.at(-1)?.resources ?? []).map((r) => r.name),
    ...interfacesAt(place).flatMap(({ types }) => [...types.keys()]),
  ];
  const text = name.path.join(".");
  const hint = didYouMean(text, own, "a resource of another component is written P.name");
  fault(name.pos, `there is no resource \`${text}\` here`, hint);
}

function namedMustExist(place: Place, name: Name): void {
  const text = name.path.join(".");
  if (name.path.length === 1 && place.world.types.has(text)) return;
  if (isResource(place, name) || wasiType(place, name) !== null) return;
  const own = place.within.at(-1)?.resources.map((r) => r.name) ?? [];
  const known = [
    ...place.world.types.keys(),
    ...own,
    ...interfacesAt(place).flatMap(({ pack, types }) =>
      [...types.keys()].map((t) => (name.path.length === 1 ? t : `${pack}.${t}`)),
    ),
    "bool",
    "char",
    "string",
    "u32",
    "u64",
    "f64",
  ];
  fault(name.pos, `there is no type \`${text}\` here`, didYouMean(text, known));
}

function bodyTypes(body: TypeBody): readonly TypeExpr[] {
  if (body.tag === "record") return body.fields.map((f) => f.t);
  if (body.tag === "variant") return body.cases.flatMap((c) => (c.t === null ? [] : [c.t]));
  return body.tag === "alias" ? [body.t] : [];
}

/** The declaration that `t` names, if it names one. */
function declared(world: World, t: TypeExpr): TypeDecl | undefined {
  const [only = ""] = t.tag === "named" && t.name.path.length === 1 ? t.name.path : [];
  return world.types.get(only);
}

/** The types directly inside `t`. */
function parts(t: TypeExpr): readonly TypeExpr[] {
  switch (t.tag) {
    case "tuple":
      return t.ts;
    case "map":
      return [t.k, t.v];
    case "result":
      return [t.ok, t.error].filter((x) => x !== null);
    case "list":
    case "option":
      return [t.t];
    case "stream":
    case "future":
      return t.t === null ? [] : [t.t];
    default:
      return [];
  }
}

/** Whether a borrowed handle is somewhere inside `t`. Declarations have no cycles. */
function borrows(world: World, t: TypeExpr, seen: Set<TypeDecl> = new Set()): boolean {
  if (t.tag === "borrow") return true;
  const decl = declared(world, t);
  if (decl !== undefined && seen.has(decl)) return false;
  if (decl !== undefined) seen.add(decl);
  const within = decl === undefined ? parts(t) : bodyTypes(decl.body);
  return within.some((part) => borrows(world, part, seen));
}

/** `t` itself, or what it is another name for. */
function meaning(world: World, t: TypeExpr): TypeExpr {
  let found = t;
  for (let hops = 0; hops <= world.types.size; hops++) {
    const body = declared(world, found)?.body;
    if (body?.tag !== "alias") return found;
    found = body.t;
  }
  return found;
}

const keys: ReadonlySet<string> = new Set(
  "bool s8 u8 s16 u16 s32 u32 s64 u64 char string".split(" "),
);

function checkPayload(world: World, t: TypeExpr, what: "stream" | "future"): void {
  const payload = meaning(world, t);
  if (what === "stream" && payload.tag === "prim" && payload.name === "char") {
    fault(t.pos, "stream<char> is not a type", "send strings, or stream<u8> with text in it");
  }
  if (borrows(world, t)) {
    fault(t.pos, `a ${what} cannot carry borrowed handles`, "send own<..> instead");
  }
}

function checkEnd(
  world: World,
  { tag, t, end, pos }: TypeExpr & { tag: "stream" | "future" },
): void {
  if (end !== undefined && !is2022(world.scenario)) {
    fault(pos, `a ${tag} has no end value`, "stream<T, U> needs `design proposal-2022`");
  }
  if (t !== null) checkPayload(world, t, tag);
}

/** Stops when `t` is not a type at `place`. */
export function checkType(place: Place, t: TypeExpr): void {
  const { world } = place;
  if (t.tag === "named") namedMustExist(place, t.name);
  if (t.tag === "own" || t.tag === "borrow") resourceMustExist(place, t.resource);
  if (t.tag === "list" && t.length === 0) {
    fault(t.pos, "a list of fixed length has at least one element", "leave the length out");
  }
  if (t.tag === "stream" || t.tag === "future") checkEnd(world, t);
  if (t.tag === "map") {
    const key = meaning(world, t.k);
    if (key.tag !== "prim" || !keys.has(key.name)) {
      fault(t.k.pos, "this cannot be the key of a map", `a key is one of ${[...keys].join(", ")}`);
    }
  }
  for (const part of parts(t)) checkType(place, part);
}

/** The payload `<T>` of a built-in of the family `stream`, `future` or `task`. */
export function checkArgument(place: Place, t: TypeExpr, family: string): void {
  if (t.tag === "none") return;
  checkType(place, t);
  if (family === "stream" || family === "future") checkPayload(place.world, t, family);
  else if (family === "task") checkResult(place.world, t);
}

/** The `<r>` of `resource.*`; only its own component makes one or looks inside. */
export function checkResourceArgument(place: Place, t: TypeExpr, own: boolean): void {
  if (t.tag !== "named") return;
  resourceMustExist(place, t.name);
  const mine = place.within.at(-1)?.resources.some((r) => r.name === t.name.path.join("."));
  if (own && mine !== true) {
    fault(
      t.pos,
      `${t.name.path.join(".")} is a resource of another component`,
      "use one of its own",
    );
  }
}

function checkResult(world: World, t: TypeExpr): void {
  if (borrows(world, t)) {
    fault(t.pos, "a result cannot hold borrowed handles", "give back own<..> instead");
  }
}

export function checkSignature(place: Place, { params, result }: Signature, pos: Pos): void {
  unique(
    params,
    (p) => p.name,
    () => pos,
    "the parameter",
  );
  for (const p of params) checkType(place, p.t);
  if (result === null) return;
  checkType(place, result);
  checkResult(place.world, result);
}

function labelsOf(body: TypeBody): readonly string[] | null {
  switch (body.tag) {
    case "record":
      return body.fields.map((f) => f.label);
    case "variant":
      return body.cases.map((c) => c.label);
    case "alias":
      return null;
    default:
      return body.labels;
  }
}

function checkDecl(place: Place, { name, body, pos }: TypeDecl): void {
  const labels = labelsOf(body);
  if (labels?.length === 0) {
    fault(pos, `\`${name}\` is an empty ${body.tag}`, "it has at least one label");
  }
  if (body.tag === "flags" && body.labels.length > 32) {
    fault(pos, `\`${name}\` has ${body.labels.length} flags`, "there can be at most 32");
  }
  unique(
    labels ?? [],
    (label) => label,
    () => pos,
    "the label",
  );
  for (const t of bodyTypes(body)) checkType(place, t);
}

/** The declarations that `t` mentions. */
function mentions(world: World, t: TypeExpr): readonly TypeDecl[] {
  const decl = declared(world, t);
  return decl === undefined ? parts(t).flatMap((part) => mentions(world, part)) : [decl];
}

function checkCycles(world: World): void {
  const done = new Set<TypeDecl>();
  const open = new Set<TypeDecl>();
  const visit = (decl: TypeDecl): void => {
    if (open.has(decl))
      fault(decl.pos, `the type \`${decl.name}\` contains itself`, "WIT types are finite");
    if (done.has(decl)) return;
    open.add(decl);
    for (const t of bodyTypes(decl.body)) for (const d of mentions(world, t)) visit(d);
    open.delete(decl);
    done.add(decl);
  };
  for (const decl of world.scenario.types) visit(decl);
}

/** The `type` lines of a scenario. */
export function checkTypes(place: Place): void {
  const { types } = place.world.scenario;
  unique(
    types,
    (t) => t.name,
    (t) => t.pos,
    "the type",
  );
  checkCycles(place.world);
  for (const decl of types) checkDecl(place, decl);
}
