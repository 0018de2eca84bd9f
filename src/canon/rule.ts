// What a rule is: one named microstep, deterministic once its choice is made. Mirrors spec/02.

import type { Frame } from "../model/frames.ts";
import type { Choice, Ctx } from "./machine.ts";

/** Runs one microstep of the frame on top of the current thread. `pick` is a `Choice.value`. */
export type Rule<F extends Frame = Frame> = (c: Ctx, frame: F, pick: number) => void;

/** The alternatives at a frame, default first; a rule without this has none. */
export type Choices<F extends Frame = Frame> = (c: Ctx, frame: F) => readonly Choice[];

// biome-ignore lint/suspicious/noExplicitAny: each rule declares its own frame; the tag selects it.
export type Rules = Readonly<Record<string, Rule<any>>>;
// biome-ignore lint/suspicious/noExplicitAny: as above.
export type ChoicesOf = Readonly<Record<string, Choices<any>>>;
