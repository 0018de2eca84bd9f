// Pipes: the streams of the split ABI, which the host keeps bytes in, by whole chunks. Mirrors spec/11.

import { Trap } from "../../canon/machine.ts";
import type { Value } from "../../model/values.ts";
import { type Body, caseOf, type Host, within } from "./host.ts";
import { capability, taskOf } from "./messages.ts";
import { addPipe, addPollable, type Pipe, type Source, type Tasks, without } from "./tasks.ts";

/** Two chunks, and one for the only writer. */
const mostChunks = 3;
/** How many bytes a writer may write where there is room, whatever their number. */
const room = 65_536n;

const closed: Value = caseOf("error", caseOf("closed"));

function pipeOf({ tasks }: Host, self: Value | undefined): { id: number; pipe: Pipe } {
  const id = taskOf(self);
  const pipe = tasks.pipes[id];
  if (pipe === undefined) throw new Error(`a handle on pipe ${id}, which is gone`);
  return { id, pipe };
}

function setPipe(tasks: Tasks, id: number, pipe: Pipe): void {
  const isGone = !pipe.reader && !pipe.writer;
  tasks.pipes = isGone ? without(tasks.pipes, id) : { ...tasks.pipes, [id]: pipe };
}

function bytesOf(v: Value | undefined): Uint8Array {
  return typeof v === "object" && "tag" in v && v.tag === "bulk" ? v.bytes : new Uint8Array();
}

const bytesValue = (bytes: Uint8Array): Value => ({ tag: "bulk", t: "u8", bytes });

export const makePipe: Body = within(({ tasks }) => {
  const id = addPipe(tasks, { chunks: [], reader: true, writer: true, ended: false });
  return [[capability(id), capability(id)]];
});

/** The writer's room in bytes, all or nothing; it hears here that nobody reads any more. */
export const checkWrite: Body = within((h, [self]) => {
  const { pipe } = pipeOf(h, self);
  if (!pipe.reader) return [closed];
  return [caseOf("ok", pipe.chunks.length < mostChunks ? room : 0n)];
});

export const write: Body = within((h, [self, contents]) => {
  const { id, pipe } = pipeOf(h, self);
  if (!pipe.reader) return [closed];
  if (pipe.chunks.length >= mostChunks) throw new Trap("isyswasfa.no-room");
  const bytes = bytesOf(contents);
  if (bytes.length > 0) setPipe(h.tasks, id, { ...pipe, chunks: [...pipe.chunks, bytes] });
  return [caseOf("ok")];
});

export const flush: Body = within((h, [self]) => [
  pipeOf(h, self).pipe.reader ? caseOf("ok") : closed,
]);

/** One chunk at most; the end shows only to a reader that has waited for it. */
export const read: Body = within((h, [self, length]) => {
  const { id, pipe } = pipeOf(h, self);
  const [chunk, ...rest] = pipe.chunks;
  if (chunk === undefined) {
    return [pipe.ended ? closed : caseOf("ok", bytesValue(new Uint8Array()))];
  }
  const most = Number(length);
  const left = chunk.subarray(most);
  setPipe(h.tasks, id, { ...pipe, chunks: left.length === 0 ? rest : [left, ...rest] });
  return [caseOf("ok", bytesValue(chunk.subarray(0, most)))];
});

export const subscribeTo = (tag: "input" | "output"): Body =>
  within((h, [self]) => [capability(addPollable(h.tasks, { tag, pipe: pipeOf(h, self).id }))]);

/** The end of a pipe outlives the pollables that watch it. */
export const dropStream = (tag: "input" | "output"): Body =>
  within((h, [rep]) => {
    const { tasks } = h;
    const { id, pipe } = pipeOf(h, { tag: "rep", rep: Number(rep) });
    const sources = Object.values(tasks.pollables);
    if (sources.some((source) => source.tag === tag && source.pipe === id)) {
      throw new Trap("isyswasfa.has-children");
    }
    setPipe(tasks, id, tag === "input" ? { ...pipe, reader: false } : { ...pipe, writer: false });
    return [];
  });

/** Whether the next try at an end of a pipe gives more than "not yet". */
export function isPipeReady(
  { tasks }: Host,
  source: Source & { tag: "input" | "output" },
): boolean {
  const pipe = tasks.pipes[source.pipe];
  if (pipe === undefined) return true;
  if (source.tag === "output") return !pipe.reader || pipe.chunks.length < mostChunks;
  return pipe.chunks.length > 0 || !pipe.writer;
}

/** A wait for an end of a pipe is over: its reader has seen the end, if nothing is left. */
export function observe({ tasks }: Host, source: Source): void {
  if (source.tag !== "input") return;
  const pipe = tasks.pipes[source.pipe];
  if (pipe === undefined || pipe.writer || pipe.chunks.length > 0) return;
  setPipe(tasks, source.pipe, { ...pipe, ended: true });
}
