// A run as a list of steps with what each of them did: what the trace formats are written from.

import type { Ctx } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import type { Frame } from "../model/frames.ts";
import type { ThreadId } from "../model/ids.ts";
import type { Store } from "../model/store.ts";
import { readOnly } from "../scheduler/explain.ts";
import { type Inspection, inspect } from "../scheduler/inspect.ts";
import { type Action, enabled, type System, step } from "../scheduler/machine.ts";
import { record, type Schedule } from "../scheduler/model.ts";
import type { ChoicePoint, Policy } from "../scheduler/run.ts";
import { type Deed, deedsOf } from "./deeds.ts";

export interface TraceStep {
  /** 1 for the first step */
  readonly n: number;
  /** the thread that ran, `host` for the host; and its instance */
  readonly thread: string;
  readonly instance: string;
  /** the label of the rule that ran */
  readonly rule: string;
  /** null where there was nothing to choose */
  readonly choice: ChoicePoint | null;
  readonly deeds: readonly Deed[];
  /** the difference to the store before; empty unless it was asked for */
  readonly patches: Inspection["patches"];
}

export interface Trace {
  /** all participants: the host, then the instances in order */
  readonly instances: readonly string[];
  readonly steps: readonly TraceStep[];
  /** after the last step */
  readonly store: Store;
  readonly schedule: Schedule;
  /** false: `maxSteps` was reached */
  readonly complete: boolean;
}

export interface TraceOptions {
  readonly patches?: boolean;
  /** default 100 000 */
  readonly maxSteps?: number;
  /** an object of the WASI host, as `whyAlive` names it: with deeds for each change of its holders */
  readonly whyAlive?: string | null;
}

/** Whether a choice is other than the default. */
export function deviates({ enabled: names, picked }: ChoicePoint): boolean {
  return names[0] !== picked;
}

interface Where {
  readonly id: ThreadId | null;
  readonly frame: Frame | null;
  readonly thread: string;
  readonly instance: string;
}

function whereIn(c: Ctx): Where {
  const { stack } = c.edit.globals;
  const id = stack[stack.length - 1] ?? null;
  if (id === null) return { id, frame: null, thread: "host", instance: "host" };
  const { name, task, frames } = c.edit.read("thread", id);
  const instance = instanceName(c, task === null ? null : c.edit.read("task", task).instance);
  return { id, frame: frames.at(-1) ?? null, thread: name, instance };
}

function pointOf(actions: readonly Action[], picked: Action): ChoicePoint | null {
  if (actions.length < 2) return null;
  return { enabled: actions.map((a) => a.name), picked: picked.name };
}

function taken(system: System, store: Store, action: Action, patches: boolean): Inspection {
  if (patches) return inspect(system, store, action);
  return { store: step(system, store, action), patches: [] };
}

/** Runs a system to its end under a policy, one step at a time. */
export function traceOf(system: System, policy: Policy, options: TraceOptions = {}): Trace {
  const steps: TraceStep[] = [];
  const open = new Map<string, Frame>();
  const { whyAlive = null } = options;
  const followed = whyAlive === null ? null : { name: whyAlive, seen: new Map<string, string>() };
  const recorder = record();
  const instances = system.program.instances.map((i) => i.name);
  let store = system.initial;
  const done = (complete: boolean): Trace => {
    return { instances, steps, store, schedule: recorder.schedule(), complete };
  };
  for (let n = 1; n <= (options.maxSteps ?? 100_000); n++) {
    const actions = enabled(system, store);
    const [only] = actions;
    if (only === undefined) return done(true);
    const picked = actions.length === 1 ? only : policy(actions);
    recorder.record(actions, picked);
    const next = taken(system, store, picked, options.patches === true);
    const [before, after] = [readOnly(system, store), readOnly(system, next.store)];
    const { id, frame, thread, instance } = whereIn(before);
    const deeds = deedsOf({ before, after, thread: id, frame, open, followed });
    const choice = pointOf(actions, picked);
    const { patches } = next;
    steps.push({ n, thread, instance, rule: frame?.tag ?? "tick", choice, deeds, patches });
    store = next.store;
  }
  return done(false);
}
