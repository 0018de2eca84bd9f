// Copies of entities: the first write of a step makes one. Mirrors spec/01.

import type {
  End,
  Entities,
  Instance,
  Kind,
  Memory,
  ResourceHandle,
  Subtask,
  Task,
  Waitable,
  WaitableSet,
} from "./store.ts";
import type { Thread } from "./thread.ts";

/*
 * Each copy names the fields in the order in which the rules that make such an entity name them, so that
 * a copy has the layout of its original, and all entities of a kind have one. A spread would not do.
 */

function copyInstance(e: Readonly<Instance>): Instance {
  const { handles, threads, mayEnter, mayLeave, backpressure, numWaitingToEnter } = e;
  const { exclusiveThread, memory, globals } = e;
  return {
    handles,
    threads,
    mayEnter,
    mayLeave,
    backpressure,
    numWaitingToEnter,
    exclusiveThread,
    memory,
    globals,
  };
}

function copyTask(e: Readonly<Task>): Task {
  const { name, ft, opts, instance, caller, state, numBorrows, implicitThread, threads } = e;
  return {
    name,
    ft,
    opts,
    instance,
    caller,
    state,
    numBorrows,
    implicitThread,
    threads,
    driven: e.driven,
  };
}

function copyThread(e: Readonly<Thread>): Thread {
  const { name, path, task, state, frames, ret, index, storage, cancellable } = e;
  return { name, path, task, state, frames, ret, index, storage, cancellable };
}

function copySubtask(e: Readonly<Subtask>): Subtask {
  const { set, hasSyncWaiter, state, func, ft, lowering, task, lenders } = e;
  const { cancellationRequested, flatResults, index, pendingEvent } = e;
  return {
    tag: "subtask",
    set,
    hasSyncWaiter,
    state,
    func,
    ft,
    lowering,
    task,
    lenders,
    cancellationRequested,
    flatResults,
    index,
    pendingEvent,
  };
}

function copyEnd(e: Readonly<End>): End {
  const { kind, t, set, hasSyncWaiter, state, other, buffer, attached } = e;
  const { owner, index, pendingEvent, received, known, origin } = e;
  return {
    tag: "end",
    kind,
    t,
    set,
    hasSyncWaiter,
    state,
    other,
    buffer,
    attached,
    owner,
    index,
    pendingEvent,
    received,
    known,
    origin,
  };
}

function copyWaitable(e: Readonly<Waitable>): Waitable {
  return e.tag === "end" ? copyEnd(e) : copySubtask(e);
}

function copySet({ elems, numWaiting }: Readonly<WaitableSet>): WaitableSet {
  return { elems, numWaiting };
}

function copyHandle({ rt, rep, own, task, numLends }: Readonly<ResourceHandle>): ResourceHandle {
  return { rt, rep, own, task, numLends };
}

function copyMemory({ address, length, leaves }: Readonly<Memory>): Memory {
  return { address, length, leaves };
}

export const copies: { readonly [K in Kind]: (e: Readonly<Entities[K]>) => Entities[K] } = {
  instance: copyInstance,
  task: copyTask,
  thread: copyThread,
  waitable: copyWaitable,
  set: copySet,
  handle: copyHandle,
  memory: copyMemory,
};
