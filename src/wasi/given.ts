// What a program is given by whoever runs it, as the world that it begins with. Mirrors spec/09 and spec/14.

import type { Settings } from "./choice-points.ts";
import { inodeAt } from "./files/from-root.ts";
import { addDirectory, addFile, addPreopen, addSymlink, newWorld } from "./first-world.ts";
import type { World } from "./world.ts";

/** Something in a folder: its path within it has no `.` or `..`, and its directory comes before it. */
export type FolderEntry =
  | { readonly tag: "file"; readonly path: string; readonly data: Uint8Array }
  | { readonly tag: "directory"; readonly path: string }
  | { readonly tag: "symlink"; readonly path: string; readonly target: string };

/** A folder that the program finds open under a name such as `/` or `/data`. */
export interface Folder {
  readonly name: string;
  readonly entries: readonly FolderEntry[];
}

export interface Given {
  /** the name of the program, then its arguments */
  readonly args: readonly string[];
  readonly env: readonly (readonly [string, string])[];
  /** all that comes on stdin, which then is closed; null: nothing comes, and it stays open */
  readonly stdin: Uint8Array | null;
  /** none: an empty disk is open as `/` */
  readonly folders: readonly Folder[];
}

export const nothingGiven: Given = { args: [], env: [], stdin: null, folders: [] };

/** Makes the directories of a path that are not there. */
function makePath(world: World, parts: readonly string[]): void {
  for (const [i] of parts.entries()) {
    const path = parts.slice(0, i + 1).join("/");
    if (inodeAt(world, path) === null) addDirectory(world, path);
  }
}

function addEntry(world: World, root: string, entry: FolderEntry): void {
  const path = root === "" ? entry.path : `${root}/${entry.path}`;
  if (entry.tag === "file") addFile(world, path, entry.data);
  else if (entry.tag === "symlink") addSymlink(world, path, entry.target);
  else makePath(world, path.split("/"));
}

/** A folder lies on the disk where its name says, and is open under that name. */
function addFolder(world: World, { name, entries }: Folder): void {
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  makePath(world, parts);
  const root = parts.join("/");
  for (const entry of entries) addEntry(world, root, entry);
  addPreopen(world, name, root, false);
}

/** The world that a program begins with. Throws `WorldError` where two folders have the same name in them. */
export function givenWorld(settings: Settings, { args, env, stdin, folders }: Given): World {
  const world = { ...newWorld(settings), args, env };
  if (stdin !== null) world.stdin = { ...world.stdin, data: [...stdin], closed: true };
  for (const folder of folders) addFolder(world, folder);
  if (folders.length === 0) addPreopen(world, "/", "", false);
  return world;
}
