// Systems in JavaScript's hands: exports as promises, streams as iterables, host functions as functions. See docs/embedding.md.

import { Embedding, type Imports } from "./embedding/embedding.ts";
import { systemFor } from "./embedding/recording.ts";
import { takingTurns } from "./embedding/turns.ts";
import { defaultRevision } from "./model/amendments.ts";
import type { Scenario } from "./scenario/ast.ts";
import { checkedScenarios } from "./scenario/book.ts";
import type { System } from "./scheduler/machine.ts";
import type { Schedule } from "./scheduler/model.ts";
import { type Policy, replayPolicy } from "./scheduler/run.ts";
import { uniform } from "./scheduler/sampling/policies.ts";

export { type Companions, companions, type ItemSource, joined } from "./embedding/companions.ts";
export type { InvokeOptions } from "./embedding/embedding.ts";
export { ComponentError, DeadlockError, MachineError, TrapError } from "./embedding/errors.ts";
export { type Recording, ReplayError, type Replayed, replay } from "./embedding/recording.ts";
export type { CallContext, HostFunction } from "./embedding/requests.ts";
export { GuestResource } from "./embedding/resources.ts";
export { type Chunk, GuestStream, type ReadableOptions } from "./embedding/streams.ts";
export { Embedding, type Imports };

export interface EmbedOptions {
  /** JavaScript functions in place of host functions, by name: `host.fetch` */
  readonly imports?: Imports;
  /** the revision of the specification, as `parseRevision` reads it; a system has its own */
  readonly revision?: string;
  /**
   * Who decides where the specification leaves a choice: one of these. Otherwise it is the default
   * choice, except that threads that are ready take turns.
   */
  readonly policy?: Policy;
  readonly schedule?: Schedule;
  readonly seed?: number;
  /**
   * What becomes of promises when nothing can go on and JavaScript owes nothing: rejected with
   * `DeadlockError`, which is the default, or pending until somebody calls something.
   */
  readonly deadlock?: "reject" | "wait";
  /**
   * Hears of errors that are lost otherwise: what a source threw or a promise was rejected with where the
   * type has no place for it, and items and values that do not fit the type.
   */
  readonly onLost?: (error: unknown) => void;
}

function policyOf({ policy, schedule, seed }: EmbedOptions): Policy {
  if (policy !== undefined) return policy;
  if (schedule !== undefined) return replayPolicy(schedule).policy;
  return seed === undefined ? takingTurns() : uniform(seed);
}

function scenarioOf(text: string): Scenario {
  const [scenario, ...others] = checkedScenarios(text, "embedded");
  if (scenario === undefined || others.length > 0) {
    throw new TypeError(
      `one scenario is embedded, not ${scenario === undefined ? 0 : 1 + others.length}`,
    );
  }
  return scenario;
}

/**
 * Starts a system: the text of a scenario, a scenario that was checked, or a system that was built. What
 * the scenario runs itself begins with the next microtask. Throws `ScenarioError`, `RevisionError`, and
 * `TypeError` for an import that the host of the scenario does not have, or that is no function.
 */
export function embed(source: string | Scenario | System, options: EmbedOptions = {}): Embedding {
  const { imports = {}, revision = defaultRevision, deadlock = "reject" } = options;
  const { onLost = () => {} } = options;
  const whole = typeof source === "string" ? scenarioOf(source) : source;
  const scenario = "program" in whole ? null : whole;
  const origin = { scenario, revision, imports: Object.keys(imports) };
  const system = "program" in whole ? whole : systemFor(origin);
  return new Embedding({ system, origin, imports, policy: policyOf(options), deadlock, onLost });
}
