// Who keeps an object open: the holders as an explicit set, computed and never counted. Mirrors spec/09.

import { type GivenEnd, givenEnds } from "./ends.ts";
import { type Host, isVariant, settled } from "./host.ts";
import type { ObjectRef, World, WorldId } from "./world.ts";

/** One reason why an object is open. */
export type Holder =
  | { readonly tag: "handle"; readonly rep: WorldId }
  | { readonly tag: "preopen"; readonly name: string }
  | { readonly tag: "operation"; readonly operation: WorldId }
  | { readonly tag: "call"; readonly call: WorldId }
  | ({ readonly tag: "value" } & GivenEnd);

/** A holder and what it holds. */
export interface Pin {
  readonly object: ObjectRef;
  readonly holder: Holder;
}

/** Everything that keeps something open, in an order of no meaning. */
export function allPins(h: Host): readonly Pin[] {
  const { handles, preopens, operations, calls } = h.world;
  const pins: Pin[] = [];
  for (const [rep, object] of ids(handles)) pins.push({ object, holder: { tag: "handle", rep } });
  for (const { name, file } of preopens) {
    pins.push({ object: { kind: "file", id: file }, holder: { tag: "preopen", name } });
  }
  for (const [operation, { status, target }] of ids(operations)) {
    if (status !== "active" || target === null) continue;
    pins.push({ object: target, holder: { tag: "operation", operation } });
  }
  for (const [call, { objects }] of ids(calls)) {
    for (const object of objects) pins.push({ object, holder: { tag: "call", call } });
  }
  return valuesPin(h) ? [...pins, ...valuePins(h)] : pins;
}

/** The entries of a table of a world, with their numbers. */
export function ids<X>(record: Readonly<Record<WorldId, X>>): readonly (readonly [WorldId, X])[] {
  const found: [WorldId, X][] = [];
  for (const key in record) found.push([Number(key), record[key] as X]);
  return found;
}

function valuesPin(h: Host): boolean {
  return !isVariant(h, "V4", "V4-soft") && settled(h, "pin") === "value";
}

/** Where values pin (D-value-holds): every readable end that came from an operation on the object. */
function valuePins(h: Host): readonly Pin[] {
  return givenEnds(h).flatMap((end): Pin[] => {
    const object = h.world.operations[end.operation]?.target ?? null;
    return object === null ? [] : [{ object, holder: { tag: "value", ...end } }];
  });
}

/** Every object that is open. */
export function openObjects({ files, tcps, udps }: World): readonly ObjectRef[] {
  return [
    ...ids(files).map(([id]): ObjectRef => ({ kind: "file", id })),
    ...ids(tcps).map(([id]): ObjectRef => ({ kind: "tcp", id })),
    ...ids(udps).map(([id]): ObjectRef => ({ kind: "udp", id })),
  ];
}

/** The open objects that nobody holds; a number is that of one object, of whatever kind. */
export function unpinned(h: Host): readonly ObjectRef[] {
  const held = new Set<WorldId>();
  for (const { object } of allPins(h)) held.add(object.id);
  return openObjects(h.world).filter(({ id }) => !held.has(id));
}

/** Why an object is open. */
export function holdersOf(h: Host, { kind, id }: ObjectRef): readonly Holder[] {
  const pins = allPins(h).filter(({ object }) => object.kind === kind && object.id === id);
  return pins.map(({ holder }) => holder);
}
