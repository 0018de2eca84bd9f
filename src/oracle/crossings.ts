// What can be seen of a run from outside: each crossing between core code and the canonical ABI, in order. Mirrors spec/15.

import {
  type Boundary,
  type Ctx,
  currentThread,
  type Guest,
  type GuestMove,
} from "../canon/machine.ts";
import { callerGuest } from "../component/invocations.ts";
import { recordedGuest } from "../component/unknown-imports.ts";
import { hostInstance } from "../component/wasi.ts";
import type { Ret } from "../model/frames.ts";
import type { FuncId } from "../model/ids.ts";
import type { CoreFunc, CoreImport } from "../model/program.ts";
import type { Thread } from "../model/thread.ts";
import type { CoreValue } from "../model/values.ts";
import type { System } from "../scheduler/machine.ts";
import { type HostSide, recordedImports } from "./recorded-imports.ts";

/** Who is told of the crossings; the store is as it is at that moment, and `currentThread` runs. */
export interface Onlooker {
  /** `args`: null, if they are not known */
  enter(c: Ctx, core: CoreFunc, args: readonly CoreValue[] | null): void;
  leave(c: Ctx, core: CoreFunc, results: readonly CoreValue[]): void;
  call(c: Ctx, core: CoreFunc, callee: CoreImport, args: readonly CoreValue[]): void;
  return(c: Ctx, core: CoreFunc, callee: CoreImport, results: readonly CoreValue[]): void;
  /** A thread of the host calls an export. */
  invoke(c: Ctx, call: string): void;
  /** It gets the result, in WAVE; null: there is none. */
  result(c: Ctx, call: string, value: string | null): void;
  /** A line was logged that is no result. */
  log(c: Ctx, line: string): void;
  /** Speaks for functions of the host that nobody provides; without it they trap when they are called. */
  readonly host?: HostSide;
  /** A thread is about to end. */
  ended?(thread: Readonly<Thread>): void;
}

function valuesOf(ret: Ret): readonly CoreValue[] {
  return ret?.tag === "core" ? ret.values : [];
}

/** What instantiates a module is called by the host too, but nobody can see that: it has no name. */
function isInvocation(c: Ctx, move: GuestMove): boolean {
  if (move.tag !== "host-call" || move.frame.tag !== "host.call") return false;
  const def = c.program.funcs[move.frame.func as FuncId];
  if (def === undefined || def.tag === "host") return true;
  return c.guests[def.core.guest]?.names?.(def.core).length !== 0;
}

/** What a state stands at is told when the code goes on from there. */
function tellBefore(to: Onlooker, c: Ctx, core: CoreFunc, at: Boundary, ret: Ret): void {
  if (at.tag === "start") to.enter(c, core, at.args);
  else to.return(c, core, at.import, valuesOf(ret));
}

/** The slot of `context.*` is an immediate, which a script gives as the first operand. */
function argsOf(callee: CoreImport, args: readonly CoreValue[]): readonly CoreValue[] {
  if (callee.tag === "lower" || callee.slot !== undefined) return args;
  return callee.name === "context.get" || callee.name === "context.set" ? args.slice(1) : args;
}

function tellAfter(to: Onlooker, c: Ctx, core: CoreFunc, move: GuestMove): void {
  if (move.tag === "call") to.call(c, core, move.import, argsOf(move.import, move.args));
  else if (move.tag === "return") to.leave(c, core, move.values as readonly CoreValue[]);
}

/** Threads of the host are called as what they call, and a line that begins so is the result. */
function tellResult(to: Onlooker, c: Ctx, line: string): void {
  const { name } = c.edit.thread.read(currentThread(c));
  const equals = `${name} = `;
  if (line === name) to.result(c, name, null);
  else if (line.startsWith(equals)) to.result(c, name, line.slice(equals.length));
  else to.log(c, line);
}

/** The lines from a place on; `results`: of a thread that makes calls. */
function tellLog(to: Onlooker, c: Ctx, from: number, results: boolean): void {
  const { log } = c.edit.globals;
  for (let i = from; i < log.length; i++) {
    const line = log[i] ?? "";
    if (results) tellResult(to, c, line);
    else to.log(c, line);
  }
}

/** An interpreter of core code, whose crossings are told. */
function seenCore(guest: Guest, to: Onlooker): Guest {
  /** whether a function has a name, by `CoreFunc.code`: without one only its calls are seen */
  const named = new Map<number, boolean>();
  const isNamed = (core: CoreFunc): boolean => {
    const known = named.get(core.code) ?? (guest.names?.(core) ?? []).length > 0;
    named.set(core.code, known);
    return known;
  };
  return {
    ...guest,
    advance(c, core, state, ret) {
      const at = guest.boundary?.(core, state) ?? null;
      if (at !== null && (at.tag === "call" || isNamed(core))) tellBefore(to, c, core, at, ret);
      const known = c.edit.globals.log.length;
      const next = guest.advance(c, core, state, ret);
      tellLog(to, c, known, false);
      if (next.move.tag === "call" || isNamed(core)) tellAfter(to, c, core, next.move);
      return next;
    },
  };
}

/** An interpreter of the host's threads: invocations are told, and lines that are logged. */
function seenHost(guest: Guest, to: Onlooker, results: boolean): Guest {
  return {
    ...guest,
    advance(c, core, state, ret) {
      const known = c.edit.globals.log.length;
      const next = guest.advance(c, core, state, ret);
      tellLog(to, c, known, results);
      if (isInvocation(c, next.move)) to.invoke(c, c.edit.thread.read(currentThread(c)).name);
      return next;
    },
  };
}

/** Scripts, for one, are both: core code in components, and threads of the host. */
function seenBoth(guest: Guest, to: Onlooker): Guest {
  const [inside, outside] = [seenCore(guest, to), seenHost(guest, to, false)];
  return {
    ...guest,
    advance: (c, core, state, ret) => {
      return (core.instance === hostInstance ? outside : inside).advance(c, core, state, ret);
    },
  };
}

function seen(guest: Guest, name: string, to: Onlooker): Guest {
  if (name === recordedGuest) return to.host === undefined ? guest : recordedImports(to.host);
  if (name === callerGuest) return seenHost(guest, to, true);
  return guest.boundary === undefined ? guest : seenBoth(guest, to);
}

/**
 * The same system, whose crossings are told to `to` as they happen. What `to` throws ends the step, and the
 * store is then good for nothing. Looked at are the interpreters that know the `boundary` of their code, and
 * threads of the host.
 */
export function observed(system: System, to: Onlooker): System {
  const guests = Object.entries(system.guests).map(([name, guest]): [string, Guest] => {
    return [name, seen(guest, name, to)];
  });
  const ended = to.ended?.bind(to);
  return { ...system, guests: Object.fromEntries(guests), ...(ended && { ended }) };
}
