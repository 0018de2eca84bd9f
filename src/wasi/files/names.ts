// Names come and go: what adds an inode to a directory, takes it away and lets it go. Mirrors spec/09 and wasi:filesystem/types.

import { freshId, type Host } from "../host.ts";
import type { Inode, World, WorldId } from "../world.ts";
import { forgetInode } from "./close.ts";
import { fail, failIf } from "./failure.ts";
import { inodeOf } from "./opened.ts";
import type { Place } from "./paths.ts";

/** A place where nothing is yet and something may be; a directory may be asked for by a slash. */
export function vacant(
  world: World,
  { directory, name, inode, slash }: Place,
  type: string,
): string {
  failIf(inode !== null, "exist");
  failIf(slash && type !== "directory", "no-entry");
  failIf(inodeOf(world, directory).links === 0, "no-entry");
  return name ?? fail("exist");
}

/** Puts an inode under a name that is free. */
export function addName(world: World, directory: WorldId, name: string, id: WorldId): void {
  const into = inodeOf(world, directory);
  into.entries = { ...into.entries, [name]: id };
  inodeOf(world, id).links += 1;
}

/** Takes a name away; an inode that has no other and that nobody has open is gone. */
export function removeName(world: World, directory: WorldId, name: string): void {
  const from = inodeOf(world, directory);
  const id = from.entries[name];
  const rest = Object.entries(from.entries).filter(([other]) => other !== name);
  from.entries = Object.fromEntries(rest);
  if (id === undefined) return;
  inodeOf(world, id).links -= 1;
  forgetInode(world, id);
}

/** A new inode at a vacant place. */
export function create(
  h: Host,
  place: Place,
  what: Pick<Inode, "type"> & Partial<Pick<Inode, "target">>,
): WorldId {
  const { world } = h;
  const name = vacant(world, place, what.type);
  const { now } = world;
  const id = freshId(h);
  const times = { access: now, modified: now, changed: now };
  world.inodes[id] = { target: "", ...what, data: new Uint8Array(), entries: {}, links: 0, times };
  addName(world, place.directory, name, id);
  return id;
}
