// Progress on standard error: what is searched, how many states so far, how many are waiting.

import type { Io } from "./io.ts";

export interface Progress {
  /** Shows how far it is, `amount` units of work; false when the user asked to stop. */
  readonly say: (text: string, amount: number) => boolean;
  /** For `explore`: shows where the search is; false when the user asked to stop. */
  readonly tick: (p: { readonly states: number; readonly frontier: number }) => boolean;
  /** Clears the line. */
  readonly done: () => void;
}

const clear = "\r\u001b[K";
const everyLine = 4096;

/** On a terminal one line is rewritten; elsewhere, and only when asked for, lines are added. */
export function progress(io: Io, what: string, wanted: boolean): Progress {
  const { terminal } = io;
  let shown = false;
  let due = everyLine;
  const show = (text: string, amount: number): void => {
    if (terminal) io.err(clear + text);
    else if (amount < due) return;
    else io.err(`${text}\n`);
    due = amount + everyLine;
    shown = true;
  };
  const say = (text: string, amount: number): boolean => {
    if (terminal || wanted) show(`${what}: ${text}`, amount);
    return !io.stopped();
  };
  return {
    say,
    tick: ({ states, frontier }) => say(`${states} states, ${frontier} to expand`, states),
    done: () => {
      if (shown && terminal) io.err(clear);
    },
  };
}
