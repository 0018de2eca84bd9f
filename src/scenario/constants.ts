// The numbers of the specification that have names: COMPLETED, STARTED, SUBTASK. Mirrors spec/00-scenarios.md.

/** Named integers of the specification, e.g. BLOCKED, COMPLETED, STARTED, SUBTASK. */
export const constants = {
  BLOCKED: { value: 0xffff_ffff, kind: "copy" },
  COMPLETED: { value: 0, kind: "copy" },
  DROPPED: { value: 1, kind: "copy" },
  CANCELLED: { value: 2, kind: "copy" },
  STARTING: { value: 0, kind: "subtask" },
  STARTED: { value: 1, kind: "subtask" },
  RETURNED: { value: 2, kind: "subtask" },
  CANCELLED_BEFORE_STARTED: { value: 3, kind: "subtask" },
  CANCELLED_BEFORE_RETURNED: { value: 4, kind: "subtask" },
  NONE: { value: 0, kind: "event" },
  SUBTASK: { value: 1, kind: "event" },
  STREAM_READ: { value: 2, kind: "event" },
  STREAM_WRITE: { value: 3, kind: "event" },
  FUTURE_READ: { value: 4, kind: "event" },
  FUTURE_WRITE: { value: 5, kind: "event" },
  TASK_CANCELLED: { value: 6, kind: "event" },
  RETURN_COMPLETE: { value: 1, kind: "event-2022" },
  WRITE_COMPLETE: { value: 3, kind: "event-2022" },
  WRITTEN: { value: 4, kind: "event-2022" },
  FINISHED: { value: 5, kind: "event-2022" },
} as const;

export type ConstantName = keyof typeof constants;
