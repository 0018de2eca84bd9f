// Every way a guest can err: trap codes, each with its sentence. Mirrors spec/08.

/** What can be wrong, by the last part of a code. */
const reasons = {
  "may-not-leave": "the instance may not call out while its realloc or post-return runs",
  "may-not-enter": "the instance is on the stack already (before CM#705)",
  "cannot-block": "a sync-typed call is blocked and no thread of its instance is ready",
  "bad-code": "the packed result of a callback has a code above WAIT",
  unresolved: "the last thread of a task leaves without task.return or task.cancel",
  "borrows-held": "the task resolves while it holds borrowed handles",
  "already-resolved": "the task has resolved already",
  "not-delivered": "the cancellation or resolution has not been delivered yet",
  "not-async": "the task was not lifted with the async option",
  "wrong-type": "the type differs from the one that the built-in was made for",
  "wrong-options": "encoding or memory differ from those of the task's lift",
  "not-a-resource": "the index names something other than a resource handle",
  "not-a-set": "the index names something other than a waitable set",
  "not-a-waitable": "the index names something other than a waitable",
  "not-a-subtask": "the index names something other than a subtask",
  "not-an-end": "the index names something other than an end of this direction and family",
  "not-an-error-context": "the index names something other than an error context",
  "not-idle": "the end is copying, cancelling or done",
  "not-copying": "no copy is in progress on the end",
  "not-done": "a future's value was neither written nor refused",
  copying: "a copy is in progress on the end",
  "in-waitable-set": "the waitable is in a waitable set",
  "sync-waiter": "a thread waits for this waitable synchronously",
  "same-instance": "both ends are in one instance and the elements are no numbers",
  "too-long": "the buffer has more than 2^28 - 1 elements",
  misaligned: "the pointer is not aligned for its type",
  "out-of-bounds": "the range does not lie within the memory",
  "not-empty": "the waitable set has members",
  waiters: "a thread waits on the waitable set",
  delivered: "the subtask's resolution has been delivered already",
  "already-requested": "a cancellation has been requested already",
  lent: "the handle is lent to a call in progress",
  overflow: "the counter reaches 2^16",
  underflow: "the counter falls below 0",
  "no-such-function": "the index is beyond the function table",
  "not-suspended": "the thread is not suspended",
  self: "a thread cannot promote itself",
  unknown: "the built-in does not exist in this revision",
  unreachable: "the guest executed unreachable, or accessed memory out of bounds",
  throw: "a core exception reached the boundary of the component",
  type: "a script used a value where its type does not fit",
  "would-block": "a stackless body that is compiled to halves waits without giving way",
  "no-switch-record": "an async function of the host was called where no stack can be put aside",
  "no-such-stack": "the number names no stack",
  "no-such-call": "the number names no call, or one that was dropped",
  busy: "the stack has a call that is not over",
  "polled-again": "the call is over",
  "store-held": "a fiber that was put aside in a blocking call keeps the store",
  "needs-async-entry": "with the flag for async set there are no plain entries",
  "not-enabled": "the flag for async is not set",
  dying: "an async function of the host was called on a stack that is being unwound",
  aborted: "a host function that had been put aside panicked, and nothing could carry it over",
  "unexpected-task-state": "the task is not in the phase that the function is for",
  "no-host-tasks": "a root call is pending and the host has nothing to wait for",
  "cancel-without-listener": "a task is cancelled that nobody listens to",
  "cancel-when-ready": "a task is cancelled whose result is there",
  "has-children": "a pollable is dropped before those who wait for it",
  "no-room": "a chunk is written to a pipe that is full",
  "no-poll-function": "a call would have to be driven, but no component has a poll function",
} as const;

type Reason = keyof typeof reasons;

