// How the host's functions and operations are written: steps over the world, each a pure function. Mirrors spec/09.

import type { Ctx } from "../canon/machine.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { InstanceId } from "../model/ids.ts";
import type { Value } from "../model/values.ts";
import { type ChoicePoint, choicePoints, settingOf } from "./choice-points.ts";
import type { ObjectRef, World, WorldId } from "./world.ts";

/** What a step works on: the world, which it may change, and the machine beneath. */
export interface Host {
  readonly c: Ctx;
  /** the host's instance */
  readonly instance: InstanceId;
  readonly world: World;
}

/** Where a function or operation is: the label of its next step, and what it remembers, plain data. */
export interface State {
  readonly at: string;
  readonly [local: string]: unknown;
}

/** What a step asks for. */
export type Next =
  /** The function returns, or the operation's thread ends. */
  | { readonly do: "return"; readonly values: readonly Value[] }
  /** Its caller's cancellation is confirmed. */
  | { readonly do: "cancelled" }
  /** Goes on at the state's label once that step is ready. */
  | { readonly do: "wait"; readonly state: State }
  /** Goes on when nothing else can happen before this time, in nanoseconds. */
  | { readonly do: "sleep"; readonly until: bigint; readonly state: State }
  /** Goes on with the number of one of the options as input. */
  | { readonly do: "choose"; readonly options: readonly string[]; readonly state: State }
  /** Goes on with what a rule returns as input. */
  | { readonly do: "rule"; readonly frame: Frame; readonly state: State }
  | { readonly do: "go"; readonly state: State };

/** What a step is given: the pick after `choose`, what the rule returned after `rule`. */
export interface Input {
  readonly pick: number;
  readonly ret: Ret;
}

export interface Step {
  /** Whether a thread that waits at this step may go on; without it: always. Reads only. */
  readonly ready?: (h: Host, s: State) => boolean;
  /** "waits for ..": what a thread that waits here waits for. */
  readonly explain?: (h: Host, s: State) => string;
  /** It has received what is in no file yet: this comes before anything that follows from others. */
  readonly holding?: true;
  /** Asks for settings first, then changes ends and threads: see `settled`. */
  readonly run: (h: Host, s: State, input: Input) => Next;
}

/** A function or an operation: its steps by label. A function starts at `start` with `args`. */
export type Body = Readonly<Record<string, Step>>;

/** Bodies by key: `wasi:filesystem/types.descriptor.open-at`. */
export type Bodies = Readonly<Record<string, Body>>;

/** Thrown where a choice point matters that is still open: it is then decided, and the step run again. */
export class Undecided extends Error {
  readonly point: ChoicePoint;
  constructor(point: ChoicePoint) {
    super(point);
    this.point = point;
  }
}

/**
 * The value of a choice point. Where it is open this throws `Undecided`, and the step begins anew once
 * it is decided: what it did to the world is forgotten, but not what it did to ends and threads.
 */
export function settled({ world }: Pick<Host, "world">, name: ChoicePoint): string {
  const value = settingOf(world.settings, name);
  if (value === "any") throw new Undecided(name);
  return value;
}

/** The alternatives of a choice point that is open. */
export function valuesOf(name: ChoicePoint): readonly string[] {
  return choicePoints[name].values;
}

/**
 * One of the answers that fit a situation equally well, as the choice point `errors` says; null stands
 * for success. The first is that of POSIX or of the text.
 */
export function oneOf<T>(h: Pick<Host, "world">, answers: readonly [T, ...(readonly T[])]): T {
  if (answers.length === 1) return answers[0];
  const at = valuesOf("errors").indexOf(settled(h, "errors"));
  return answers[Math.min(at, answers.length - 1)] as T;
}

/** Whether this host offers one of these interfaces. */
export function isVariant(h: Pick<Host, "world">, ...names: readonly string[]): boolean {
  return names.includes(settled(h, "variant"));
}

/** A number that was never used in this world. */
export function freshId({ world }: Host): WorldId {
  const id = world.next;
  world.next += 1;
  return id;
}

/** A new handle's representation of an object; the guest that gets it owns the handle. */
export function newHandle(h: Host, object: ObjectRef): Value {
  const rep = freshId(h);
  h.world.handles[rep] = object;
  return { tag: "rep", rep };
}

/** The object that a handle, owned or borrowed, stands for. */
export function objectOf({ world }: Pick<Host, "world">, handle: Value | undefined): ObjectRef {
  const rep =
    typeof handle === "object" && "tag" in handle && handle.tag === "rep" ? handle.rep : -1;
  const object = world.handles[rep];
  if (object === undefined) throw new Error(`no object stands behind handle ${rep}`);
  return object;
}

/** The arguments of a function at its step `start`. */
export function argsOf(s: State): readonly Value[] {
  return s.args as readonly Value[];
}

/** What a rule returned as values: the result of a copy and what was received, for `host.copy`. */
export function returned({ ret }: Input): readonly Value[] {
  return ret?.tag === "values" || ret?.tag === "core" ? ret.values : [];
}

/** Whether the caller of the running function has asked to cancel it. */
export function cancelRequested({ c }: Host): boolean {
  const { running } = c.edit;
  const task = running === null ? null : c.edit.thread.read(running).task;
  return task !== null && c.edit.task.read(task).state === "pending-cancel";
}

/** The function returns these values. */
export function give(...values: readonly Value[]): Next {
  return { do: "return", values };
}

/** A function that answers within the call. */
export function syncFunction(run: (h: Host, args: readonly Value[]) => Value | null): Body {
  return {
    start: {
      run: (h, s) => {
        const value = run(h, argsOf(s));
        return value === null ? give() : give(value);
      },
    },
  };
}
