// The interpreter of stackless exports: their entries, and the steps that each takes. Mirrors spec/11.

import type { Ctx, Guest, GuestMove } from "../../canon/machine.ts";
import { maxFlatParams } from "../../canon/values/flatten.ts";
import type { Ret } from "../../model/frames.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { FuncType } from "../../model/types.ts";
import type { CoreValue } from "../../model/values.ts";
import { coreOf } from "../calls.ts";
import { raise } from "../marshal.ts";
import type { ScriptValue } from "../script-values.ts";
import { picked, resumeScript, runStep, takeStep } from "./bodies.ts";
import type { Engine, Entry, Work } from "./engine.ts";
import * as native from "./native.ts";
import * as calls from "./native-calls.ts";
import * as poll from "./poll.ts";
import { beginFreed } from "./replies.ts";
import * as split from "./split.ts";
import { executorIn, executorKey } from "./state.ts";
import type { After, Out, Step } from "./steps.ts";

/** The state of an entry: what it does next, and what is out. */
interface EntryState {
  /** the arguments, until it begins */
  readonly begin: { readonly flat: readonly CoreValue[] } | null;
  readonly agenda: readonly Step[];
  readonly after: After | null;
}

/** Whether a component of the split ABI has something to say, or a task to run. */
export function isBusy(c: Ctx, instance: CoreFunc["instance"]): boolean {
  const { outbox, runnable } = executorIn(c, instance);
  return outbox.length > 0 || runnable.length > 0;
}

/** The interpreter of the entries of an engine; `CoreFunc.code` indexes them. */
export function stacklessGuest(engine: Engine): Guest {
  return {
    start: (_c, _core, args): EntryState => {
      return { begin: { flat: args as readonly CoreValue[] }, agenda: [], after: null };
    },
    advance: (c, core, state, input) => advance(c, engine, core, state as EntryState, input),
  };
}

function advance(
  c: Ctx,
  engine: Engine,
  core: CoreFunc,
  state: EntryState,
  input: Ret,
): { move: GuestMove; state: EntryState } {
  const entry = engine.entries[core.code];
  if (entry === undefined) throw new Error(`no entry ${core.code}`);
  const { instance } = core;
  const before = executorIn(c, instance);
  const w: Work = {
    place: { c, instance, opts: entry.opts },
    engine,
    entry: core.code,
    x: before,
    agenda: state.agenda,
  };
  let out =
    state.begin === null ? resume(w, state.after, input) : begin(w, entry, state.begin.flat);
  while (out === null) out = next(w);
  if (w.x !== before) keep(w);
  return { move: out.move, state: { begin: null, agenda: w.agenda, after: out.after } };
}

/** An executor that has nothing to do is as one that never had. */
function keep({ place: { c, instance }, x }: Work): void {
  const inst = c.edit.instance.edit(instance);
  const { [executorKey]: _, ...others } = inst.globals;
  const idle = Object.values(x).every((list: readonly unknown[]) => list.length === 0);
  inst.globals = idle ? others : { ...others, [executorKey]: x };
}

function begin(w: Work, entry: Entry, flat: readonly CoreValue[]): Out | null {
  switch (entry.entry) {
    case "start": {
      const ft = entry.half ?? entry.ft;
      const args = parameters(w, ft, flat);
      if (entry.half === null) native.beginNative(w, entry, args);
      else split.beginStart(w, entry, args);
      return null;
    }
    case "callback":
      native.beginCallback(w, flat.map(Number));
      return null;
    case "result":
      return split.beginResult(w, parameters(w, entry.ft, flat));
    case "poll": {
      const [inputs = []] = parameters(w, entry.ft, flat);
      poll.beginPoll(w, inputs as readonly ScriptValue[], flat);
      return null;
    }
    case "freed":
      beginFreed(w);
      return null;
  }
}

function parameters(w: Work, ft: FuncType, flat: readonly CoreValue[]): ScriptValue[] {
  return raise(
    w.place,
    flat,
    ft.params.map((p) => p.t),
    maxFlatParams,
  );
}

function next(w: Work): Out | null {
  const [step, ...rest] = w.agenda;
  if (step === undefined) throw new Error("an entry that does not end");
  w.agenda = rest;
  return (steps[step.step] as (of: Work, s: Step) => Out | null)(w, step);
}

type Steps = {
  readonly [K in Step["step"]]: (w: Work, step: Step & { readonly step: K }) => Out | null;
};

const quietly =
  <S>(act: (w: Work, s: S) => void) =>
  (w: Work, s: S): null => {
    act(w, s);
    return null;
  };

const steps: Steps = {
  run: runStep,
  take: takeStep,
  builtin: builtin,
  leave: (_, { values }) => ({ move: { tag: "return", values }, after: null }),
  join: quietly(calls.joinStep),
  settle: quietly(native.settleStep),
  turn: quietly(native.turnStep),
  ran: split.ranStep,
  round: quietly(poll.roundStep),
  input: quietly(poll.inputStep),
};

function builtin({ place }: Work, { name, args, t, rt, after }: Step & { step: "builtin" }): Out {
  const opts = { ...place.opts, async: true };
  const imported = { tag: "builtin", name, t, rt, opts, cancellable: false, table: [] } as const;
  return { move: { tag: "call", import: imported, args }, after };
}

/** What comes after a call. */
function resume(w: Work, after: After | null, ret: Ret): Out | null {
  if (after === null) return null;
  return (afters[after.after] as (of: Work, t: After, r: Ret) => Out | null)(w, after, ret);
}

type Afters = {
  readonly [K in After["after"]]: (
    w: Work,
    after: After & { readonly after: K },
    ret: Ret,
  ) => Out | null;
};

const silently =
  <T>(act: (w: Work, after: T, ret: Ret) => void) =>
  (w: Work, after: T, ret: Ret): null => {
    act(w, after, ret);
    return null;
  };

const afters: Afters = {
  script: (w, { task, script }, ret) => resumeScript(w, task, script, ret),
  picked: (w, { tasks }, ret) => picked(w, tasks, Number(coreOf(ret)[0] ?? 0)),
  started: silently(calls.started),
  copied: silently(calls.copied),
  set: silently(calls.setMade),
  cancelled: silently(calls.cancelled),
  resumed: silently(native.resumed),
  freed: silently(native.freed),
  looked: silently(native.looked),
  begun: silently(split.begun),
  claimed: silently(split.claimed),
  made: silently(split.made),
  identified: silently(split.identified),
};
