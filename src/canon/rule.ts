// What a rule is: one named microstep, deterministic once its choice is made. Mirrors spec/02.

import type { Frame } from "../model/frames.ts";
import type { Ctx } from "./machine.ts";

/** Runs one microstep of the frame on top of the current thread. `pick` is one of `Choices.picks`. */
export type Rule<F extends Frame = Frame> = (c: Ctx, frame: F, pick: number) => void;

/** What is open at a frame. Names are made only where somebody has to choose. */
export interface Choices<F extends Frame = Frame> {
  /** The alternatives as the rule takes them, default first; none: the rule does not ask. */
  picks(c: Ctx, frame: F): readonly number[];
  /** Says the kind and the site of an alternative, stable over schedules. */
  name(c: Ctx, frame: F, pick: number): string;
  /** The id of a host move, if to take this is to take the first alternative and then that move. */
  viaDefault?(c: Ctx, frame: F, pick: number): string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: each rule declares its own frame; the tag selects it.
export type Rules = Readonly<Record<string, Rule<any>>>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type ChoicesOf = Readonly<Record<string, Choices<any>>>;

/** For a rule that does not ask. */
export const noPicks: readonly number[] = [];
