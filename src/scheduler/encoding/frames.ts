// Frames as integers: what each rule reads of its frame, and how it is written. Mirrors spec/07.

import type { Guest } from "../../canon/machine.ts";
import type { LiftLowerContext } from "../../canon/values/context.ts";
import type { LowerItem } from "../../canon/values/items.ts";
import type { Frame } from "../../model/frames.ts";
import { builtins, type CoreFunc } from "../../model/program.ts";
import type { Buffer } from "../../model/store.ts";
import type { ReadyWhen } from "../../model/thread.ts";
import type { DataWriter } from "./data.ts";
import { kindNumber } from "./numbering.ts";

/**
 * The operands of every rule. Fields that hold ids are named after their kind, so that a field's name
 * says how it is written.
 */
const operands: Readonly<Record<string, string>> = {
  "guest.choose": "options",
  "wait-until": "ready cancellable",
  "thread.exit": "task",
  "thread.suspending": "cancellable",
  "thread.suspend-then": "thread cancellable",
  "thread.yield-then": "thread cancellable",
  "thread.switched": "",
  lift: "func waitable",
  "lift.drive": "task",
  "lift.enter": "task core",
  "lift.entered": "task core",
  "lift.start": "task core",
  "lift.call": "task core",
  "lift.returned": "task core",
  "lift.resolved": "task core flat",
  "lift.post-returned": "task core",
  "lift.exit": "task",
  "lift.callback": "task core",
  "lift.yielded": "task core",
  "lift.waited": "task core set",
  "lift.event": "task core",
  "lift.leave": "instance caller",
  lower: "func opts args",
  "lower.called-sync": "waitable",
  "lower.called-async": "waitable",
  "lower.done": "waitable",
  realloc: "cx args",
  "realloc.returned": "instance",
  "lower.values": "cx todo flat waiting",
  "task.resolve": "task values",
  "task.resolved": "task",
  "task.request-cancel": "task instance",
  "task.cancel-requested": "task",
  "builtin.done": "",
  "subtask.cancel.requested": "waitable async",
  "subtask.cancel.done": "waitable async",
  event: "set",
  "event.known": "event",
  "waitable-set.waited": "set ptr opts",
  "waitable-set.deliver": "set ptr opts",
  copy: "waitable buffer",
  "copy.done": "waitable async",
  "copy.waited": "waitable async",
  "copy.moved": "waitable buffer n values",
  "copy.moved-before-719": "waitable buffer n values",
  "end.cancel": "waitable",
  "forward.done": "src dst",
  "host.enter": "task core",
  "host.returned": "task",
  "host.exit": "task",
  "host.end": "",
  "host.call": "func args async",
  "host.called": "waitable async",
  "host.call.done": "waitable",
  "host.wait": "waitable",
  "host.wait.done": "waitable",
  "host.cancel": "waitable",
  "host.cancel.done": "waitable",
  "host.await": "ready",
  "host.awaited": "",
  "host.resolve": "values",
  "host.confirm-cancel": "",
  "host.new": "what t",
  "host.copy": "waitable kind t values length async",
  "host.copied": "waitable async",
  "host.copy.done": "waitable",
  "host.cancel-copy": "waitable kind",
  "host.drop": "waitable kind",
  "host.switch-in": "paths",
  "host.switch-out": "paths",
};

type FieldWriter = (w: DataWriter, value: unknown) => void;

const reference =
  (kind: number): FieldWriter =>
  (w, value) =>
    w.ref(kind, value as number | null);

const fixed: FieldWriter = (w, value) => w.fixed(value as object | null);

/** Fields that are not plain data. */
const fieldWriters: Readonly<Record<string, FieldWriter>> = {
  task: reference(kindNumber.task),
  thread: reference(kindNumber.thread),
  waitable: reference(kindNumber.waitable),
  src: reference(kindNumber.waitable),
  dst: reference(kindNumber.waitable),
  set: reference(kindNumber.set),
  t: fixed,
  table: fixed,
  opts: fixed,
  options: fixed,
  core: (w, value) => w.core(value as CoreFunc),
  buffer: (w, value) => writeBuffer(w, value as Buffer),
  ready: (w, value) => writeReady(w, value as ReadyWhen),
  cx: (w, value) => writeContext(w, value as LiftLowerContext),
  todo: (w, value) => writeItems(w, value as readonly LowerItem[]),
};

interface Layout {
  readonly number: number;
  readonly fields: readonly { readonly name: string; readonly write: FieldWriter }[];
}

function layoutOf(number: number, names: string): Layout {
  const fields = names.split(" ").filter((name) => name !== "");
  return {
    number,
    fields: fields.map((name) => ({
      name,
      write: fieldWriters[name] ?? ((w, value) => w.data(value)),
    })),
  };
}

