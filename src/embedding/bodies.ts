// How the threads of the embedding are written: steps over plain data, and the interpreter that runs them.

import type { Ctx, Guest, GuestMove } from "../canon/machine.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { Value } from "../model/values.ts";

/** Where a thread is: the label of its next step, and what it remembers. */
export interface At {
  readonly at: string;
}

/** What a step asks for. */
export type Next<S extends At> =
  | { readonly do: "move"; readonly move: GuestMove; readonly state: S }
  /** Goes on at the state's label once that step is ready. */
  | { readonly do: "wait"; readonly state: S };

interface Step<S extends At> {
  /** Whether a thread that waits at this step may go on; without it: always. Reads only. */
  readonly ready?: (c: Ctx, s: S) => boolean;
  /** "waits for ..": what a thread that waits here waits for. */
  readonly explain?: (c: Ctx, s: S) => string;
  /** `ret`: what the rule of the step before has returned. */
  readonly run: (c: Ctx, s: S, ret: Ret) => Next<S>;
}

export type Body<S extends At> = Readonly<Record<S["at"], Step<S>>>;

const over: At = { at: "over" };

/** Runs a rule and goes on with what it returns. */
export function rule<S extends At>(frame: Frame, state: S): Next<S> {
  return { do: "move", move: { tag: "host-call", frame }, state };
}

/** Stands at a choice point and goes on with the pick. */
export function ask<S extends At>(options: readonly string[], state: S): Next<S> {
  return { do: "move", move: { tag: "choose", options }, state };
}

/** The end of the thread, or of the function. */
export function give<S extends At>(...values: readonly Value[]): Next<S> {
  return { do: "move", move: { tag: "return", values }, state: over as S };
}

/** The end of the function, which takes its caller along. */
export function trap<S extends At>(): Next<S> {
  return { do: "move", move: { tag: "trap", reason: "throw" }, state: over as S };
}

export function wait<S extends At>(state: S): Next<S> {
  return { do: "wait", state };
}

/** What a rule returned as values. */
export function returned(ret: Ret): readonly Value[] {
  return ret?.tag === "values" || ret?.tag === "core" ? ret.values : [];
}

/** How the states of one kind of thread begin, and the ends that one answers for. */
interface Interpreted<S extends At> {
  readonly body: Body<S>;
  /** without it: a thread is made with its state, and nobody calls it */
  readonly start?: (core: CoreFunc, args: readonly Value[]) => S;
  readonly serves?: (s: S) => readonly WaitableId[];
}

/** The interpreter of one kind of thread. */
export function interpreter<S extends At>({ body, start, serves }: Interpreted<S>): Guest {
  const stepAt = (s: S): Step<S> => body[s.at as S["at"]];
  const isReady = (c: Ctx, s: S): boolean => stepAt(s).ready?.(c, s) ?? true;
  return {
    start: (_c, core, args) => {
      if (start === undefined) throw new Error("this is no function that is called");
      return start(core, args as readonly Value[]);
    },
    advance(c, core, state, ret) {
      let next = stepAt(state as S).run(c, state as S, ret);
      while (next.do === "wait" && isReady(c, next.state)) {
        next = stepAt(next.state).run(c, next.state, null);
      }
      if (next.do === "move") return { move: next.move, state: next.state };
      const ready = { tag: "guest", core, state: next.state, task: null } as const;
      return { move: { tag: "host-call", frame: { tag: "host.await", ready } }, state: next.state };
    },
    ready: (c, _core, state) => isReady(c, state as S),
    explain: (c, _core, s) => stepAt(s as S).explain?.(c, s as S) ?? "waits for JavaScript",
    serves: (_c, _core, state) => serves?.(state as S) ?? [],
  };
}
