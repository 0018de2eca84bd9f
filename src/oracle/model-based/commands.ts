// Calls of built-ins as commands of fast-check, for one thread. Mirrors spec/15.

import { type Arbitrary, type AsyncCommand, array, nat } from "fast-check";
import type { Builtin } from "./builtins.ts";
import { Draft } from "./draft.ts";
import { Drawer, type Drawing, isPossible, type Numbers } from "./draw.ts";
import type { Make } from "./implementation.ts";
import { type Call, callsOf, type Program, printCall } from "./program.ts";
import { drawingOf, type ProgramsOptions } from "./programs.ts";
import { Session } from "./run.ts";
import { defaultMemory } from "./system.ts";
import { firstReady } from "./turns.ts";
import { assertAllowed, type JudgeProgramOptions } from "./verdict.ts";

/** The model of `fc.commands`: the program so far, and what can be called next. */
export interface CommandModel {
  /** with one thread */
  program: Program;
  /** whether it has trapped or blocked for good: nothing can be called any more */
  ended: boolean;
  readonly draft: Draft;
}

/** What `fc.asyncModelRun` begins with. */
export interface CommandSetup {
  readonly model: CommandModel;
  /** the implementation at work */
  readonly real: Session;
}

/** What commands are made of, and judged under. */
export interface CommandOptions
  extends Omit<ProgramsOptions, "threads" | "calls">,
    JudgeProgramOptions {}

/** The thread that calls. */
const name = "t1";

/** Numbers that are given; zeros, which mean the plainest choice, when they run out. */
function numbersFrom(picks: readonly number[]): Numbers {
  let at = 0;
  return { nextInt: (min, max) => min + ((picks[at++] ?? 0) % (max - min + 1)) };
}

/** A call of one built-in; with what, is decided when it is run. */
class CallCommand implements AsyncCommand<CommandModel, Session> {
  readonly #builtin: Builtin;
  readonly #picks: readonly number[];
  readonly #drawing: Drawing;
  readonly #options: CommandOptions;
  #text: string;

  constructor(
    builtin: Builtin,
    picks: readonly number[],
    drawing: Drawing,
    options: CommandOptions,
  ) {
    this.#builtin = builtin;
    this.#picks = picks;
    this.#drawing = drawing;
    this.#options = options;
    this.#text = builtin;
  }

  check({ ended, draft }: Readonly<CommandModel>): boolean {
    return !ended && isPossible(this.#builtin, draft);
  }

  async run(model: CommandModel, real: Session): Promise<void> {
    const drawer = new Drawer(numbersFrom(this.#picks), this.#drawing, model.draft);
    const place = callsOf(model.program).length;
    const call = drawer.call(this.#builtin);
    model.program = { first: [], threads: [[...callsOf(model.program), call]] };
    this.#text = printCall(callsOf(model.program), call, place);
    model.ended = !(await callOnce(real, call, place));
    assertAllowed(model.program, real.trace, this.#options);
  }

  toString(): string {
    return this.#text;
  }
}

/** Whether the call has returned; if it has not, the run is over. */
async function callOnce(session: Session, call: Call, place: number): Promise<boolean> {
  session.add(name, async () => {
    if (place === 0) await session.enter(name, 0);
    await session.call(name, 0, call, place);
  });
  const left = await session.run(firstReady);
  if (left.length > 0 && !session.trapped) session.end(left);
  return left.length === 0 && !session.trapped;
}

const mostPicks = 12;

/**
 * Arbitraries for `fc.commands`: a command for each built-in, which calls it with handles that are there,
 * and throws `NotAllowed` if the specification does not allow what the implementation does then, after
 * all that it did before.
 */
export function builtinCommands(
  options: CommandOptions = {},
): readonly Arbitrary<AsyncCommand<CommandModel, Session>>[] {
  const drawing = drawingOf({ ...options, threads: 1 });
  return drawing.builtins.map((builtin) => {
    const picks = array(nat({ max: 0xffff }), { minLength: 0, maxLength: mostPicks });
    return picks.map((some) => new CallCommand(builtin, some, drawing, options));
  });
}

/** For `fc.asyncModelRun`: an implementation that is as good as new, and an empty program. */
export function commandSetup(
  make: Make,
  { memory = defaultMemory }: CommandOptions = {},
): () => Promise<CommandSetup> {
  return async () => {
    const model = { program: { first: [], threads: [] }, ended: false, draft: new Draft() };
    return { model, real: await Session.open(make, memory) };
  };
}
