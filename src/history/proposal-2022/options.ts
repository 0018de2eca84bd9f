// The options of the proposal of June 2022. Mirrors spec/12.

export const proposal2022Options = {
  eager: {
    text: "Whether an offer may be taken up in the call that makes it",
    values: ["off", "on"],
  },
  "strict-listen": {
    text: "Whether listen refuses what a lower gave: the reading of the meeting's notes",
    values: ["off", "on"],
  },
  "wait-scope": {
    text: "Whose events a wait takes: those of the tasks of its stack, or of the whole instance",
    values: ["stack", "instance"],
  },
  poison: {
    text: "Whether a guest that touches a buffer it has lent is caught",
    values: ["trap", "ignore"],
  },
  reentry: {
    text: "Whether an instance is entered whose code is in the middle of a call",
    values: ["trap", "allow"],
  },
  deadlock: {
    text: "What becomes of stacks that wait when nothing can ever move again",
    values: ["stuck", "trap"],
  },
} as const;
