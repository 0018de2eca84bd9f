// When a callee starts to run, design by design. Mirrors spec/13.

/** `call`: before the call returns; `later`: by a queue; `poll`: when its future is first polled. */
export type Start = "call" | "later" | "poll";

/** A way to call, and when the first of the callee's own code runs. */
export interface StartRow {
  readonly design: string;
  readonly start: Start;
}

export const starts: readonly StartRow[] = [
  { design: "an async call today", start: "call" },
  { design: "a call that is split into start and result", start: "call" },
  { design: "the proposal of June 2022", start: "call" },
  { design: "an async function of JavaScript", start: "call" },
  { design: "an async function that is exported as a promise", start: "later" },
  { design: "a task that is spawned", start: "later" },
  { design: "a call on a stack of its own", start: "poll" },
];
