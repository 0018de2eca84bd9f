// Starting an operation: its stream, its future, its thread. Mirrors spec/09.

import { task } from "../canon/machine.ts";
import { newThread } from "../canon/threads.ts";
import type { Frame } from "../model/frames.ts";
import type { CoreFunc } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { EndValue, Value } from "../model/values.ts";
import { dropEnd, newPair, type Pair, taken } from "./ends.ts";
import { freshId, type Host, type State } from "./host.ts";
import type { ErrorCode, Listed, ObjectRef, Operation, OperationKind, WorldId } from "./world.ts";

/** The place of the operations' body among all bodies. */
export const operationCode = 0;

export interface Start {
  readonly kind: OperationKind;
  readonly target: ObjectRef | null;
  readonly cursor?: bigint;
  /** of fs-readdir: what is there at the call */
  readonly listed?: readonly Listed[];
  /** It fails before it starts. */
  readonly error?: ErrorCode | null;
}

type Async = ValType & { readonly tag: "stream" | "future" };

/** The first stream or future in the result type of the running function; null if there is none. */
function inResult({ c }: Host, tag: Async["tag"]): Async | null {
  const { result } = task(c).ft;
  return result === null ? null : within(result, tag);
}

function within(t: ValType, tag: Async["tag"]): Async | null {
  if (t.tag === "stream" || t.tag === "future") return t.tag === tag ? t : null;
  const parts = t.tag === "tuple" ? t.ts : t.tag === "result" && t.ok !== null ? [t.ok] : [];
  for (const part of parts) {
    const found = within(part, tag);
    if (found !== null) return found;
  }
  return null;
}

/** A future for the operation, where the running function returns one. */
function newFuture(h: Host, id: WorldId): Pair | null {
  const future = inResult(h, "future");
  return future === null ? null : newPair(h, "future", future.t, id);
}

/** Starts to deliver the stream that the running function returns; gives the readable ends. */
export function startProducer(h: Host, start: Start): readonly EndValue[] {
  const id = freshId(h);
  const stream = newPair(h, "stream", inResult(h, "stream")?.t ?? null, id);
  const future = newFuture(h, id);
  begin(h, id, start, stream.writable, future?.writable ?? null);
  return future === null ? [stream.readable] : [stream.readable, future.readable];
}

/** An operation that takes in a stream: its number, and its future if the function returns one. */
export interface Started {
  readonly operation: WorldId;
  readonly future: EndValue | null;
}

/** Starts to take in a stream that was passed. */
export function startConsumer(h: Host, data: Value | undefined, start: Start): Started {
  const operation = freshId(h);
  const future = newFuture(h, operation);
  begin(h, operation, start, taken(h, data), future?.writable ?? null);
  return { operation, future: future?.readable ?? null };
}

/** Refuses a stream that was passed: the host drops it, and there is no operation. */
export function refuse(h: Host, data: Value | undefined): void {
  dropEnd(h, taken(h, data));
}

function begin(
  h: Host,
  id: WorldId,
  { kind, target, cursor, listed, error = null }: Start,
  stream: EndValue,
  future: EndValue | null,
): void {
  const failed = error !== null;
  const operation: Operation = {
    kind,
    target: target === null ? null : { kind: target.kind, id: target.id },
    stream: failed ? null : stream,
    future,
    cursor: cursor ?? 0n,
    status: failed ? "done" : "active",
    error,
    ahead: [],
    listing: listed === undefined ? null : { atCall: listed, seen: [] },
  };
  h.world.operations[id] = operation;
  if (failed) dropEnd(h, stream);
  startThread(h, `${kind}#${id}`, { at: failed ? "finish" : "serve", operation: id });
}

/** A thread of the host's own that waits at a step of the operations' body. */
function startThread({ c, instance }: Host, name: string, state: State): void {
  const core: CoreFunc = { guest: "wasi", instance, code: operationCode };
  const frames: Frame[] = [{ tag: "host.end" }, { tag: "guest", core, state }];
  const t = c.edit.thread.edit(newThread(c, name, null, frames));
  t.state = { tag: "waiting", ready: { tag: "guest", core, state, task: null } };
}
