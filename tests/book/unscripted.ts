// Trap codes that no scenario can reach, because its language keeps a guest from making that mistake.

/** Why each of them is out of reach; `unscripted-traps.test.ts` reaches them another way. */
export const unscripted: Readonly<Record<string, string>> = {
  "lift.callback.bad-code": "a callback body ends with exit, yield or wait, whose codes are good",
  "lower-results.misaligned": "a script allocates the room for a result itself, and aligned",
  "task.return.wrong-options": "all definitions of a component share its encoding and memory",
  "table.full": "a table holds 2^28 - 1 entries",
  "isyswasfa.unexpected-task-state": "a stackless body claims what it was told is ready",
  "isyswasfa.cancel-without-listener": "a stackless body cancels what it listens to",
  "isyswasfa.no-room": "a stackless body writes where there is room",
  "isyswasfa.no-poll-function": "a component with stackless bodies has a poll function",
};
