// Moving data from a task to its owner: the only way that bytes of one guest get to another. Mirrors spec/12.

import type { Ctx } from "../../canon/machine.ts";
import type { InstanceId } from "../../model/ids.ts";
import { readBytes, writeBytes } from "../../model/memory.ts";
import { passed } from "./rule.ts";
import {
  addEdge,
  type Consumer,
  consumerInstance,
  dropIfOver,
  type Offered,
  present,
  removeEdge,
  type Tree,
  type TreeTask,
  taskAt,
  tasksOf,
} from "./tree.ts";

/** How many elements a task can give now; a splice gives what its source does. */
function offered(tree: Tree, { producer }: TreeTask): number {
  if (producer.tag === "writing") return producer.n - producer.moved;
  if (producer.tag !== "splicing" || producer.done) return 0;
  return Math.min(producer.n - producer.moved, offered(tree, taskAt(tree, producer.from)));
}

/** How many elements its owner takes now. */
function room({ consumer, shape }: TreeTask): number {
  switch (consumer.tag) {
    case "listening":
      return consumer.done ? 0 : capacity(consumer, shape) - consumer.moved;
    case "skipping":
      return consumer.n - consumer.moved;
    case "host":
      return Number.POSITIVE_INFINITY;
    default:
      return 0;
  }
}

/** Elements without a size are counted. */
function capacity({ size }: { readonly size: number }, { element }: TreeTask["shape"]): number {
  return element === 0 ? size : Math.floor(size / element);
}

/** Where the end value goes in a buffer: elements are before it only in that of an eager call. */
function placeOfValue(consumer: Consumer & { tag: "listening" }, shape: TreeTask["shape"]): number {
  const used = consumer.moved * shape.element;
  const align = Math.max(1, Math.min(shape.value, 8));
  return Math.ceil((consumer.ptr + used) / align) * align;
}

/** An element and the end value never share a buffer that was listened with. */
function takesValue({ consumer, shape }: TreeTask): boolean {
  if (consumer.tag === "host") return true;
  if (consumer.tag !== "listening" || consumer.value) return false;
  if (consumer.moved === 0) return true;
  const end = placeOfValue(consumer, shape) + shape.value;
  return consumer.calling && end <= consumer.ptr + consumer.size;
}

/** Whether data of this task can move. */
function canCopy(tree: Tree, task: TreeTask): boolean {
  if (Math.min(offered(tree, task), room(task)) > 0) return true;
  return task.producer.tag === "returning" && !task.producer.done && takesValue(task);
}

/** The tasks whose data can move. */
export function copies(tree: Tree): readonly number[] {
  return tasksOf(tree).flatMap(([id, task]) => (canCopy(tree, task) ? [id] : []));
}

/** What the copies work on. */
export interface Moving {
  readonly c: Ctx;
  readonly tree: Tree;
}

function memoryOf({ c }: Moving, instance: InstanceId): Parameters<typeof c.edit.memory.read>[0] {
  return present(c.edit.instance.read(instance).memory, "memory of a guest");
}

function bytesAt(m: Moving, instance: InstanceId, ptr: number, n: number): Uint8Array {
  return readBytes(m.c.edit.memory.read(memoryOf(m, instance)), ptr, n);
}

function storeAt(m: Moving, instance: InstanceId, ptr: number, bytes: Uint8Array): void {
  if (bytes.length > 0) writeBytes(m.c.edit.memory.edit(memoryOf(m, instance)), ptr, bytes);
}

/** Takes `n` elements of a task, out of whoever's buffer they are in. */
function takeElements(m: Moving, task: TreeTask, n: number): Uint8Array {
  const { producer, shape, instance } = task;
  if (producer.tag === "splicing") {
    producer.moved += n;
    producer.done = producer.moved === producer.n;
    const source = taskAt(m.tree, producer.from);
    if (producer.done) source.consumer = { tag: "not-listening" };
    return takeElements(m, source, n);
  }
  if (producer.tag !== "writing") throw new Error("elements of a task that does not write");
  const from = producer.ptr + producer.moved * shape.element;
  producer.moved += n;
  producer.done = producer.moved === producer.n;
  return bytesAt(m, instance, from, n * shape.element);
}

function giveElements(m: Moving, task: TreeTask, n: number, bytes: Uint8Array): void {
  const { consumer, shape } = task;
  if (consumer.tag === "host") return;
  if (consumer.tag !== "listening" && consumer.tag !== "skipping") return;
  if (consumer.tag === "listening") {
    const to = consumer.ptr + consumer.moved * shape.element;
    storeAt(m, consumerInstance(m.tree, task), to, bytes);
  }
  consumer.moved += n;
  const full = consumer.tag === "skipping" ? consumer.n : capacity(consumer, shape);
  consumer.done = consumer.moved === full;
}

function bytesOf(m: Moving, { instance, shape }: TreeTask, at: Offered): Uint8Array {
  if (at.tag === "bytes") return Uint8Array.from(at.bytes);
  return bytesAt(m, instance, at.ptr, shape.value);
}

/** The end value is a handle: its edge moves from the task to the owner, who gets a new index. */
function handOver({ tree }: Moving, task: TreeTask, bytes: Uint8Array): Uint8Array {
  const index = new DataView(bytes.buffer).getUint32(0, true);
  const owner = task.owner ?? 0;
  const id = passed({ tree, instance: task.instance }, index, owner);
  const given = moveEdge(tree, id, owner);
  if (owner === 0) taskAt(tree, id).consumer = { tag: "host", bytes: null };
  dropIfOver(tree, id);
  const out = new Uint8Array(4);
  new DataView(out.buffer).setUint32(0, given, true);
  return out;
}

/** Makes `owner` the super-task of `id`; gives the new index. */
export function moveEdge(tree: Tree, id: number, owner: number): number {
  removeEdge(tree, id);
  const task = taskAt(tree, id);
  task.owner = owner;
  task.origin = "given";
  addEdge(tree, id);
  return task.edge;
}

/** What is received is what the buffer holds at this instant. */
function copyValue(m: Moving, task: TreeTask): void {
  const { producer, consumer, shape } = task;
  if (producer.tag !== "returning") return;
  const offer = bytesOf(m, task, producer.at);
  const bytes = shape.handle ? handOver(m, task, offer) : offer;
  producer.done = true;
  task.taken = true;
  if (consumer.tag === "host") consumer.bytes = [...bytes];
  if (consumer.tag !== "listening") return;
  storeAt(m, consumerInstance(m.tree, task), placeOfValue(consumer, shape), bytes);
  consumer.value = true;
  consumer.done = true;
}

/** Moves as much of a task's data as can move at once. */
export function copy(m: Moving, id: number): void {
  const task = taskAt(m.tree, id);
  const n = Math.min(offered(m.tree, task), room(task));
  if (n > 0) giveElements(m, task, n, takeElements(m, task, n));
  else if (canCopy(m.tree, task)) copyValue(m, task);
}
