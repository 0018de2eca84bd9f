// The Canonical ABI as a machine: enabled moves and steps over stores. Mirrors spec/02 and spec/07.

import { openCalls } from "../canon/guest.ts";
import { Bug, type Ctx, context, type Guest, Trap } from "../canon/machine.ts";
import { instanceName } from "../canon/names.ts";
import { waitsOutside } from "../canon/ready.ts";
import { type Choices, noPicks, type Rule } from "../canon/rule.ts";
import { choices, rules } from "../canon/rules.ts";
import { type HostMove, hostMoves, tick } from "../canon/tick.ts";
import { type Edit, editStore } from "../model/edit.ts";
import type { Frame } from "../model/frames.ts";
import type { MemoryId } from "../model/ids.ts";
import type { Program } from "../model/program.ts";
import type { Store } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import { boundText, type Named } from "./model.ts";

/** A move: the host's, one alternative of a choice point, or the only rule that can run. */
export type Action =
  | { readonly tag: "host"; readonly name: string; readonly id?: string; readonly move: HostMove }
  | {
      readonly tag: "pick";
      readonly name: string;
      readonly value: number;
      readonly viaDefault?: string;
    }
  | { readonly tag: "rule"; readonly name: string };

/** A system: its static program, the interpreters of its guests, and its first store. */
export interface System {
  readonly program: Program;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly initial: Store;
  /** The memories of an instance, in the order in which they are made (default: the one that its entity names). */
  readonly memories?: readonly (readonly MemoryId[])[];
  /** Told of each thread that is about to end. */
  readonly ended?: Ctx["ended"];
  /** Roots by number that may change places, in classes: the same function with the same arguments. */
  readonly symmetric?: readonly (readonly number[])[];
}

/** Thrown by a guest that runs on without calling anything: a stated bound, not a trap. */
export class Limit extends Error {}

/** Microsteps within one macrostep before it counts as a limit. */
export const macrostepBound = 100_000;

/** What happened in one microstep: for traces. */
export interface StepEvent {
  readonly rule: string;
  readonly frame: Frame | null;
  readonly thread: string;
  readonly instance: string;
  readonly action: Action;
}

/** Watches the microsteps of a macrostep. */
export type Watch = (event: StepEvent, c: Ctx) => void;

interface Row {
  readonly tag: string;
  readonly rule: Rule;
  /** null for a rule that never asks */
  readonly choices: Choices | null;
  /** What ran after it last: to guess that it will again is faster than to look up. */
  after: Row | null;
}

const rows: ReadonlyMap<string, Row> = new Map(
  Object.entries(rules).map(([tag, rule]) => {
    return [tag, { tag, rule, choices: choices[tag] ?? null, after: null }];
  }),
);

function rowOf(tag: string): Row {
  const row = rows.get(tag);
  if (row === undefined) throw new Bug("M15", `no rule is labelled ${tag}`);
  return row;
}

function rowAfter(before: Row | null, tag: string): Row {
  const guess = before?.after ?? null;
  if (guess !== null && guess.tag === tag) return guess;
  const row = rowOf(tag);
  if (before !== null) before.after = row;
  return row;
}

function topThread(c: Ctx): Readonly<Thread> | null {
  const id = c.edit.running;
  return id === null ? null : c.edit.thread.read(id);
}

function topFrame(t: Readonly<Thread>): Frame {
  const frame = t.frames[t.frames.length - 1];
  if (frame === undefined) throw new Bug("M15", "a thread runs without a frame");
  return frame;
}

export const nothing: readonly Action[] = [];

/** The host's moves, found anew. */
export function hostActions(c: Ctx): readonly Action[] {
  return hostMoves(c).map(hostAction);
}

/** A move of the host as an action. */
export function hostAction(move: HostMove): Action {
  const { name, id } = move;
  return id === null ? { tag: "host", name, move } : { tag: "host", name, id, move };
}

/** Whether all that a move does is to let a thread go on that waits for what is no part of the model. */
export function isOutside(c: Ctx, action: Action): boolean {
  if (action.tag !== "host" || action.move.tag !== "resume") return false;
  return waitsOutside(c.edit.thread.read(action.move.thread));
}

function pickAction(c: Ctx, point: Choices, frame: Frame, pick: number): Action {
  const name = point.name(c, frame, pick);
  const viaDefault = point.viaDefault?.(c, frame, pick) ?? null;
  if (viaDefault === null) return { tag: "pick", name, value: pick };
  return { tag: "pick", name, value: pick, viaDefault };
}

function threadActions(c: Ctx, frame: Frame): readonly Action[] {
  const point = rowOf(frame.tag).choices;
  const picks = point?.picks(c, frame) ?? noPicks;
  if (point === null || picks.length === 0) return [{ tag: "rule", name: frame.tag }];
  return picks.map((pick) => pickAction(c, point, frame, pick));
}

export function enabledIn(c: Ctx): readonly Action[] {
  if (c.edit.globals.ending !== null) return nothing;
  const t = topThread(c);
  return t === null ? hostActions(c) : threadActions(c, topFrame(t));
}

function instanceOf(c: Ctx, t: Readonly<Thread> | null): string {
  if (t === null) return "host";
  const task = t.task === null || !c.edit.task.has(t.task) ? null : c.edit.task.read(t.task);
  return instanceName(c, task?.instance ?? null);
}

