// What is known about a file without reading it: stat, timestamps, size, flags, hashes. Mirrors spec/09 and wasi:filesystem/types.

import { encodeUtf8 } from "../../canon/values/utf.ts";
import type { Value } from "../../model/values.ts";
import { type Host, oneOf, settled } from "../host.ts";
import type { Inode, WorldId } from "../world.ts";
import { flagsOf, instant, sizeOf, textOf, timeOf } from "./arguments.ts";
import { largestFile, reach, resized } from "./content.ts";
import { fail, failIf } from "./failure.ts";
import { baseOf, has, inodeOf, isDirectory, mutableBase, needsMutable, opened } from "./opened.ts";
import { existing, resolve } from "./paths.ts";

type Args = readonly Value[];

/** The inode of a path that is to be followed as the flags say. */
function inodeAt(
  h: Host,
  base: WorldId,
  flags: Value | undefined,
  path: Value | undefined,
): WorldId {
  const follow = flagsOf(flags).has("symlink-follow");
  return existing(resolve(h.world, base, textOf(path), follow));
}

const some = (value: Value): Value => ({ tag: "case", label: "some", value });
const kind = ({ type }: Inode): Value => ({ tag: "case", label: type, value: null });

function sizeIn({ type, data, target }: Inode): number {
  return type === "symbolic-link" ? encodeUtf8(target).length : data.length;
}

function statOf(inode: Inode): Value {
  const { access, modified, changed } = inode.times;
  const fields = {
    type: kind(inode),
    "link-count": BigInt(inode.links),
    size: BigInt(sizeIn(inode)),
    "data-access-timestamp": some(instant(access)),
    "data-modification-timestamp": some(instant(modified)),
    "status-change-timestamp": some(instant(changed)),
  };
  return { tag: "record", fields };
}

export function stat(h: Host, [self]: Args): Value {
  return statOf(opened(h, self).inode);
}

export function statAt(h: Host, [self, flags, path]: Args): Value {
  return statOf(inodeOf(h.world, inodeAt(h, baseOf(h, self).file.inode, flags, path)));
}

function touch({ world }: Host, inode: Inode, access?: Value, modified?: Value): void {
  const { times } = inode;
  inode.times = {
    access: timeOf(world, access, times.access),
    modified: timeOf(world, modified, times.modified),
    changed: world.now,
  };
}

export function setTimes(h: Host, [self, access, modified]: Args): void {
  touch(h, needsMutable(h, opened(h, self)).inode, access, modified);
}

export function setTimesAt(h: Host, [self, flags, path, access, modified]: Args): void {
  const inode = inodeAt(h, mutableBase(h, self).file.inode, flags, path);
  touch(h, inodeOf(h.world, inode), access, modified);
}

export function getFlags(h: Host, [self]: Args): Value {
  return { tag: "flags", labels: opened(h, self).file.flags };
}

export function getType(h: Host, [self]: Args): Value {
  return kind(opened(h, self).inode);
}

/** The size shows at once, whoever has the file open and under whatever name. */
export function setSize(h: Host, [self, size]: Args): void {
  const of = opened(h, self);
  if (of.file.readOnly) fail(settled(h, "read-only-error"));
  const sizable = has(of, "write") && !isDirectory(of);
  if (!sizable) fail(oneOf(h, ["bad-descriptor", "invalid", "access"]));
  const to = sizeOf(size);
  if (to > largestFile) fail(oneOf(h, ["invalid", "file-too-large"]));
  const full = to > reach(h.world, of.inode);
  if (full) fail(oneOf(h, ["quota", "insufficient-space"]));
  of.inode.data = resized(of.inode.data, Number(to));
}

/** Advice changes nothing. */
export function advise(h: Host, [self]: Args): void {
  failIf(isDirectory(opened(h, self)), "bad-descriptor");
}

/** The virtual disk is never behind, so there is nothing to do. */
export function sync(): void {}

export function isSameObject(h: Host, [self, other]: Args): Value {
  return opened(h, self).file.inode === opened(h, other).file.inode;
}

const word = (1n << 64n) - 1n;

/** FNV-1a, of 64 bits. */
function fnv(text: string): bigint {
  const step = (hash: bigint, byte: number): bigint =>
    ((hash ^ BigInt(byte)) * 0x100_0000_01b3n) & word;
  return encodeUtf8(text).reduce(step, 0xcbf2_9ce4_8422_2325n);
}

/** A hash of what changes when a file is modified or replaced. */
function hashOf({ world }: Host, id: WorldId): Value {
  const inode = inodeOf(world, id);
  const { modified } = inode.times;
  const lower = fnv(`${id} ${modified}`);
  return { tag: "record", fields: { lower, upper: fnv(`${lower} ${sizeIn(inode)}`) } };
}

export function metadataHash(h: Host, [self]: Args): Value {
  return hashOf(h, opened(h, self).file.inode);
}

export function metadataHashAt(h: Host, [self, flags, path]: Args): Value {
  return hashOf(h, inodeAt(h, baseOf(h, self).file.inode, flags, path));
}
