// Why an object is still open, in words: one reason for each of its holders. Mirrors spec/09.

import type { Ctx } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import type { HandleId, InstanceId, WaitableId } from "../model/ids.ts";
import type { End } from "../model/store.ts";
import { settingOf } from "./choice-points.ts";
import type { GivenEnd } from "./ends.ts";
import type { Host } from "./host.ts";
import {
  endName,
  type Home,
  holderOfEnd,
  homeOf,
  isCalled,
  type OpenObject,
  objectsIn,
  operationName,
  pathsOf,
} from "./object-names.ts";
import { type Holder, holdersOf } from "./pins.ts";
import type { Operation, World, WorldId } from "./world.ts";

/** A holder of an object. */
export interface Reason {
  /** `handle 2 of C`: unique among the reasons of an object */
  readonly short: string;
  /** `component C holds the descriptor handle 2` */
  readonly why: string;
}

/** An object with what keeps it open; without reasons the host has yet to release it. */
export interface Alive {
  readonly object: OpenObject;
  readonly reasons: readonly Reason[];
}

interface Place {
  readonly instance: InstanceId;
  readonly index: number;
  readonly handle: HandleId;
}

/** Where the own handle of a representation is; null while it is between two tables. */
function placeOf(c: Ctx, home: Home, rep: WorldId): Place | null {
  for (const instance of c.edit.instance.ids()) {
    const { array } = c.edit.instance.read(instance).handles;
    for (const [index, entry] of array.entries()) {
      if (entry?.tag !== "resource") continue;
      const { own, rt, rep: of } = c.edit.handle.read(entry.handle);
      const isOurs = c.program.resourceTypes[rt]?.impl === home.instance;
      if (own && isOurs && of === rep) return { instance, index, handle: entry.handle };
    }
  }
  return null;
}

/** `descriptor` */
function resourceName(c: Ctx, handle: HandleId): string {
  const { name = "resource" } = c.program.resourceTypes[c.edit.handle.read(handle).rt] ?? {};
  return name.slice(name.lastIndexOf(".") + 1);
}

/** The functions whose calls a handle is lent to. */
function borrowers(c: Ctx, handle: HandleId): readonly string[] {
  return c.edit.waitable.ids().flatMap((id) => {
    const w = c.edit.waitable.read(id);
    if (w.tag !== "subtask" || w.lenders?.includes(handle) !== true) return [];
    return [c.program.funcs[w.func]?.name ?? `function ${w.func}`];
  });
}

function whyHandle(c: Ctx, home: Home, rep: WorldId): Reason {
  const place = placeOf(c, home, rep);
  if (place === null) {
    return { short: "handle in flight", why: "a handle of it is in flight, or being dropped" };
  }
  const { instance, index, handle } = place;
  const owner = instanceName(c, instance);
  const calls = borrowers(c, handle);
  const lent = calls.length === 0 ? "" : `, which is lent to ${calls.join(" and ")}`;
  const why = `component ${owner} holds the ${resourceName(c, handle)} handle ${index}${lent}`;
  return { short: `handle ${index} of ${owner}`, why };
}

/** `component C holds the readable end C/r5 of its stream`; `of` is what it is an end of. */
function whoHolds(c: Ctx, { world }: Home, waitable: WaitableId, of: string): string {
  const end = endOf(c, waitable);
  const side = end.kind.startsWith("readable") ? "readable" : "writable";
  const operation = holderOfEnd(world, waitable);
  if (operation !== null) {
    return `operation ${operationName(world, operation)} has the ${side} end of ${of}`;
  }
  if (end.owner !== null) {
    const owner = instanceName(c, end.owner);
    return `component ${owner} holds the ${side} end ${endName(c, waitable)} of ${of}`;
  }
  return end.known
    ? `the host holds the ${side} end of ${of}`
    : `the ${side} end of ${of} is in flight`;
}

function endOf(c: Ctx, waitable: WaitableId): Readonly<End> {
  const end = c.edit.waitable.read(waitable);
  if (end.tag !== "end") throw new Error("an operation has ends, no subtasks");
  return end;
}

/** What has to happen for an operation to end: who has the other end of its stream. */
function otherSide(c: Ctx, home: Home, { stream }: Operation): string {
  const other = stream === null ? null : endOf(c, stream.waitable).other;
  if (other === null) return "its stream is over, but it has yet to end";
  return whoHolds(c, home, other, "its stream");
}

