// Names as the outside has them: from the root of the disk, through no link. Mirrors spec/09 and wasi:filesystem/types.

import type { World, WorldId } from "../world.ts";

/** The inode that a path names from the root; null if there is none. */
export function inodeAt(world: World, path: string): WorldId | null {
  let id = world.root;
  for (const part of path.split("/").filter((name) => name !== "" && name !== ".")) {
    const { entries = {} } = world.inodes[id] ?? {};
    const next = Object.hasOwn(entries, part) ? entries[part] : undefined;
    if (next === undefined) return null;
    id = next;
  }
  return id;
}
