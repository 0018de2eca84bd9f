// Why a run cannot be recorded. Mirrors spec/15.

/**
 * `missing`: a package is not installed. `host`: this JavaScript engine lacks something. `component`: the
 * engine does not take the component. `unsupported`: it has something that is not recorded.
 */
export type EngineProblem = "missing" | "host" | "component" | "unsupported";

/** The engine could not be made to run, or what it does cannot be written as a trace. */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly problem: EngineProblem;

  constructor(problem: EngineProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.problem = problem;
  }
}
