// What a step did to the objects of a WASI host: which were released, and whose holders changed.

import type { Ctx } from "../canon/machine.ts";
import { type Alive, aliveIn } from "../wasi/alive.ts";
import {
  type Home,
  homeOf,
  isCalled,
  type OpenObject,
  objectsIn,
  withNumber,
} from "../wasi/object-names.ts";

export type AliveDeed =
  /** `effect`: what becomes free with it, such as `port free`; empty if nothing does */
  | { readonly tag: "release"; readonly object: OpenObject; readonly effect: string }
  | {
      readonly tag: "holders";
      readonly object: string;
      readonly added: readonly string[];
      readonly gone: readonly string[];
      /** those that hold it now; null once it is released */
      readonly held: readonly string[] | null;
    };

/** What a trace follows: the objects of a name, and what those are called that once had it. */
export interface Followed {
  readonly name: string;
  /** names by kind and number; one that needed its number keeps it */
  readonly seen: Map<string, string>;
}

const keyOf = ({ kind, id }: OpenObject): string => `${kind} ${id}`;

function lockEffect({ world }: Home, id: number): string {
  const locked = Object.values(world.locks).some((locks) => locks.some(({ file }) => file === id));
  return locked ? "its lock is gone" : "";
}

function portEffect(was: Home, is: Home, kind: "tcp" | "udp", id: number): string {
  const sockets = kind === "tcp" ? "tcps" : "udps";
  const local = was.world[sockets][id]?.local ?? null;
  if (local === null) return "";
  const shared = Object.values(is.world[sockets]).some(
    (other) => other.local?.family === local.family && other.local.port === local.port,
  );
  return shared ? "" : "port free";
}

function effectOf(was: Home, is: Home, { kind, id }: OpenObject): string {
  if (kind === "inode") return "";
  return kind === "file" ? lockEffect(was, id) : portEffect(was, is, kind, id);
}

/** The objects that are gone after a step. */
export function releases(before: Ctx, after: Ctx): readonly AliveDeed[] {
  const [was, is] = [homeOf(before), homeOf(after)];
  if (was === null || is === null || was.world === is.world) return [];
  const left = new Set(objectsIn(is.world).map(keyOf));
  const gone = objectsIn(was.world).filter((object) => !left.has(keyOf(object)));
  return gone.map((object): AliveDeed => {
    return { tag: "release", object, effect: effectOf(was, is, object) };
  });
}

function shorts(alive: Alive | undefined): readonly string[] {
  return alive?.reasons.map(({ short }) => short) ?? [];
}

function change(name: string, was: Alive | undefined, is: Alive | undefined): readonly AliveDeed[] {
  const [old, held] = [shorts(was), shorts(is)];
  const added = held.filter((one) => !old.includes(one));
  const gone = old.filter((one) => !held.includes(one));
  if (added.length + gone.length === 0) return [];
  const isOver = was !== undefined && is === undefined;
  return [{ tag: "holders", object: name, added, gone, held: isOver ? null : held }];
}

/** Remembers an object of the name that is followed; whether it is, or was, one. */
function see({ name, seen }: Followed, object: OpenObject): boolean {
  const key = keyOf(object);
  const before = seen.get(key);
  if (before === undefined && !isCalled(object, name)) return false;
  const hasNumber = [before, object.name].includes(withNumber(object));
  seen.set(key, hasNumber ? withNumber(object) : object.name);
  return true;
}

/** How a step changed who holds an object that is followed; with its name it gets all its holders. */
export function holderChanges(before: Ctx, after: Ctx, followed: Followed): readonly AliveDeed[] {
  const byKey = (c: Ctx): ReadonlyMap<string, Alive> =>
    new Map(aliveIn(c, (o) => see(followed, o)).map((one) => [keyOf(one.object), one]));
  const was = byKey(before);
  const is = byKey(after);
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((key) =>
    change(followed.seen.get(key) ?? "", was.get(key), is.get(key)),
  );
}

function holdersText({ object, added, gone, held }: AliveDeed & { tag: "holders" }): string {
  const moves = [...added.map((one) => `+${one}`), ...gone.map((one) => `-${one}`)].join(", ");
  if (held === null) return `${object}: ${moves}`;
  const because = held.length === 0 ? "held by nobody" : `open because of ${held.join(", ")}`;
  return `${object}: ${moves}; ${because}`;
}

/** `released tcp 127.0.0.1:80: port free`, `file a: +handle 2 of C; open because of handle 2 of C` */
export function aliveDeedText(deed: AliveDeed): string {
  if (deed.tag === "holders") return holdersText(deed);
  const { object, effect } = deed;
  return `released ${object.name}${effect === "" ? "" : `: ${effect}`}`;
}
