// The library: scenarios and components in, outcomes, schedules and explanations out.

export { rules } from "./canon/rules.ts";
export { traps } from "./canon/traps.ts";
export { showValue } from "./canon/values/show.ts";
export type { Component as BinaryComponent } from "./component/ast.ts";
export { checkComponent } from "./component/check.ts";
export { decodeComponent } from "./component/decode.ts";
export {
  type Callable,
  callables,
  type Linked,
  linkComponents,
  type Unit,
} from "./component/instantiate.ts";
export {
  componentSystem,
  type RootPlan,
  type RootStep,
  type SystemOptions,
} from "./component/system.ts";
export { type DesignOption, designOptions, type OptionDef } from "./history/options.ts";
export { type BridgeAction, bridgeModel } from "./history/promises/model.ts";
export { type PollAction, type PollState, pollModel } from "./history/promises/poll.ts";
export type { BridgeProgram, TickSize } from "./history/promises/program.ts";
export type { BridgeState } from "./history/promises/state.ts";
export { split } from "./history/split/split.ts";
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
export { profiles } from "./model/profiles.ts";
export type { Program } from "./model/program.ts";
export type { Profile, Store } from "./model/store.ts";
export type { FuncType, ValType } from "./model/types.ts";
export type { Value } from "./model/values.ts";
export { type Onlooker, observed } from "./oracle/crossings.ts";
export { JudgeError } from "./oracle/errors.ts";
export {
  type ParsedTrace,
  parseEventLine,
  parseHeaderLine,
  parseRuns,
  parseTrace,
} from "./oracle/format/parse.ts";
export { printEvent, printHeader, printTrace } from "./oracle/format/print.ts";
export type {
  CoreJson,
  EventKind,
  MemoryBytes,
  RecordedTrace,
  TraceEvent,
  TraceHeader,
} from "./oracle/format/trace.ts";
export { formatTraceError, TraceError } from "./oracle/format/trace-error.ts";
export { judge, judgeSystem } from "./oracle/judging/judge.ts";
export type {
  JudgedSystem,
  JudgedUnder,
  Judgement,
  JudgeOptions,
  JudgeVerdict,
  PlacedEvent,
  Rejection,
} from "./oracle/judging/judgement.ts";
export {
  allows,
  allowsExactly,
  allowsOnly,
  explainOutcome,
  NotSearched,
} from "./oracle/outcomes/answers.ts";
export {
  type ComponentCalls,
  type OutcomeSet,
  type OutcomesOptions,
  outcomesOf,
  type ProgramSource,
} from "./oracle/outcomes/outcomes-of.ts";
export { type OutcomeFacts, type OutcomeLike, outcomeText } from "./oracle/outcomes/patterns.ts";
export { type Recorded, type RecordOptions, recordRun } from "./oracle/record.ts";
export type { HostAnswer, HostFunc, HostSide } from "./oracle/recorded-imports.ts";
export { objectsOf, whyAlive } from "./report/alive-objects.ts";
export { mermaid } from "./report/mermaid.ts";
export { type Trace, type TraceStep, traceOf } from "./report/trace.ts";
export { traceText } from "./report/trace-text.ts";
export type { Check, Condition, OutcomePattern, Scenario } from "./scenario/ast.ts";
export { type Calls, componentScenario, Uncalled } from "./scenario/binary.ts";
export { checkedScenarios, knownWords, scenariosIn } from "./scenario/book.ts";
export { type BuildOptions, buildSystem } from "./scenario/build.ts";
export { checkScenario } from "./scenario/check.ts";
export type { CheckOptions } from "./scenario/check-names.ts";
export { holds } from "./scenario/conditions.ts";
export { formatScenarioError, ScenarioError } from "./scenario/errors.ts";
export type { Allowed, Judged, Verdict } from "./scenario/judge.ts";
export { type Move, type Moves, movesBetween } from "./scenario/moves.ts";
export { parseScenarios } from "./scenario/parse.ts";
export { printScenario } from "./scenario/print.ts";
export { allProperties } from "./scenario/properties.ts";
export { parseRevision, RevisionError, type Selection, select } from "./scenario/revision.ts";
export {
  type Simulated,
  type SimulateScenarioOptions,
  simulateScenario,
} from "./scenario/simulated.ts";
export {
  checksFor,
  type Finding,
  type Result,
  revisionsOf,
  systemOf,
  type VerifyOptions,
  verify,
} from "./scenario/verify.ts";
export { explainStuck } from "./scheduler/explain.ts";
export {
  type Diversity,
  type Exploration,
  type ExploreOptions,
  explore,
  type Found,
  type Reductions,
  type Violation,
} from "./scheduler/explore/explore.ts";
export type { Coverage } from "./scheduler/explore/graph.ts";
export { type Inspection, inspect, whatIf } from "./scheduler/inspect.ts";
export { type Action, enabled, type System, step } from "./scheduler/machine.ts";
export { machineModel } from "./scheduler/machine-model.ts";
export { type Execution, execute, executeAlong } from "./scheduler/minimize/execution.ts";
export { endGoal, type Goal, outcomeGoal, propertyGoal } from "./scheduler/minimize/goals.ts";
export { type Minimized, type MinimizeOptions, minimize } from "./scheduler/minimize/minimize.ts";
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
export type { Property } from "./scheduler/properties.ts";
export {
  type ChoicePoint,
  defaultPolicy,
  type Policy,
  type RunOptions,
  type RunResult,
  replayPolicy,
  run,
} from "./scheduler/run.ts";
export {
  type Chooser,
  chooser,
  pct,
  portfolio,
  pos,
  type Strategy,
  uniform,
} from "./scheduler/sampling/policies.ts";
export { type Sample, type SampleOptions, sample } from "./scheduler/sampling/sample.ts";
export {
  type Failure,
  type Sampled,
  type SimulateOptions,
  type Simulation,
  simulate,
} from "./scheduler/sampling/simulate.ts";
export { choicePoints as hostChoicePoints, wasiProfiles } from "./wasi/choice-points.ts";
export { wasiInterfaces } from "./wasi/interfaces.ts";
export type { OpenObject } from "./wasi/object-names.ts";
export type { World } from "./wasi/world.ts";
export { Invalid, type InvalidKind } from "./wasm/invalid.ts";
export { WaveError } from "./wave/errors.ts";
export { type Invocation, parseInvocation, printInvocation } from "./wave/invocation.ts";
export { parseValue as parseWave } from "./wave/parse.ts";
export { printValue as printWave } from "./wave/print.ts";
export type { WitFile } from "./wit/ast.ts";
export { WitError } from "./wit/errors.ts";
export { parseWit } from "./wit/parse.ts";
export { printWit } from "./wit/print.ts";
export { interfaces, resolve } from "./wit/resolve.ts";
export type { Interface, InterfaceFunc, Resolved, WitType } from "./wit/resolved.ts";
