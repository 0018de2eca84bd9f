// Releasing an open file description: its locks go, and an inode without a name goes with its last one. Mirrors spec/09 and wasi:filesystem/types.

import { type Host, settled } from "../host.ts";
import type { World, WorldId } from "../world.ts";
import { isOpen } from "./opened.ts";

/** Nobody holds the open file description any more. */
export function closeFile(h: Host, id: WorldId): void {
  const { world } = h;
  const file = world.files[id];
  if (file === undefined) return;
  if (settled(h, "locks") === "process") delete world.locks[file.inode];
  delete world.files[id];
  for (const [inode, locks] of Object.entries(world.locks)) {
    const rest = locks.filter((lock) => lock.file !== id);
    if (rest.length === 0) delete world.locks[Number(inode)];
    else if (rest.length < locks.length) world.locks[Number(inode)] = rest;
  }
  forgetInode(world, file.inode);
}

/** An inode without a name that nobody has open is gone. */
export function forgetInode(world: World, id: WorldId): void {
  if (world.inodes[id]?.links === 0 && !isOpen(world, id)) delete world.inodes[id];
}