/** Turns what a rule threw on thread `t` into the end of the run. */
function endWith(c: Ctx, error: unknown, t: Readonly<Thread> | null): void {
  const { rule } = c;
  const { globals } = c.edit;
  if (error instanceof Trap) {
    const { code } = error;
    const thread = t?.name ?? "host";
    const calls = error.calls ?? (t === null ? [] : openCalls(c, t));
    const where = { rule, thread, instance: instanceOf(c, t), ...(calls.length > 0 && { calls }) };
    globals.ending = { tag: "trap", code, ...where };
    for (const guest of Object.values(c.guests)) guest.trapped?.(c);
  } else if (error instanceof Bug) {
    globals.ending = { tag: "bug", code: error.code, rule, detail: error.message };
  } else if (error instanceof Limit) globals.ending = { tag: "limit", bound: error.message };
  else throw error;
}

function perform(c: Ctx, t: Readonly<Thread> | null, action: Action): void {
  c.rule = "tick";
  try {
    if (action.tag === "host") tick(c, action.move);
    else if (t !== null) {
      const frame = topFrame(t);
      c.rule = frame.tag;
      rowOf(frame.tag).rule(c, frame, action.tag === "pick" ? action.value : -1);
    }
  } catch (error) {
    endWith(c, error, t);
  }
}

/** Takes one action in a context. */
export function stepIn(c: Ctx, action: Action, watch: Watch | null): void {
  const t = topThread(c);
  if (watch === null) {
    perform(c, t, action);
    return;
  }
  const frame = t === null ? null : topFrame(t);
  const instance = instanceOf(c, t);
  perform(c, t, action);
  watch({ rule: frame?.tag ?? "tick", frame, thread: t?.name ?? "host", instance, action }, c);
}

/** How far to go, and who looks on. */
export interface Settling {
  /** microsteps without a choice before they count as a limit */
  readonly bound: number;
  readonly watch: Watch | null;
  /** The host's moves now, the default first. */
  readonly host: (c: Ctx) => readonly Action[];
  /** Told of each move of the host that is taken because it is the only one. */
  readonly take?: (only: Named) => void;
}

export const alone: Settling = { bound: macrostepBound, watch: null, host: hostActions };

/** Where a thread may choose. */
const choosing = -1;

/** Asks for the length first: to look up what is not there is slow. */
function onlyPick(picks: readonly number[]): number {
  return picks.length === 0 ? -1 : (picks[0] ?? -1);
}

/** So many microsteps at a time: they are counted in small integers even if there is no bound. */
const atOnce: number = 2 ** 30;

/** Runs the thread on top, and whoever it resumes, at most `most` microsteps; gives how many are left. */
function runThreads(c: Ctx, most: number, watch: Watch | null): number {
  const end = Math.min(most, atOnce);
  let t: Readonly<Thread> | null = null;
  let row: Row | null = null;
  try {
    for (let done = 0; done < end; done++) {
      t = topThread(c);
      if (t === null) return most - done;
      const frame = topFrame(t);
      const { tag } = frame;
      c.rule = tag;
      row = rowAfter(row, tag);
      const { rule, choices: point } = row;
      const picks = point === null ? noPicks : point.picks(c, frame);
      if (picks.length > 1) return choosing;
      if (watch === null) rule(c, frame, onlyPick(picks));
      else if (watchOnly(c, watch)) return most - done;
    }
  } catch (error) {
    endWith(c, error, t);
  }
  return most - end;
}

/** The only microstep there is, for somebody who looks on; true if it ended the run. */
function watchOnly(c: Ctx, watch: Watch): boolean {
  for (const only of enabledIn(c)) stepIn(c, only, watch);
  return c.edit.globals.ending !== null;
}

/**
 * Runs on while there is just one thing to do, also through the host's turns; gives what to choose from then.
 *
 * To go on through a turn of the host within one step is right for sleep sets too. A move that sleeps was
 * possible before this step and commutes with it, so it is possible at that turn as well; if just one is
 * possible there it is that one, and to take it writes the thread that it concerns, which wakes it. Nor does
 * it matter who was not ready at that turn: where a step that commutes with this one would have made somebody
 * ready, it comes first on another path, and there this one stops at the turn.
 */
export function settle(c: Ctx, { bound, watch, host, take }: Settling): readonly Action[] {
  const { globals } = c.edit;
  let left = bound;
  while (left > 0 && globals.ending === null) {
    if (c.edit.running !== null) left = runThreads(c, left, watch);
    else {
      const moves = host(c);
      const only = moves.length === 1 ? moves[0] : undefined;
      if (only === undefined) return moves;
      take?.(only);
      stepIn(c, only, watch);
      left -= 1;
    }
  }
  if (left === choosing) return enabledIn(c);
  globals.ending ??= { tag: "limit", bound: boundText(bound) };
  return nothing;
}

/** Every move that is possible now, in a fixed order, the default first; none after the end. */
export function enabled(system: System, store: Store): readonly Action[] {
  return enabledIn(context(system, editStore(store)));
}

/** One microstep on an edit of one's own: what `step` and the inspector share. */
export function stepOn(system: System, edit: Edit, action: Action): void {
  stepIn(context(system, edit), action, null);
}

/** One microstep. Total and deterministic; `action` must be one of `enabled`. */
export function step(system: System, store: Store, action: Action): Store {
  const edit = editStore(store);
  stepOn(system, edit, action);
  return edit.done();
}

/** Takes `action`, then every step after it that is the only one; stops where there is a choice. */
export function macrostep(
  system: System,
  store: Store,
  action: Action | null,
  watch: Watch | null = null,
): Store {
  const c = context(system, editStore(store));
  if (action !== null) stepIn(c, action, watch);
  settle(c, { ...alone, watch });
  return c.edit.done();
}
