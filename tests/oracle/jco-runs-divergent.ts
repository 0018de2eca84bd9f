// Runs of jco that no revision allows, and why. spec/15 tells of each.

import { diverges, type JcoRun, noTrap, returned, trapped } from "./jco-run.ts";

// the message of an error context may be forgotten: jco keeps it
const kept = ["keep-message caller.run#1"];

export const divergent: readonly JcoRun[] = [
  diverges(
    "stackful",
    "run()",
    trapped(
      5,
      "(component [0]) task [1]  is already resolved (did you forget to wait for an import?)",
      {
        event: "result",
        value: "42",
      },
    ),
    "`canon lift` without callback: the core function returns nothing, task.return has returned",
  ),
  {
    ...diverges(
      "subtasks",
      "run()",
      trapped(
        33,
        "(component [2]) task [1]  is already resolved (did you forget to wait for an import?)",
        {
          event: "result",
          value: "49",
        },
      ),
      "the same behind two subtasks and a waitable-set.wait, which are allowed",
    ),
    schedules: { "6d28164": ["go-on callee.count#2"] },
  },
  diverges(
    "sync-callee",
    "run()",
    {
      index: 5,
      saw: { event: "return", func: "middle.work", results: [0x11] },
      instead: { event: "enter", func: "pause" },
    },
    "a function that is lifted without async may call and wait, if its type is async",
  ),
  diverges(
    "calls",
    "blocks-in-sync()",
    {
      index: 5,
      saw: { event: "result", value: "0" },
      instead: { event: "trap", code: "lift.drive.cannot-block" },
    },
    "a function whose type is not async must not wait, and returns when its core function does",
  ),
  diverges(
    "one-table",
    "run()",
    returned(5, "waitable-set.new", 1, 2),
    "an instance has one table: the index 1 is taken by a resource",
  ),
  diverges(
    "indices",
    "sync-call()",
    returned(9, "callee.make", 2, 1),
    "a sync call takes no index of its caller's table",
  ),
  diverges(
    "indices",
    "async-call()",
    returned(9, "callee.take", 0x31, 0x11),
    "a subtask enters the table after the arguments have left it",
  ),
  diverges(
    "unknown-handle",
    "drop-none()",
    noTrap(3, "resource.drop", "table.no-such-index"),
    "resource.drop of what is no handle traps",
  ),
  {
    ...diverges(
      "error-contexts",
      "run()",
      trapped(19, "local refCount exceeds global during removal", {
        event: "return",
        func: "error-context.drop",
      }),
      "each component that was given an error context drops its own handle",
    ),
    schedules: { "6d28164": kept, d1daf829: kept },
  },
  diverges(
    "streams",
    "beyond-memory()",
    noTrap(13, "stream.read", "stream.read.out-of-bounds", [-1]),
    "the buffer of a copy must lie in the memory when the copy begins",
  ),
  diverges(
    "streams",
    "cancel-in-set()",
    noTrap(19, "stream.cancel-read", "stream.cancel-read.in-waitable-set", [2]),
    "who waits for a cancellation must not have the end in a set",
  ),
  {
    ...diverges(
      "closed",
      "close()",
      trapped(7, "failed to enter task", { event: "end", waiting: ["work()"] }),
      "a call waits at a gate that is closed, also one of the host",
    ),
    as: "work",
    calls: ["close()", "work()"],
  },
  diverges(
    "tasks",
    "lowers-too-far()",
    noTrap(3, "backpressure.dec", "backpressure.dec.underflow"),
    "the counter of backpressure never goes below zero",
  ),
  diverges(
    "tasks",
    "polls-odd()",
    noTrap(5, "waitable-set.poll", "waitable-set.deliver.misaligned", [0]),
    "what an event is written to is aligned to four bytes",
  ),
  diverges(
    "tasks",
    "odd-bool()",
    trapped(3, "invalid variant discriminant for bool", { event: "result", value: "true" }),
    "of a flat bool anything but 0 is true",
  ),
  diverges(
    "tasks",
    "large-byte()",
    trapped(3, "must be between 0 and 255", { event: "result", value: "255" }),
    "of a flat u8 the lowest eight bits count",
  ),
  diverges(
    "tasks",
    "no-utf8()",
    {
      index: 3,
      saw: { event: "result", value: '"\ufffd"' },
      instead: { event: "trap", code: "load-string.invalid" },
    },
    "bytes that are no UTF-8 trap",
  ),
  diverges(
    "strings",
    "run()",
    {
      index: 27,
      saw: {
        event: "enter",
        func: "realloc",
        args: [4224, 5, 1, 15],
        memory: [{ at: 4224, bytes: "68c3a96c6c" }],
      },
      instead: { event: "enter", func: "realloc", args: [4224, 5, 1, 15] },
    },
    "before the buffer is enlarged only what came before the first other character has been stored",
  ),
  diverges(
    "waits-for-ever",
    "in-wait()",
    {
      index: 5,
      saw: { event: "return", func: "waitable-set.wait", results: [6] },
      instead: { event: "end", waiting: ["in-wait()"] },
    },
    "TASK_CANCELLED is for those who were asked to cancel",
  ),
  diverges(
    "waits-for-ever",
    "in-callback()",
    trapped(5, "wasm trap: deadlock detected: event loop cannot make further progress", {
      event: "end",
      waiting: ["in-callback()"],
    }),
    "definitions.py does not trap where nothing can go on",
  ),
];
