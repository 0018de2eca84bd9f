// The bytes of regular files: where they go and how many there may be. Mirrors spec/09 and wasi:filesystem/types.

import type { Inode, World } from "../world.ts";

/** No disk is endless: the size that a file may have, in bytes. */
export const largestFile = 0x10_0000;

/** The first offset that a signed 64-bit number cannot hold. */
export const pastOffsets: bigint = 1n << 63n;

/** The bytes of a file that has this many of them, zeros where it had less. */
export function resized(data: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(data.subarray(0, size));
  return bytes;
}

/** The bytes of a file once `bytes` are at an offset, zeros before them where it was shorter. */
export function written(data: Uint8Array, at: number, bytes: readonly number[]): Uint8Array {
  const after = resized(data, Math.max(data.length, at + bytes.length));
  after.set(bytes, at);
  return after;
}

/** How many bytes all files together may grow by. */
function spareBytes({ quota, inodes }: World): number {
  if (quota === null) return Number.POSITIVE_INFINITY;
  const used = Object.values(inodes).reduce((sum, { data }) => sum + data.length, 0);
  return Math.max(0, quota - used);
}

/** How large a file may become by a write that ends there. */
export function reach(world: World, { data }: Inode): number {
  return Math.max(data.length, Math.min(largestFile, data.length + spareBytes(world)));
}