function whyOperation(c: Ctx, home: Home, id: WorldId): Reason {
  const name = operationName(home.world, id);
  const op = home.world.operations[id];
  const more = op === undefined ? "" : `; ${otherSide(c, home, op)}`;
  return { short: name, why: `operation ${name} runs${more}` };
}

/** A stream or future that has nothing more to give keeps its object open all the same. */
function exhausted(end: Readonly<End>, part: GivenEnd["part"], op: Operation | undefined): string {
  if (op?.status !== "done") return "";
  if (part === "stream") return ", although the operation is over";
  return end.state === "done" ? ", although it was read" : ", although the operation is over";
}

function whyValue(c: Ctx, home: Home, { waitable, operation, part }: GivenEnd): Reason {
  const { world } = home;
  const of = `${operationName(world, operation)}'s ${part}`;
  const late = exhausted(endOf(c, waitable), part, world.operations[operation]);
  const why = `${whoHolds(c, home, waitable, of)}${late}`;
  return { short: `${endName(c, waitable)} of ${of}`, why };
}

function whyHeld(c: Ctx, home: Home, holder: Holder): Reason {
  switch (holder.tag) {
    case "handle":
      return whyHandle(c, home, holder.rep);
    case "preopen":
      return { short: `preopen "${holder.name}"`, why: `it is preopened as "${holder.name}"` };
    case "operation":
      return whyOperation(c, home, holder.operation);
    case "call": {
      const { name = "a function" } = home.world.calls[holder.call] ?? {};
      return { short: `call of ${name}`, why: `a call of ${name} is not over` };
    }
    case "value":
      return whyValue(c, home, holder);
  }
}

/** Before its first step a host has not decided what holds objects: then no values are there. */
function hostOf(c: Ctx, { instance, world }: Home): Host {
  const { settings } = world;
  if (settingOf(settings, "pin") !== "any") return { c, instance, world };
  return { c, instance, world: { ...world, settings: { ...settings, pin: "value" } } };
}

/** An inode is held by its names and by the open file descriptions on it. */
function whyInode(world: World, inode: WorldId, all: readonly OpenObject[]): readonly Reason[] {
  const names = pathsOf(world).get(inode) ?? [];
  const opened = all.filter(({ kind, id }) => kind === "file" && world.files[id]?.inode === inode);
  return [
    ...names.map((path): Reason => {
      if (path === "/") return { short: "root", why: "it is the root directory" };
      return { short: `name ${path}`, why: `it is called ${path}` };
    }),
    ...opened.map(({ name }): Reason => ({ short: name, why: `${name} is open on it` })),
  ];
}

function reasonsOf(
  c: Ctx,
  home: Home,
  { kind, id }: OpenObject,
  all: readonly OpenObject[],
): readonly Reason[] {
  if (kind === "inode") return whyInode(home.world, id, all);
  return holdersOf(hostOf(c, home), { kind, id }).map((holder) => whyHeld(c, home, holder));
}

/** Tells apart reasons that read the same, such as two calls of one function. */
function apart(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.map(({ short, why }, i) => {
    const before = reasons.slice(0, i).filter((other) => other.short === short).length;
    return before === 0 ? { short, why } : { short: `${short} (${before + 1})`, why };
  });
}

/** The objects that `meant` picks, with their holders. */
export function aliveIn(c: Ctx, meant: (object: OpenObject) => boolean): readonly Alive[] {
  const home = homeOf(c);
  if (home === null) return [];
  const all = objectsIn(home.world);
  return all.filter(meant).map((object) => {
    return { object, reasons: apart(reasonsOf(c, home, object, all)) };
  });
}

/** Every object of a store's host that is open, and its inodes; none for a host without WASI. */
export function openIn(c: Ctx): readonly OpenObject[] {
  const home = homeOf(c);
  return home === null ? [] : objectsIn(home.world);
}

/** One sentence for each reason. */
export function aliveSentences({ object, reasons }: Alive): readonly string[] {
  const { name, kind, state } = object;
  const called = kind === "file" || kind === "inode" ? name : `${name} (${state})`;
  const is = kind === "inode" ? "is there" : "is open";
  if (reasons.length === 0)
    return [`${called} ${is}, but nobody holds it: the host has yet to release it`];
  return reasons.map(({ why }) => `${called} ${is} because ${why}`);
}

/** The open objects that a name stands for: `a` is any file or socket of that name. */
export function aliveNamed(c: Ctx, name: string): readonly Alive[] {
  return aliveIn(c, (object) => isCalled(object, name));
}
