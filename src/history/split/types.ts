// Types of the split world: a stream of bytes is one of WASI 0.2, a future is a pair of resources.

import type { FuncExpr, InterfaceItem, Member, Pos, TypeDecl, TypeExpr } from "../../wit/ast.ts";
import { fault } from "../../wit/errors.ts";
import { shapeOf } from "../../wit/strip.ts";
import { pairGates } from "./gates.ts";
import { halves, typeHere } from "./halves.ts";
import { pairNames, resultName, startName } from "./names.ts";
import { localName, nameHere, nowhere, type Place, placeId, type Scope } from "./scope.ts";

type Slot = TypeExpr | null;

/** A resource by its bare name, as the payload of a future, is owned. */
function namedPart(scope: Scope, name: string): string {
  return scope.types.get(name)?.tag === "value" ? name : `own-${name}`;
}

function primPart(scope: Scope, name: string): string {
  return scope.job.quirks.has("float-names") ? name.replace(/^f(?=\d)/, "float") : name;
}

/** How the names of the resources of a future call its payload, which is a mapped type. */
function payloadName(scope: Scope, t: Slot): string {
  const join = (...parts: readonly (Slot | string)[]): string =>
    parts.map((part) => (typeof part === "string" ? part : payloadName(scope, part))).join("-");
  if (t === null) return "unit";
  switch (t.tag) {
    case "prim":
      return primPart(scope, t.name);
    case "named":
      return namedPart(scope, t.name);
    case "own":
    case "borrow":
      return `${t.tag}-${t.resource.name}`;
    case "list":
      return join("list", t.t, ...(t.length === null ? [] : [String(t.length)]));
    case "tuple":
      return join("tuple", ...t.ts);
    case "result":
      return join("result", t.ok, t.error);
    case "map":
      return join("map", t.k, t.v);
    case "option":
    case "stream":
    case "future":
      return join(t.tag, t.t);
  }
}

function sendFunc(sender: string, payload: Slot): FuncExpr {
  const value = payload === null ? [] : [{ name: nameHere("result"), t: payload }];
  const params = [{ name: nameHere("sender"), t: typeHere(sender) }, ...value];
  return { async: false, params, result: null };
}

/** What comes is nothing when the sender was dropped. */
function receiveFunc(receiver: string, payload: Slot): FuncExpr {
  const params = [{ name: nameHere("receiver"), t: typeHere(receiver) }];
  const result: Slot = payload === null ? null : { tag: "option", t: payload, pos: nowhere };
  return { async: false, params, result };
}

function pairItems(scope: Scope, payload: Slot, name: string, pos: Pos): readonly InterfaceItem[] {
  const { sender, receiver, pipe } = pairNames(name);
  const head = { docs: null, gates: pairGates(scope, payload), externalId: null };
  const method = (called: string, func: FuncExpr): Member => ({
    ...head,
    tag: "static",
    name: nameHere(called),
    func,
  });
  const { start, result } = halves(scope, receiveFunc(receiver, payload));
  const ends: TypeExpr = {
    tag: "tuple",
    ts: [typeHere(sender), typeHere(receiver)],
    pos: nowhere,
  };
  const resource = { ...head, tag: "resource" } as const;
  const send = method("send", sendFunc(sender, payload));
  const receive = [method(startName("receive"), start), method(resultName("receive"), result)];
  return [
    { ...resource, name: { name: sender, pos }, members: [send] },
    { ...resource, name: { name: receiver, pos }, members: receive },
    {
      ...head,
      tag: "func",
      name: { name: pipe, pos },
      func: { async: false, params: [], result: ends },
    },
  ];
}

/** Where the resources of this future are already, if another interface may lend them. */
function sharedPlace(scope: Scope, payload: Slot, receiver: string): Place | null {
  const { job, owner, unit } = scope;
  const shares = job.quirks.has("share-payloads") && (payload === null || payload.tag === "prim");
  if (!shares || owner.interface === null) return null;
  const first = job.shared.get(receiver);
  if (first !== undefined) return first;
  job.shared.set(receiver, { package: unit.package, name: owner.interface });
  return null;
}

