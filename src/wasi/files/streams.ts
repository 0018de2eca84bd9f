// The functions of files that give or take a stream: they start an operation and answer at once. Mirrors spec/09 and wasi:filesystem/types.

import type { Value } from "../../model/values.ts";
import { argsOf, type Body, give, type Host, oneOf, settled } from "../host.ts";
import { type Start, startConsumer, startProducer } from "../start-operation.ts";
import type { ErrorCode } from "../world.ts";
import { writeFunction } from "../write-function.ts";
import { sizeOf } from "./arguments.ts";
import { listed } from "./listing.ts";
import { has, isDirectory, noRight, type Opened, opened } from "./opened.ts";

type Args = readonly Value[];

const target = ({ id }: Opened): Start["target"] => ({ kind: "file", id });

/** The lack of a right shows at the call on some hosts; on others at the first copy (D-flags-checked). */
function refusal(h: Host, of: Opened, right: "read" | "write"): ErrorCode | null {
  if (has(of, right) || settled(h, "check") === "first-copy") return null;
  return oneOf(h, noRight);
}

function reading(h: Host, [self, offset]: Args): Start {
  const of = opened(h, self);
  const error = isDirectory(of) ? "is-directory" : refusal(h, of, "read");
  return { kind: "fs-read", target: target(of), cursor: sizeOf(offset), error };
}

/** What the host keeps from being changed is refused at once. */
function writingError(h: Host, of: Opened): ErrorCode | null {
  if (isDirectory(of)) return oneOf(h, ["bad-descriptor", "is-directory"]);
  return of.file.readOnly ? settled(h, "read-only-error") : refusal(h, of, "write");
}

interface Writing {
  readonly data: Value | undefined;
  readonly start: Start;
}

function writing(h: Host, [self, data, offset]: Args): Writing {
  const of = opened(h, self);
  const error = writingError(h, of);
  const cursor = sizeOf(offset);
  return { data, start: { kind: "fs-write", target: target(of), cursor, error } };
}

function appending(h: Host, [self, data]: Args): Writing {
  const of = opened(h, self);
  const error = writingError(h, of);
  return { data, start: { kind: "fs-append", target: target(of), error } };
}

function listing(h: Host, [self]: Args): Start {
  const of = opened(h, self);
  if (!isDirectory(of)) {
    return { kind: "fs-readdir", target: target(of), error: "not-directory" };
  }
  return { kind: "fs-readdir", target: target(of), listed: listed(h.world, of.inode) };
}

/** The handle is used up: what it stood for belongs to the operation. */
function consume({ world }: Host, handle: Value | undefined): void {
  if (typeof handle === "object" && "tag" in handle && handle.tag === "rep") {
    delete world.handles[handle.rep];
  }
}

function producing(start: (h: Host, args: Args) => Start): Body {
  return { start: { run: (h, s) => give(startProducer(h, start(h, argsOf(s)))) } };
}

export const readViaStream: Body = producing(reading);

export const readDirectory: Body = producing(listing);

export const writeViaStream: Body = writeFunction({
  name: "descriptor.write-via-stream",
  prepare: writing,
});

export const appendViaStream: Body = writeFunction({
  name: "descriptor.append-via-stream",
  prepare: appending,
});

/** V5: reads, and has the descriptor from there on. */
export const readAll: Body = {
  start: {
    run: (h, s) => {
      const args = argsOf(s);
      const ends = startProducer(h, reading(h, args));
      consume(h, args[0]);
      return give(ends);
    },
  },
};

/** V5: writes, and has the descriptor from there on. */
export const writeAll: Body = {
  start: {
    run: (h, s) => {
      const args = argsOf(s);
      const { data, start } = writing(h, args);
      const { future } = startConsumer(h, data, start);
      consume(h, args[0]);
      return future === null ? give() : give(future);
    },
  },
};
