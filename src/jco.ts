// Recorded runs of components under jco. See spec/15.

import { jcoEngine } from "./oracle/jco/engine.ts";
import type { JcoOptions } from "./oracle/jco/generated.ts";
import { type EngineRunOptions, type EngineTrace, recordIn } from "./oracle/recorder/run.ts";

export { EngineError, type EngineProblem } from "./oracle/recorder/engine-error.ts";
export type { JsFunc } from "./oracle/recorder/host-imports.ts";
export type { EngineTrace, JsFuncs } from "./oracle/recorder/run.ts";
export type { JcoOptions };

export interface RecordJcoOptions extends EngineRunOptions {
  readonly jco?: JcoOptions;
}

/**
 * Runs a component under `@bytecodealliance/jco-transpile` and records what crosses between its core modules
 * and the canonical ABI. Throws `EngineError`; `Invalid` for bytes that are no component, `WaveError` for a
 * call of what it does not export.
 */
export async function recordJco(
  bytes: Uint8Array,
  options: RecordJcoOptions,
): Promise<EngineTrace> {
  return recordIn(jcoEngine(options.jco ?? {}), bytes, options);
}
