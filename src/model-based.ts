// Model-based testing: an implementation of canonical built-ins against the specification. See spec/15.

export type { JudgedSystem } from "./oracle/judging/judgement.ts";
export type { Builtin, BuiltinPattern, ElementType } from "./oracle/model-based/builtins.ts";
export {
  CheckFailed,
  type CheckOptions,
  checkImplementation,
  implementationProperty,
  type Replay,
} from "./oracle/model-based/check.ts";
export {
  builtinCommands,
  type CommandModel,
  type CommandOptions,
  type CommandSetup,
  commandSetup,
} from "./oracle/model-based/commands.ts";
export {
  type Callee,
  type Caller,
  type CallResult,
  type Implementation,
  type Make,
  type MakeOptions,
  type MemoryAccess,
  Trapped,
} from "./oracle/model-based/implementation.ts";
export {
  type Call,
  type Operand,
  type Program,
  printProgram,
  type ResultOf,
} from "./oracle/model-based/program.ts";
export { type ProgramsOptions, programs } from "./oracle/model-based/programs.ts";
export {
  type ProgramTrace,
  type RunProgramOptions,
  runProgram,
  type Session,
} from "./oracle/model-based/run.ts";
export { takingTurns } from "./oracle/model-based/scheduled.ts";
export { type ProgramOptions, programSystem } from "./oracle/model-based/system.ts";
export type { Choose } from "./oracle/model-based/turns.ts";
export {
  type JudgeProgramOptions,
  judgeProgram,
  NotAllowed,
} from "./oracle/model-based/verdict.ts";