/** Built-ins are called with their arguments and immediates. */
const layouts: ReadonlyMap<string, Layout> = new Map(
  [
    ...Object.entries(operands),
    ...builtins.map((name) => [name, "args t rt opts cancellable table"] as const),
  ].map(([tag, names], i) => [tag, layoutOf(i + 1, names)]),
);

/** The frames that can be written: the labels of all rules. */
export const frameTags: readonly string[] = ["guest", ...layouts.keys()];

/** Writes frames; those of a guest as its interpreter says. */
export class FrameWriter {
  readonly #guests: Readonly<Record<string, Guest>>;
  readonly #dead: boolean;

  constructor(guests: Readonly<Record<string, Guest>>, dead: boolean) {
    this.#guests = guests;
    this.#dead = dead;
  }

  frames(w: DataWriter, frames: readonly Frame[]): void {
    w.int(frames.length);
    for (const frame of frames) this.#frame(w, frame);
  }

  #frame(w: DataWriter, frame: Frame): void {
    if (frame.tag === "guest") {
      w.int(0);
      this.#guest(w, frame.core as CoreFunc, frame.state);
      return;
    }
    const layout = layouts.get(frame.tag);
    if (layout === undefined) throw new Error(`no encoding of a frame ${frame.tag}`);
    w.int(layout.number);
    for (const { name, write } of layout.fields) write(w, frame[name]);
  }

  #guest(w: DataWriter, core: CoreFunc, state: unknown): void {
    const guest = this.#guests[core.guest];
    if (guest?.encode === undefined) {
      w.core(core);
      w.data(state);
    } else {
      w.guest(core.guest);
      w.int(core.instance);
      guest.encode(core, state, w, this.#dead);
    }
  }
}

/** A context of lifting or lowering; its scope names a task or a subtask. */
function writeContext(w: DataWriter, { instance, opts, scope, handles }: LiftLowerContext): void {
  w.int(instance);
  w.fixed(opts);
  w.data(handles);
  w.int(scope === null ? 0 : scope.tag === "task" ? 1 : 2);
  if (scope?.tag === "task") w.ref(kindNumber.task, scope.task);
  else if (scope !== null) w.ref(kindNumber.waitable, scope.waitable);
}

/** What is left to lower: one of the items names another context. */
function writeItems(w: DataWriter, items: readonly LowerItem[]): void {
  w.int(items.length);
  for (const item of items) {
    if (item.tag !== "bytes") w.data(item);
    else {
      w.int(-1);
      writeContext(w, item.from);
      w.data([item.src, item.ptr, item.size]);
    }
  }
}

/** What a guest or the host has offered for a copy. */
export function writeBuffer(w: DataWriter, buffer: Buffer | null): void {
  if (buffer === null) {
    w.int(0);
    return;
  }
  w.int(buffer.tag === "guest" ? 1 : 2);
  w.int(buffer.progress);
  w.int(buffer.length);
  if (buffer.tag === "host") w.list(buffer.values);
  else {
    w.int(buffer.instance);
    w.data(buffer.ptr);
    w.fixed(buffer.opts);
  }
}

/** The condition of a wait. */
export function writeReady(w: DataWriter, ready: ReadyWhen): void {
  switch (ready.tag) {
    case "always":
      w.int(0);
      return;
    case "no-backpressure":
      w.int(1);
      w.ref(kindNumber.task, ready.task);
      return;
    case "has-event":
      w.int(2);
      w.ref(kindNumber.waitable, ready.waitable);
      return;
    case "set-has-event":
      w.int(3);
      w.ref(kindNumber.set, ready.set);
      return;
    case "not-exclusive":
      w.int(4);
      w.int(ready.instance);
      return;
    case "callback-event":
      w.int(5);
      w.int(ready.instance);
      w.ref(kindNumber.set, ready.set);
      w.ref(kindNumber.task, ready.task);
      return;
    default:
      writeHostReady(w, ready);
  }
}

type HostReady = Extract<
  ReadyWhen,
  {
    tag: "subtask-resolved" | "variable" | "cancel-requested" | "guest" | "idle" | "outside";
  }
>;

function writeHostReady(w: DataWriter, ready: HostReady): void {
  switch (ready.tag) {
    case "subtask-resolved":
      w.int(6);
      w.ref(kindNumber.waitable, ready.waitable);
      return;
    case "variable":
      w.int(7);
      w.int(ready.instance);
      w.text(ready.name);
      w.data(ready.equals);
      return;
    case "cancel-requested":
      w.int(8);
      w.ref(kindNumber.task, ready.task);
      return;
    case "guest":
      w.int(9);
      w.core(ready.core);
      w.data(ready.state);
      w.ref(kindNumber.task, ready.task);
      return;
    case "idle":
      w.int(10);
      w.data(ready.until);
      return;
    default:
      w.int(11);
      w.ref(kindNumber.task, ready.task);
  }
}
