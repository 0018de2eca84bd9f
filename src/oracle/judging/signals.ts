// What is thrown to end a step of a run that is followed: nothing is wrong, but it need not go on. Mirrors spec/15.

class Signal extends Error {}

/** What happens is not what the trace says. */
export const mismatch: Signal = new Signal("mismatch");
/** The whole trace is explained. */
export const explained: Signal = new Signal("explained");
