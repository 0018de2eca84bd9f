// The world before the first step: an empty disk with one preopened root, and what a scenario puts there. Mirrors spec/09.

import type { Settings } from "./choice-points.ts";
import { settingOf } from "./choice-points.ts";
import { inodeAt } from "./files/from-root.ts";
import type { Inode, InodeType, World, WorldId } from "./world.ts";

/** The world that a scenario describes cannot be: says why. */
export class WorldError extends Error {}

const noBytes: Uint8Array = new Uint8Array();

function newInode(type: InodeType): Inode {
  const times = { access: 0n, modified: 0n, changed: 0n };
  return { type, data: noBytes, entries: {}, target: "", links: 0, times };
}

/** An empty disk, nothing on stdin, no socket. */
export function newWorld(settings: Settings): World {
  const faults = Number(settingOf(settings, "faults"));
  return {
    settings,
    now: 0n,
    next: 2,
    inodes: { 1: { ...newInode("directory"), links: 1 } },
    root: 1,
    files: {},
    tcps: {},
    conns: {},
    udps: {},
    handles: {},
    preopens: [],
    operations: {},
    calls: {},
    locks: {},
    args: [],
    env: [],
    randomTaken: 0,
    stdin: { data: [], closed: false, error: null },
    stdout: { data: [], broken: null },
    stderr: { data: [], broken: null },
    quota: null,
    denied: [],
    faults: Number.isNaN(faults) ? 0 : faults,
  };
}

function add(world: World, inode: Inode): WorldId {
  const id = world.next;
  world.next += 1;
  world.inodes[id] = inode;
  return id;
}

/** The inode that a path names; throws `WorldError`. */
function find(world: World, path: string): WorldId {
  const inode = inodeAt(world, path);
  if (inode === null) throw new WorldError(`there is no "${path}"`);
  return inode;
}

/** Puts an inode under a new name. */
function put(world: World, path: string, inode: WorldId): void {
  const parts = path.split("/");
  const name = parts.pop() ?? "";
  const directory = world.inodes[find(world, parts.join("/"))];
  if (directory?.type !== "directory") throw new WorldError(`"${parts.join("/")}" is no directory`);
  if (name === "" || Object.hasOwn(directory.entries, name)) {
    throw new WorldError(name === "" ? "a path ends in a name" : `there is a "${path}" already`);
  }
  directory.entries = { ...directory.entries, [name]: inode };
  const linked = world.inodes[inode];
  if (linked !== undefined) linked.links += 1;
}

/** A file with these bytes. Throws `WorldError` if the path is taken or its directory is missing. */
export function addFile(world: World, path: string, data: Uint8Array): void {
  put(world, path, add(world, { ...newInode("regular-file"), data }));
}

/** An empty directory. Throws as `addFile` does. */
export function addDirectory(world: World, path: string): void {
  put(world, path, add(world, newInode("directory")));
}

/** A symbolic link with this text. Throws as `addFile` does. */
export function addSymlink(world: World, path: string, target: string): void {
  put(world, path, add(world, { ...newInode("symbolic-link"), target }));
}

/** A second name for a file. Throws as `addFile` does, or if there is no such file. */
export function addHardLink(world: World, path: string, existing: string): void {
  put(world, path, find(world, existing));
}

/** A directory that guests get from `preopens.get-directories`. Throws if there is none at `path`. */
export function addPreopen(world: World, name: string, path: string, readOnly: boolean): void {
  const inode = find(world, path);
  if (world.inodes[inode]?.type !== "directory") throw new WorldError(`"${path}" is no directory`);
  const file = world.next;
  world.next += 1;
  const flags = readOnly ? (["read"] as const) : (["read", "mutate-directory"] as const);
  world.files[file] = { inode, flags, readOnly, name };
  world.preopens = [...world.preopens, { name, file }];
}
