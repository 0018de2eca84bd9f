// What reads and writes of files do: private cursors, appends at the end that is, no rollback. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import { type Host, oneOf, settled } from "../host.ts";
import { type Behaviour, type Consumer, chunk, type Producer, type Room } from "../operation.ts";
import type { ErrorCode, Operation, OperationKind } from "../world.ts";
import { largestFile, pastOffsets, reach, written } from "./content.ts";
import { readDirectory } from "./listing.ts";
import { has, noRight, type Opened, openedFile } from "./opened.ts";

type FileKind = Extract<OperationKind, `fs-${string}`>;

function targetOf({ world }: Host, { target }: Operation): Opened {
  return openedFile(world, target?.id ?? -1);
}

/** Reads on from the file, unless there are bytes from it still. */
function fetch(h: Host, op: Operation, n: number): void {
  if (op.ahead.length > 0) return;
  const at = Number(op.cursor);
  op.ahead = [...targetOf(h, op).inode.data.subarray(at, at + n)];
}

/** The host may read more of the file than a guest asks for: those bytes can be old ones. */
const read: Producer = {
  side: "producer",
  supply: (h, op) => {
    const target = targetOf(h, op);
    if (!has(target, "read")) return { tag: "end", error: oneOf(h, noRight) };
    const { ahead, cursor } = op;
    if (ahead.length > 0) return { tag: "some", n: ahead.length };
    if (cursor >= pastOffsets) return { tag: "end", error: "invalid" };
    const left = BigInt(target.inode.data.length) - cursor;
    return left > 0n ? { tag: "some", n: Number(left) } : { tag: "end", error: null };
  },
  take: (h, op, n) => {
    fetch(h, op, settled(h, "readahead") === "whole" ? chunk : n);
    const bytes = op.ahead.slice(0, n);
    op.ahead = op.ahead.slice(n);
    op.cursor += BigInt(n);
    return bytes;
  },
  probed: (h, op) => {
    if (settled(h, "readahead") === "whole") fetch(h, op, chunk);
  },
};

/** Where the next bytes of an operation go in a file of this size. */
type Position = (op: Operation, size: number) => number;

const full = ["quota", "insufficient-space"] as const;

/** How far a write gets behind the bytes that are taken but not in the file yet. */
function roomAt(h: Host, op: Operation, position: Position, offered: number): Room {
  const target = targetOf(h, op);
  if (!has(target, "write")) return { tag: "error", error: oneOf(h, noRight) };
  if (op.cursor >= pastOffsets) return { tag: "error", error: "invalid" };
  const at = position(op, target.inode.data.length) + op.ahead.length;
  const space = reach(h.world, target.inode) - at;
  if (space > 0) return { tag: "some", n: Math.min(offered, space) };
  return { tag: "error", error: at >= largestFile ? "file-too-large" : oneOf(h, full) };
}

/** The bytes that were taken go to the file, as far as there is space now. */
function flush(h: Host, op: Operation, position: Position): ErrorCode | null {
  const { ahead: bytes } = op;
  if (bytes.length === 0) return null;
  const { inode } = targetOf(h, op);
  const at = position(op, inode.data.length);
  const fitting = bytes.slice(0, Math.max(0, reach(h.world, inode) - at));
  const error = fitting.length < bytes.length ? oneOf(h, full) : null;
  if (fitting.length > 0) inode.data = written(inode.data, at, fitting);
  op.cursor += BigInt(fitting.length);
  op.ahead = [];
  return error;
}

/** A host that buffers keeps what it took last until more comes, or until the guest is done. */
function write(position: Position): Consumer {
  const flushed = (h: Host, op: Operation): ErrorCode | null => flush(h, op, position);
  return {
    side: "consumer",
    room: (h, op, offered) => roomAt(h, op, position, offered),
    put: (h, op, elements: readonly Value[]) => {
      const error = settled(h, "apply") === "buffered" ? flushed(h, op) : null;
      op.ahead = elements.map(Number);
      return settled(h, "apply") === "buffered" ? error : flushed(h, op);
    },
    dropped: flushed,
    failed: (h, op) => {
      flushed(h, op);
    },
  };
}

export const fileOperations: Readonly<Record<FileKind, Behaviour>> = {
  "fs-read": read,
  "fs-write": write(({ cursor }) => Number(cursor)),
  "fs-append": write((_op, size) => size),
  "fs-readdir": readDirectory,
};