const leave: readonly Reason[] = ["may-not-leave"];
const newEnd = leave;
const useEnd: readonly Reason[] = [...leave, "not-an-end", "wrong-type"];
const range: readonly Reason[] = ["misaligned", "out-of-bounds"];
const copyFuture: readonly Reason[] = [...useEnd, "not-idle", "in-waitable-set", ...range];
const copyStream: readonly Reason[] = [...copyFuture, "too-long"];
const cancelCopy: readonly Reason[] = [...useEnd, "not-copying", "sync-waiter", "in-waitable-set"];
const dropEnd: readonly Reason[] = [...useEnd, "copying"];
const forward: readonly Reason[] = [...useEnd, "not-idle", "in-waitable-set", "unknown"];
const resource: readonly Reason[] = ["not-a-resource", "wrong-type"];
const useSet: readonly Reason[] = [...leave, "not-a-set"];
const switchTo: readonly Reason[] = [...leave, "not-suspended"];

/** Where each reason can occur: by the label of the rule. */
const sites: Readonly<Record<string, readonly Reason[]>> = {
  guest: ["unreachable", "throw", "type", "would-block"],
  lift: ["may-not-enter"],
  "lift.drive": ["cannot-block"],
  "lift.callback": ["bad-code", "not-a-set"],
  "lift.returned": ["borrows-held"],
  "lift.exit": ["unresolved"],
  lower: leave,
  "resource.new": leave,
  "resource.drop": [...leave, ...resource, "lent"],
  "resource.rep": resource,
  "backpressure.inc": ["overflow"],
  "backpressure.dec": ["underflow"],
  "task.return": [
    ...leave,
    "not-async",
    "wrong-type",
    "wrong-options",
    "already-resolved",
    "borrows-held",
  ],
  "task.cancel": [...leave, "not-async", "not-delivered", "borrows-held"],
  "waitable-set.new": leave,
  "waitable-set.wait": useSet,
  "waitable-set.poll": useSet,
  "waitable-set.deliver": range,
  "waitable-set.drop": [...useSet, "not-empty", "waiters"],
  "waitable.join": [...useSet, "not-a-waitable", "sync-waiter"],
  "subtask.cancel": [
    ...leave,
    "not-a-subtask",
    "delivered",
    "already-requested",
    "in-waitable-set",
  ],
  "subtask.drop": [...leave, "not-a-subtask", "not-delivered"],
  "stream.new": newEnd,
  "future.new": newEnd,
  "stream.read": copyStream,
  "stream.write": copyStream,
  "future.read": copyFuture,
  "future.write": copyFuture,
  copy: ["same-instance"],
  "stream.cancel-read": cancelCopy,
  "stream.cancel-write": cancelCopy,
  "future.cancel-read": cancelCopy,
  "future.cancel-write": cancelCopy,
  "stream.drop-readable": dropEnd,
  "stream.drop-writable": dropEnd,
  "future.drop-readable": dropEnd,
  "future.drop-writable": [...dropEnd, "not-done"],
  "stream.forward": forward,
  "future.forward": forward,
  "thread.index": leave,
  "thread.new-indirect": [...leave, "no-such-function", "wrong-type"],
  "thread.exit": ["unresolved"],
  "thread.resume-later": switchTo,
  "thread.suspend": leave,
  "thread.yield": leave,
  "thread.suspend-then-resume": switchTo,
  "thread.yield-then-resume": switchTo,
  "thread.suspend-then-promote": [...leave, "self"],
  "thread.yield-then-promote": [...leave, "self"],
  "error-context.new": leave,
  "error-context.debug-message": [...leave, "not-an-error-context", ...range],
  "error-context.drop": [...leave, "not-an-error-context"],
  stack: [
    ...["no-switch-record", "no-such-stack", "no-such-call", "busy", "polled-again"],
    ...["store-held", "needs-async-entry", "not-enabled", "dying", "aborted"],
  ] as readonly Reason[],
  isyswasfa: [
    ...["unexpected-task-state", "no-host-tasks", "cancel-without-listener"],
    ...["cancel-when-ready", "has-children", "no-room", "no-poll-function"],
  ] as readonly Reason[],
};

/** The sentence of each trap code of a rule; the codes of lifting and lowering are `valueTraps`. */
export const ruleTraps: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(sites).flatMap(([rule, list]) =>
    list.map((reason) => [`${rule}.${reason}`, `${rule}: ${reasons[reason]}`]),
  ),
);
