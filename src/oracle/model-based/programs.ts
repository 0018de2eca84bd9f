// Programs as a fast-check arbitrary. Mirrors spec/15.

import { Arbitrary, type Random, Stream, toStringMethod, Value } from "fast-check";
import { type BuiltinPattern, type ElementType, selectBuiltins } from "./builtins.ts";
import { type Drawing, drawProgram } from "./draw.ts";
import { type Program, printProgram } from "./program.ts";
import { simplerPrograms } from "./simplify.ts";
import { defaultMemory } from "./system.ts";

/** What programs are about. */
export interface ProgramsOptions {
  /** `stream.*`, `waitable.join` and so on (default: all that programs can call) */
  readonly builtins?: readonly BuiltinPattern[];
  /** the element types of streams and futures (default: none, `u8` and `u32`) */
  readonly types?: readonly ElementType[];
  /** calls at the most (default 20) */
  readonly calls?: number;
  /** threads at the most (default 1); with more than one, what they share is made before they begin */
  readonly threads?: number;
  /** bytes of memory (default 128) */
  readonly memory?: number;
}

/** All built-ins that programs can call. */
const everything: readonly BuiltinPattern[] = [
  "stream.*",
  "future.*",
  "waitable-set.*",
  "waitable.join",
  "context.*",
  "backpressure.inc",
  "backpressure.dec",
  "thread.yield",
  "error-context.new",
  "error-context.drop",
];

export function drawingOf(options: ProgramsOptions): Drawing {
  const { builtins = everything, types = [null, "u8", "u32"], memory = defaultMemory } = options;
  const { calls = 20, threads = 1 } = options;
  return { builtins: selectBuiltins(builtins), types, calls, threads, memory };
}

class Programs extends Arbitrary<Program> {
  readonly #drawing: Drawing;

  constructor(drawing: Drawing) {
    super();
    this.#drawing = drawing;
  }

  generate(random: Random): Value<Program> {
    return printed(drawProgram(random, this.#drawing));
  }

  canShrinkWithoutContext(value: unknown): value is Program {
    return typeof value === "object" && value !== null && "first" in value && "threads" in value;
  }

  shrink(program: Program): Stream<Value<Program>> {
    return new Stream(simplerPrograms(program, this.#drawing.types)).map(printed);
  }
}

/** A program like any other, except that fast-check prints it on lines that can be read. */
function printed(program: Program): Value<Program> {
  const lines = (): string => `\n${printProgram(program).replace(/^/gm, "  ")}\n`;
  Object.defineProperty(program, toStringMethod, { value: lines });
  return new Value(program, undefined);
}

/** Programs of calls, which shrink to ones with fewer calls, then simpler types and smaller numbers. */
export function programs(options: ProgramsOptions = {}): Arbitrary<Program> {
  return new Programs(drawingOf(options));
}