/** The receiver that stands for a future; its resources are made at the first use in an interface. */
function receiverOf(scope: Scope, payload: Slot, pos: Pos): string {
  const name = payloadName(scope, payload);
  const { receiver } = pairNames(name);
  const place = sharedPlace(scope, payload, receiver);
  if (place !== null && placeId(place) !== scope.id) return localName(scope, place, receiver);
  if (scope.types.get(receiver)?.tag === "resource") return receiver;
  const shape = shapeOf(payload);
  const pair = scope.pairs.get(name);
  if (pair === undefined) {
    scope.pairs.set(name, { payload: shape, items: pairItems(scope, payload, name, pos) });
  } else if (pair.payload !== shape) {
    const message = `another future has the name \`${receiver}\` already`;
    fault(pos, message, "give one of the payloads a name by `type`");
  }
  return receiver;
}

function mapFuture(scope: Scope, payload: Slot, pos: Pos): TypeExpr {
  if (scope.inWorld) {
    const message = "a world has no place for the resources of a future";
    fault(pos, message, "move what uses it to an interface");
  }
  return typeHere(receiverOf(scope, mapSlot(scope, payload), pos));
}

function isByte(scope: Scope, t: Slot): boolean {
  if (t?.tag === "prim") return t.name === "u8";
  const known = t?.tag === "named" ? scope.types.get(t.name) : undefined;
  return known?.tag === "value" && known.t.tag === "u8";
}

function mapStream(scope: Scope, payload: Slot, pos: Pos): TypeExpr {
  if (!isByte(scope, payload)) {
    fault(pos, "only a `stream<u8>` can be split", "isyswasfa has no streams of anything else");
  }
  const { streams } = scope.job;
  if (streams !== null) return typeHere(localName(scope, streams, "input-stream"));
  const hint = "the world has to import an interface `wasi:io/streams`";
  return fault(pos, "a stream needs `wasi:io/streams`, which is not imported", hint);
}

function mapSlot(scope: Scope, t: Slot): Slot {
  return t === null ? null : mapType(scope, t);
}

/** A type in the split world. `own<r>` is written `r`: it is the same, and so are its futures. */
function mapType(scope: Scope, t: TypeExpr): TypeExpr {
  switch (t.tag) {
    case "list":
    case "option":
      return { ...t, t: mapType(scope, t.t) };
    case "tuple":
      return { ...t, ts: t.ts.map((part) => mapType(scope, part)) };
    case "result":
      return { ...t, ok: mapSlot(scope, t.ok), error: mapSlot(scope, t.error) };
    case "map":
      return { ...t, k: mapType(scope, t.k), v: mapType(scope, t.v) };
    case "stream":
      return mapStream(scope, t.t, t.pos);
    case "future":
      return mapFuture(scope, t.t, t.pos);
    case "own":
      return { tag: "named", name: t.resource.name, pos: t.pos };
    case "prim":
    case "borrow":
    case "named":
      return t;
  }
}

/** A signature in the split world, still of a whole function. */
export function mapFunc<F extends Pick<FuncExpr, "params" | "result">>(scope: Scope, func: F): F {
  const params = func.params.map((param) => ({ ...param, t: mapType(scope, param.t) }));
  return { ...func, params, result: mapSlot(scope, func.result) };
}

/** A declaration of a type in the split world, but for the functions of a resource. */
export function mapDecl(scope: Scope, decl: TypeDecl): TypeDecl {
  switch (decl.tag) {
    case "alias":
      return { ...decl, t: mapType(scope, decl.t) };
    case "record":
      return { ...decl, fields: decl.fields.map((one) => ({ ...one, t: mapType(scope, one.t) })) };
    case "variant":
      return { ...decl, cases: decl.cases.map((one) => ({ ...one, t: mapSlot(scope, one.t) })) };
    case "enum":
    case "flags":
    case "resource":
      return decl;
  }
}
