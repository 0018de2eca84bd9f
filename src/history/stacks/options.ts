// The options of blocking calls on a stack of their own. Mirrors spec/13.

export const stackOptions = {
  stacks: {
    text: "Whose rules hold: those of the crate of 2020, or of the fibers that followed it",
    values: ["crate", "fibers"],
  },
  entries: {
    text: "Which entries fibers leave open: a store decides by what it has, or a flag that is set or not",
    values: ["store", "flag", "no-flag"],
  },
  preempt: {
    text: "Whether fuel or a timer may put a fiber aside wherever its guest calls out",
    values: ["off", "on"],
  },
} as const;
