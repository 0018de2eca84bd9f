// Runs of jco that are allowed, and those that one revision allows. spec/15 tells of the latter.

import { allowed, both, diverges, type JcoRun, old, returned, today } from "./jco-run.ts";

export const sound: readonly JcoRun[] = [
  ...allowed(
    "backpressure",
    ["run()"],
    "calls wait at the gate, one is cancelled there: CANCELLED_BEFORE_STARTED",
  ),
  ...allowed("cancellation", ["run()"], "CANCELLED_BEFORE_RETURNED, RETURNED and BLOCKED"),
  ...allowed("calls", ["drop-unresolved()", "cancel-twice()", "trap-in-callee()"], "these trap"),
  ...allowed("calls", ["cancel-returned()", "poll-order()", "blocks()"], "these do not"),
  ...allowed("elements", ["longs()", "records()", "texts()", "units()"], "elements of any type"),
  ...allowed("elements", ["misaligned()"], "a buffer is aligned as its elements are: it traps"),
  ...allowed("futures", ["write-first()", "read-first()"], "a future is written before or after"),
  ...allowed("futures", ["cancelled()", "reader-gone()"], "CANCELLED, and DROPPED"),
  ...allowed("futures", ["drop-busy()", "read-again()", "unwritten()"], "these trap"),
  ...allowed("handles", ["run()", "twice()"], "own and borrow, a destructor, a handle given away"),
  ...allowed("queue", ["three()"], "several calls wait at the gate: any of them may start first"),
  ...allowed("queue", ["stops-later()", "stops()"], "BLOCKED, then CANCELLED_BEFORE_RETURNED"),
  ...allowed("queue", ["cancel-over()"], "a call whose end was delivered must not be cancelled"),
  ...allowed("queue", ["gives-way()"], "thread.yield in a function that is lifted without async"),
  ...allowed("streams", ["two-reads()", "reader-gone()", "closed-then-read()"], "partial copies"),
  ...allowed("streams", ["zero-write()", "zero-read()", "zero-both()"], "copies of nothing"),
  ...allowed("streams", ["moved()", "drop-in-set()"], "ends in waitable sets"),
  ...allowed("streams", ["drop-full-set()", "read-twice()", "cancel-idle()"], "these trap"),
  ...allowed("streams", ["drop-busy()"], "an end that copies must not be dropped"),
  ...allowed("tasks", ["returns-twice()", "never-returns()", "cancels-unasked()"], "these trap"),
  ...allowed("tasks", ["unknown-code()", "waits-for-no-set()", "joins-nothing()"], "these trap"),
  ...allowed("tasks", ["polls-outside()", "no-char()"], "these trap"),
  ...allowed("tasks", ["yields()", "returns-and-goes-on()"], "YIELD, also after task.return"),
  ...allowed("unknown-handle", ["rep-none()", "drop-twice()"], "these trap"),
  {
    component: "account",
    calls: ["deposit(100)", "deposit(20)"],
    allowed: both,
    finding: null,
    why: "two tasks read the balance before one of them writes it",
  },
];

export const revised: readonly JcoRun[] = [
  diverges(
    "partial-copy",
    "run()",
    returned(19, "stream.cancel-write", 0x42, 0x40),
    "CM#719: the word of a copy is chosen when it is delivered, CANCELLED even if something was copied",
    [today],
  ),
  diverges(
    "streams",
    "cancelled-read()",
    returned(21, "stream.cancel-read", 0x22, 0x20),
    "the same for a reader",
    [today],
  ),
  diverges(
    "streams",
    "idle-reader-gone()",
    returned(17, "waitable-set.poll", 0, 3),
    "CM#720: an idle writer hears that its reader is gone: STREAM_WRITE",
    [old],
  ),
  {
    component: "streams",
    calls: ["two-revisions()"],
    allowed: [],
    finding: null,
    why: "CM#719 without CM#720, which were merged one after the other",
  },
  diverges(
    "calls",
    "cancel-in-set()",
    {
      index: 13,
      saw: { event: "enter", func: "on-stay", args: [6, 0, 0] },
      instead: { event: "trap", code: "subtask.cancel.in-waitable-set" },
    },
    "CM#715: a subtask in a set must leave it before it is cancelled",
    [old],
  ),
];
