// The library: scenarios in, outcomes, schedules and explanations out.

export { rules } from "./canon/rules.ts";
export { traps } from "./canon/traps.ts";
export { showValue } from "./canon/values/show.ts";
export {
  type Amendment,
  type AmendmentName,
  amendmentNames,
  amendments,
  defaultRevision,
  type Revision,
  type RevisionName,
  revisions,
} from "./model/amendments.ts";
export { storeFromJson, storeToJson } from "./model/json.ts";
export type { Program } from "./model/program.ts";
export type { Profile, Store } from "./model/store.ts";
export type { Value } from "./model/values.ts";
export { mermaid } from "./report/mermaid.ts";
export { type Trace, type TraceStep, traceOf } from "./report/trace.ts";
export { traceText } from "./report/trace-text.ts";
export type { Check, Condition, OutcomePattern, Scenario } from "./scenario/ast.ts";
export { checkedScenarios, knownWords, scenariosIn } from "./scenario/book.ts";
export { type BuildOptions, buildSystem } from "./scenario/build.ts";
export { checkScenario } from "./scenario/check.ts";
export type { CheckOptions } from "./scenario/check-names.ts";
export { holds } from "./scenario/conditions.ts";
export { formatScenarioError, ScenarioError } from "./scenario/errors.ts";
export { type Move, type Moves, movesBetween } from "./scenario/moves.ts";
export { parseScenarios } from "./scenario/parse.ts";
export { printScenario } from "./scenario/print.ts";
export { profiles } from "./scenario/profiles.ts";
export { parseRevision, RevisionError, type Selection, select } from "./scenario/revision.ts";
export {
  type Allowed,
  checksFor,
  type Finding,
  type Judged,
  type Result,
  revisionsOf,
  systemOf,
  type Verdict,
  type VerifyOptions,
  verify,
} from "./scenario/verify.ts";
export { explainStuck } from "./scheduler/explain.ts";
export {
  type Coverage,
  type Exploration,
  type ExploreOptions,
  explore,
  type Final,
  type Violation,
} from "./scheduler/explore.ts";
export { type Inspection, inspect } from "./scheduler/inspect.ts";
export { type Action, enabled, machineModel, type System, step } from "./scheduler/machine.ts";
export {
  type Follower,
  follow,
  type Model,
  parseSchedule,
  printSchedule,
  type Recorder,
  record,
  type Schedule,
  ScheduleError,
} from "./scheduler/model.ts";
export { type End, type Outcome, outcomeOf, showEnd, showOutcome } from "./scheduler/outcome.ts";
export { type Property, standingProperties } from "./scheduler/properties.ts";
export {
  type ChoicePoint,
  defaultPolicy,
  type Policy,
  type RunOptions,
  type RunResult,
  replayPolicy,
  run,
  uniformPolicy,
} from "./scheduler/run.ts";
