// What a command needs of the machine that it runs on: two streams, and whether to stop.

import pc from "picocolors";
import type { JudgeVerdict } from "../oracle/judging/judgement.ts";
import { type Paint, plain } from "../report/paint.ts";

export interface Io {
  /** Standard output and standard error; the text brings its own line ends. */
  out(text: string): void;
  err(text: string): void;
  /** standard output understands colours */
  readonly color: boolean;
  /** standard error is a terminal: progress may be shown there */
  readonly terminal: boolean;
  /** the user asked to stop; a search looks at this every now and then */
  stopped(): boolean;
}

/** Exit codes, from best to worst. */
export const exitCodes = { ok: 0, violated: 1, invalid: 2, incomplete: 3 } as const;

/** What is said of recorded runs, as an exit code. */
export const verdictCodes: Readonly<Record<JudgeVerdict, number>> = {
  allowed: exitCodes.ok,
  "not allowed": exitCodes.violated,
  unknown: exitCodes.incomplete,
};

/** Hands the exit code of the command that ran to `main`. */
export type Exit = (code: number) => void;

/** The command cannot be carried out as it was given: one line for the user, exit code 2. */
export class UsageError extends Error {}

export function paintOf({ color }: Io): Paint {
  if (!color) return plain;
  const { bold, dim, green, red, yellow } = pc.createColors(true);
  return { strong: bold, faint: dim, good: green, bad: red, doubtful: yellow };
}

export function print(io: Io, lines: readonly string[]): void {
  if (lines.length > 0) io.out(`${lines.join("\n")}\n`);
}

export function complain(io: Io, line: string): void {
  io.err(`${line}\n`);
}
