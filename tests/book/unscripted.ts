// Trap codes that no scenario can reach, because its language keeps a guest from making that mistake.

/** Why each of them is out of reach; `unscripted-traps.test.ts` reaches them another way. */
export const unscripted: Readonly<Record<string, string>> = {
  "lift.callback.bad-code": "a callback body ends with exit, yield or wait, whose codes are good",
  "lower-results.misaligned": "a script allocates the room for a result itself, and aligned",
  "task.return.wrong-options": "all definitions of a component share its encoding and memory",
  "guest.divide-by-zero": "only core code does this",
  "guest.integer-overflow": "only core code does this",
  "guest.invalid-conversion": "only core code does this",
  "guest.memory-out-of-bounds": "only core code does this",
  "guest.table-out-of-bounds": "only core code does this",
  "guest.undefined-element": "only core code does this",
  "guest.uninitialized-element": "only core code does this",
  "guest.indirect-type": "only core code does this",
  "guest.null-reference": "only core code does this",
  "guest.stack-exhausted": "only core code does this",
  "host.unknown-import": "every import of a scenario is somebody's",
  "host.exited": "only a program in binary imports wasi:cli/exit here",
  "table.full": "a table holds 2^28 - 1 entries",
  "isyswasfa.unexpected-task-state": "a stackless body claims what it was told is ready",
  "isyswasfa.cancel-without-listener": "a stackless body cancels what it listens to",
  "isyswasfa.no-room": "a stackless body writes where there is room",
  "isyswasfa.no-poll-function": "a component with stackless bodies has a poll function",
};
