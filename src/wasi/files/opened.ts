// Open file descriptions: which file a descriptor stands for, and what may be done through it. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import { type Host, objectOf, settled } from "../host.ts";
import type { DescriptorFlag, ErrorCode, Inode, OpenFile, World, WorldId } from "../world.ts";
import { fail, failIf } from "./failure.ts";

/** An open file description with its inode. */
export interface Opened {
  readonly id: WorldId;
  readonly file: OpenFile;
  readonly inode: Inode;
}

/** The inode of this number. */
export function inodeOf({ inodes }: World, id: WorldId): Inode {
  const inode = inodes[id];
  if (inode === undefined) throw new Error(`there is no inode ${id}`);
  return inode;
}

/** The open file description of this number. */
export function openedFile(world: World, id: WorldId): Opened {
  const file = world.files[id];
  if (file === undefined) throw new Error(`there is no open file ${id}`);
  return { id, file, inode: inodeOf(world, file.inode) };
}

/** What a descriptor stands for. */
export function opened(h: Host, handle: Value | undefined): Opened {
  return openedFile(h.world, objectOf(h, handle).id);
}

export function has({ file }: Opened, flag: DescriptorFlag): boolean {
  return file.flags.includes(flag);
}

export function isDirectory({ inode }: Opened): boolean {
  return inode.type === "directory";
}

/** The directory that a path is relative to. */
export function baseOf(h: Host, handle: Value | undefined): Opened {
  const base = opened(h, handle);
  failIf(!isDirectory(base), "not-directory");
  return base;
}

/** Whether what is reached through this may be changed: names, and what the names stand for. */
export function isMutable(of: Opened): boolean {
  return !of.file.readOnly && (!isDirectory(of) || has(of, "mutate-directory"));
}

/** Fails for what must not be changed. */
export function needsMutable(h: Host, of: Opened): Opened {
  return isMutable(of) ? of : fail(settled(h, "read-only-error"));
}

/** A directory whose entries may be changed. */
export function mutableBase(h: Host, handle: Value | undefined): Opened {
  return needsMutable(h, baseOf(h, handle));
}

/** The codes for a descriptor that was not opened for what is asked of it. */
export const noRight: readonly [ErrorCode, ...ErrorCode[]] = [
  "bad-descriptor",
  "access",
  "not-permitted",
];

/** Whether anybody has the inode open. */
export function isOpen({ files }: World, inode: WorldId): boolean {
  return Object.values(files).some((file) => file.inode === inode);
}
