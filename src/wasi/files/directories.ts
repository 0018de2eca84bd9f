// Changes of directories: making, linking, renaming and removing what has a name. Mirrors spec/09 and wasi:filesystem/types.

import { stringValue } from "../../canon/values/strings.ts";
import type { Value } from "../../model/values.ts";
import { type Host, oneOf, settled } from "../host.ts";
import type { World, WorldId } from "../world.ts";
import { flagsOf, textOf } from "./arguments.ts";
import { fail, failIf } from "./failure.ts";
import { addName, create, removeName, vacant } from "./names.ts";
import { baseOf, inodeOf, isOpen, mutableBase } from "./opened.ts";
import { existing, type Place, resolve } from "./paths.ts";

type Args = readonly Value[];

/** The place of a path whose last link is not followed, in a directory that may be changed. */
function placeIn(h: Host, base: Value | undefined, path: Value | undefined): Place {
  return resolve(h.world, mutableBase(h, base).file.inode, textOf(path), false);
}

export function createDirectoryAt(h: Host, [self, path]: Args): void {
  create(h, placeIn(h, self, path), { type: "directory" });
}

export function symlinkAt(h: Host, [self, oldPath, newPath]: Args): void {
  const target = textOf(oldPath);
  failIf(target.startsWith("/"), "not-permitted");
  failIf(target === "", "no-entry");
  failIf(target.includes("\0"), "invalid");
  create(h, placeIn(h, self, newPath), { type: "symbolic-link", target });
}

export function readlinkAt(h: Host, [self, path]: Args): Value {
  const { file } = baseOf(h, self);
  const link = inodeOf(h.world, existing(resolve(h.world, file.inode, textOf(path), false)));
  failIf(link.type !== "symbolic-link", "invalid");
  failIf(link.target.startsWith("/"), "not-permitted");
  return stringValue(link.target);
}

/** Whether a second name for what a link leads to can be made differs from host to host. */
export function linkAt(h: Host, [self, pathFlags, oldPath, newBase, newPath]: Args): void {
  const { world } = h;
  const follow = flagsOf(pathFlags).has("symlink-follow");
  const refused = follow ? oneOf(h, [null, "invalid"]) : null;
  if (refused !== null) fail(refused);
  const from = mutableBase(h, self).file.inode;
  const to = placeIn(h, newBase, newPath);
  const source = existing(resolve(world, from, textOf(oldPath), follow));
  const { type } = inodeOf(world, source);
  failIf(type === "directory", oneOf(h, ["not-permitted", "access"]));
  addName(world, to.directory, vacant(world, to, type), source);
}

/** On a host like Windows a file that is open keeps its name. */
function failIfHeld(h: Host, inode: WorldId): void {
  const held = settled(h, "unlink") === "windows" && isOpen(h.world, inode);
  if (held) fail(oneOf(h, ["busy", "access"]));
}

export function unlinkFileAt(h: Host, [self, path]: Args): void {
  const place = placeIn(h, self, path);
  const inode = existing(place);
  const directory = inodeOf(h.world, inode).type === "directory";
  if (directory) fail(oneOf(h, ["not-permitted", "is-directory", "access"]));
  failIfHeld(h, inode);
  removeName(h.world, place.directory, place.name ?? "");
}

export function removeDirectoryAt(h: Host, [self, path]: Args): void {
  const { directory, name, inode } = placeIn(h, self, path);
  if (name === null) fail(oneOf(h, ["invalid", "access"]));
  removeEmpty(h, inode ?? fail("no-entry"));
  removeName(h.world, directory, name);
}

/** Fails unless this is an empty directory that may go. */
function removeEmpty(h: Host, id: WorldId): void {
  const { type, entries } = inodeOf(h.world, id);
  failIf(type !== "directory", "not-directory");
  failIf(Object.keys(entries).length > 0, "not-empty");
  failIfHeld(h, id);
}

/** Whether a directory lies within another, or is the same. */
function isWithin(world: World, id: WorldId, top: WorldId): boolean {
  if (id === top) return true;
  return Object.values(inodeOf(world, top).entries).some((child) => isWithin(world, id, child));
}

export function renameAt(h: Host, [self, oldPath, newBase, newPath]: Args): void {
  const { world } = h;
  const from = placeIn(h, self, oldPath);
  const to = placeIn(h, newBase, newPath);
  const source = existing(from);
  if (from.name === null || to.name === null) fail(oneOf(h, ["busy", "invalid", "access"]));
  if (to.inode === source) return;
  if (to.inode === null) makeWay(h, to, source);
  else displace(h, to.inode, source);
  failIf(isWithin(world, to.directory, source), "invalid");
  failIfHeld(h, source);
  if (to.inode !== null) removeName(world, to.directory, to.name);
  addName(world, to.directory, to.name, source);
  removeName(world, from.directory, from.name);
}

/** Fails unless a new name can be made there. */
function makeWay({ world }: Host, { directory, slash }: Place, source: WorldId): void {
  failIf(slash && inodeOf(world, source).type !== "directory", "not-directory");
  failIf(inodeOf(world, directory).links === 0, "no-entry");
}

/** Fails unless what has the new name now may lose it to `source`. */
function displace(h: Host, target: WorldId, source: WorldId): void {
  if (inodeOf(h.world, source).type === "directory") {
    removeEmpty(h, target);
    return;
  }
  failIf(inodeOf(h.world, target).type === "directory", "is-directory");
  failIfHeld(h, target);
}
