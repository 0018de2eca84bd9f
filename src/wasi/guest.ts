// The interpreter of the host's functions and operations: runs their steps over the world. Mirrors spec/09.

import { type Ctx, type Guest, type GuestMove, thread } from "../canon/machine.ts";
import type { Frame, Ret } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import type { ReadyWhen } from "../model/thread.ts";
import type { Value } from "../model/values.ts";
import { codes, isOperation } from "./bodies.ts";
import type { ChoicePoint } from "./choice-points.ts";
import {
  cancelRequested,
  type Host,
  type Input,
  type Next,
  type State,
  type Step,
  settled,
  Undecided,
  valuesOf,
} from "./host.ts";
import { isUnsettled, settle } from "./settle.ts";
import type { World, WorldId } from "./world.ts";
import { edited } from "./world-edit.ts";

/** Where the world lies among the globals of the host's instance. */
export const worldKey = "wasi";

/** The world of a store, read only. */
function worldOf(c: Ctx, { instance }: Pick<CoreFunc, "instance">): World {
  return c.edit.instance.read(instance).globals[worldKey] as World;
}

/** Runs `step` on the world; it is as it was if `step` throws. */
function onWorld<T>(c: Ctx, core: CoreFunc, step: (h: Host) => T): T {
  const before = worldOf(c, core);
  const { world: after, value } = edited(before, (world) => {
    return step({ c, instance: core.instance, world });
  });
  if (after !== before) {
    const instance = c.edit.instance.edit(core.instance);
    instance.globals = { ...instance.globals, [worldKey]: after };
  }
  return value;
}

/** The world as it is, for those who only read it. */
function hostOf(c: Ctx, core: CoreFunc): Host {
  return { c, instance: core.instance, world: worldOf(c, core) };
}

function stepAt({ code }: CoreFunc, label: string): Step {
  const step = codes[code]?.[label];
  if (step === undefined) throw new Error(`no step ${label} in body ${code}`);
  return step;
}

/** A choice point that has to be decided first, and then what is done again. */
interface Deciding extends State {
  readonly at: "$decide";
  readonly point: ChoicePoint;
  readonly again: State;
  readonly input: Input;
}

/** A step that is done, but for what follows from it. */
interface Settling extends State {
  readonly at: "$settle";
  readonly next: Next;
}

function decide(point: ChoicePoint, again: State, input: Input): Next {
  const state: Deciding = { at: "$decide", point, again, input };
  const options = valuesOf(point).map((value) => `${point} ${value}`);
  return { do: "choose", options, state };
}

/** Runs a step, or what comes before or after it. */
function run(c: Ctx, core: CoreFunc, state: State, input: Input): Next {
  try {
    if (state.at === "$decide") return decided(c, core, state as Deciding, input);
    if (state.at === "$settle") {
      settleFor(c, core);
      return (state as Settling).next;
    }
    const step = stepAt(core, state.at);
    if (step.holding !== true) settleFor(c, core);
    const h = hostOf(c, core);
    const early = step.ready !== undefined && !step.ready(h, state) && !cancelRequested(h);
    if (early) return waitAgain(state);
    const next = onWorld(c, core, (host) => step.run(host, state, input));
    const after: Settling = { at: "$settle", next };
    return { do: "go", state: after };
  } catch (error) {
    if (error instanceof Undecided) return decide(error.point, state, input);
    throw error;
  }
}

/** Ready because a choice point was open; as it was decided, the step is not. */
function waitAgain(state: State): Next {
  return { do: "wait", state };
}

/** A host that is late with releases lets functions see what is about to go. */
function settleFor(c: Ctx, core: CoreFunc): void {
  const h = hostOf(c, core);
  if (!isOperation(core.code) && settled(h, "release") !== "prompt") return;
  if (isUnsettled(h)) onWorld(c, core, settle);
}

function decided(c: Ctx, core: CoreFunc, state: Deciding, { pick }: Input): Next {
  const { point, again } = state;
  onWorld(c, core, ({ world }) => {
    world.settings = { ...world.settings, [point]: valuesOf(point)[pick] };
  });
  return run(c, core, again, state.input);
}

const noInput: Input = { pick: 0, ret: null };

const call = (frame: Frame): GuestMove => ({ tag: "host-call", frame });

/** Steps until one needs the machine: a choice, a rule, a wait. */
function advance(
  c: Ctx,
  core: CoreFunc,
  first: State,
  ret: Ret,
): { move: GuestMove; state: State } {
  let next = run(c, core, first, { pick: pickOf(ret), ret });
  for (;;) {
    switch (next.do) {
      case "go":
        next = run(c, core, next.state, noInput);
        break;
      case "choose":
        if (next.options.length > 1) {
          return { move: { tag: "choose", options: next.options }, state: next.state };
        }
        next = run(c, core, next.state, noInput);
        break;
      case "return":
        return { move: { tag: "return", values: next.values }, state: over };
      case "cancelled":
        return { move: call({ tag: "host.confirm-cancel" }), state: cancelled };
      case "rule":
        return { move: call(next.frame), state: next.state };
      default:
        return {
          move: call({ tag: "host.await", ready: readyOf(c, core, next) }),
          state: next.state,
        };
    }
  }
}

const over: State = { at: "$over" };
const cancelled: State = { at: "$cancelled" };

function pickOf(ret: Ret): number {
  return ret?.tag === "core" ? Number(ret.values[0] ?? 0) : 0;
}

function readyOf(c: Ctx, core: CoreFunc, next: Next & { do: "wait" | "sleep" }): ReadyWhen {
  const { task } = thread(c);
  if (next.do === "sleep") return { tag: "idle", until: next.until, task };
  return { tag: "guest", core, state: next.state, task };
}

/** A choice point that readiness depends on is decided by the thread itself: so it is ready. */
function isReady(c: Ctx, core: CoreFunc, state: State): boolean {
  const { ready } = stepAt(core, state.at);
  if (ready === undefined) return true;
  try {
    return ready({ c, instance: core.instance, world: worldOf(c, core) }, state);
  } catch (error) {
    if (error instanceof Undecided) return true;
    throw error;
  }
}

/** The ends that an operation holds; a function has none of its own. */
function endsOf(c: Ctx, core: CoreFunc, { operation }: State): readonly WaitableId[] {
  if (!isOperation(core.code) || operation === undefined) return [];
  const op = worldOf(c, core).operations[operation as WorldId];
  return [op?.stream, op?.future].flatMap((end) => end?.waitable ?? []);
}

/** The interpreter of the host's side of WASI. */
export function wasiGuest(): Guest {
  return {
    start: (_c, _core, args): State => ({ at: "start", args: args as readonly Value[] }),
    advance: (c, core, state, input) => {
      const at = state as State;
      if (at.at === cancelled.at) return { move: { tag: "return", values: [] }, state: over };
      return advance(c, core, at, input);
    },
    ready: (c, core, state) => isReady(c, core, state as State),
    serves: (c, core, state) => endsOf(c, core, state as State),
    explain: (c, core, state) => {
      const at = state as State;
      const h: Host = { c, instance: core.instance, world: worldOf(c, core) };
      return stepAt(core, at.at).explain?.(h, at) ?? "waits for the host";
    },
  };
}
