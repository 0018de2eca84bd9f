// The Canonical ABI as a model: enabled moves and steps over stores. Mirrors spec/02 and spec/07.

import { Bug, type Ctx, type Guest, Trap } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import { choices, rules } from "../canon/rules.ts";
import { type HostMove, hostMoves, tick } from "../canon/tick.ts";
import { type Edit, editStore } from "../model/edit.ts";
import type { Frame } from "../model/frames.ts";
import type { Program } from "../model/program.ts";
import type { Store } from "../model/store.ts";
import { sharedStoreKey } from "./key.ts";
import type { Model } from "./model.ts";

/** A move: the host's, one alternative of a choice point, or the only rule that can run. */
export type Action =
  | { readonly tag: "host"; readonly name: string; readonly move: HostMove }
  | { readonly tag: "pick"; readonly name: string; readonly value: number }
  | { readonly tag: "rule"; readonly name: string };

/** A system: its static program, the interpreters of its guests, and its first store. */
export interface System {
  readonly program: Program;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly initial: Store;
}

/** Thrown by a guest that runs on without calling anything: a stated bound, not a trap. */
export class Limit extends Error {}

/** Microsteps within one macrostep before it counts as a limit. */
const macrostepBound = 100_000;

/** What happened in one microstep: for traces. */
export interface StepEvent {
  readonly rule: string;
  readonly frame: Frame | null;
  readonly thread: string;
  readonly instance: string;
  readonly action: Action;
}

function context(system: System, edit: Edit): Ctx {
  return { edit, program: system.program, guests: system.guests, rule: "" };
}

function topFrame(c: Ctx): Frame | null {
  const { stack } = c.edit.globals;
  const id = stack[stack.length - 1];
  if (id === undefined) return null;
  const { frames } = c.edit.read("thread", id);
  return frames[frames.length - 1] ?? null;
}

function enabledIn(c: Ctx): readonly Action[] {
  if (c.edit.globals.ending !== null) return [];
  const frame = topFrame(c);
  if (frame === null) {
    return hostMoves(c).map((move) => ({ tag: "host", name: move.name, move }));
  }
  const alternatives = choices[frame.tag]?.(c, frame) ?? [];
  if (alternatives.length === 0) return [{ tag: "rule", name: frame.tag }];
  return alternatives.map(({ name, value }) => ({ tag: "pick", name, value }));
}

function runningThread(c: Ctx): { name: string; instance: string } {
  const { stack } = c.edit.globals;
  const id = stack[stack.length - 1];
  if (id === undefined || !c.edit.has("thread", id)) return { name: "host", instance: "host" };
  const { name, task } = c.edit.read("thread", id);
  const instance = task === null ? null : c.edit.read("task", task).instance;
  return { name, instance: instanceName(c, instance) };
}

function stepIn(c: Ctx, action: Action): void {
  const frame = topFrame(c);
  const at = runningThread(c);
  c.rule = frame?.tag ?? "tick";
  try {
    if (action.tag === "host") tick(c, action.move);
    else if (frame !== null) {
      const rule = rules[frame.tag];
      if (rule === undefined) throw new Bug("M15", `no rule is labelled ${frame.tag}`);
      rule(c, frame, action.tag === "pick" ? action.value : -1);
    }
  } catch (error) {
    endWith(c, error, at);
  }
}

function endWith(c: Ctx, error: unknown, at: { name: string; instance: string }): void {
  const { rule } = c;
  const { globals } = c.edit;
  if (error instanceof Trap) {
    const { code } = error;
    globals.ending = { tag: "trap", code, rule, thread: at.name, instance: at.instance };
  } else if (error instanceof Bug) {
    globals.ending = { tag: "bug", code: error.code, rule, detail: error.message };
  } else if (error instanceof Limit) globals.ending = { tag: "limit", bound: error.message };
  else throw error;
}

/** Every move that is possible now, in a fixed order, the default first; none after the end. */
export function enabled(system: System, store: Store): readonly Action[] {
  return enabledIn(context(system, editStore(store)));
}

/** One microstep on an edit of one's own: what `step` and the inspector share. */
export function stepOn(system: System, edit: Edit, action: Action): void {
  stepIn(context(system, edit), action);
}

/** One microstep. Total and deterministic; `action` must be one of `enabled`. */
export function step(system: System, store: Store, action: Action): Store {
  const edit = editStore(store);
  stepOn(system, edit, action);
  return edit.done();
}

/** Watches the microsteps of a macrostep. */
export type Watch = (event: StepEvent, c: Ctx) => void;

/** Takes `action`, then every step after it that is the only one; stops where there is a choice. */
export function macrostep(
  system: System,
  store: Store,
  action: Action | null,
  watch: Watch | null = null,
): Store {
  const c = context(system, editStore(store));
  let next: Action | null = action;
  for (let n = 0; n < macrostepBound; n++) {
    if (next === null) {
      const moves = enabledIn(c);
      const [only] = moves;
      if (only === undefined || moves.length > 1) return c.edit.done();
      next = only;
    }
    if (watch === null) stepIn(c, next);
    else watchedStep(c, next, watch);
    next = null;
  }
  c.edit.globals.ending = { tag: "limit", bound: `${macrostepBound} steps without a choice` };
  return c.edit.done();
}

function watchedStep(c: Ctx, action: Action, watch: Watch): void {
  const frame = topFrame(c);
  const { name, instance } = runningThread(c);
  stepIn(c, action);
  watch({ rule: frame?.tag ?? "tick", frame, thread: name, instance, action }, c);
}

/** The system as a `Model` whose states stand at choice points. */
export function machineModel(system: System): Model<Store, Action> {
  return {
    initial: macrostep(system, system.initial, null),
    enabled: (store) => enabled(system, store),
    step: (store, action) => macrostep(system, store, action),
    settle: (store) => macrostep(system, store, null),
    key: sharedStoreKey(),
  };
}
