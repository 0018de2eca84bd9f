// What can be seen of a run, for tests that judge without the judge.

import { type Ctx, currentThread } from "../../src/canon/machine.ts";
import type { InstanceId } from "../../src/model/ids.ts";
import { readBytes } from "../../src/model/memory.ts";
import type { CoreFunc } from "../../src/model/program.ts";
import type { Store } from "../../src/model/store.ts";
import type { CoreValue } from "../../src/model/values.ts";
import type { Onlooker } from "../../src/oracle/crossings.ts";
import type { EventKind, MemoryBytes, TraceEvent } from "../../src/oracle/format/trace.ts";
import { memoriesIn } from "../../src/oracle/memories.ts";
import { instanceNamed, namesOfCore, namesOfImported } from "../../src/oracle/names.ts";
import type { System } from "../../src/scheduler/machine.ts";

/** One thing that was seen, with all that may be said of it. */
export interface Sighting {
  readonly kind: EventKind;
  readonly instance: string | null;
  /** its path, which is another thread's as soon as it has ended */
  readonly thread: string | null;
  /** of a function: all that it is called */
  readonly names: readonly string[];
  /** arguments or results; null: there are none, or they are not known */
  readonly values: readonly CoreValue[] | null;
  /** what a log, a result, an invocation, a trap or an end says */
  readonly words: readonly string[];
  /** good as long as it happens */
  readonly holds: (bytes: MemoryBytes) => boolean;
}

export type Seen = { readonly tag: "event"; readonly at: Sighting } | Ended;

interface Ended {
  readonly tag: "ended";
  readonly thread: string;
}

const nowhere = { instance: null, thread: null, names: [], values: null, holds: () => false };

/** Tells `to` all that happens in a run. */
export class Lookout implements Onlooker {
  readonly #system: System;
  readonly #to: (seen: Seen) => void;

  constructor(system: System, to: (seen: Seen) => void) {
    this.#system = system;
    this.#to = to;
  }

  enter(c: Ctx, core: CoreFunc, args: readonly CoreValue[] | null): void {
    this.#crossing("enter", c, core, namesOfCore(c.guests, core), args);
  }

  leave(c: Ctx, core: CoreFunc, results: readonly CoreValue[]): void {
    this.#crossing("leave", c, core, namesOfCore(c.guests, core), results);
  }

  call(...[c, core, callee, args]: Parameters<Onlooker["call"]>): void {
    this.#crossing("call", c, core, namesOfImported(c.program, callee), args);
  }

  return(...[c, core, callee, results]: Parameters<Onlooker["return"]>): void {
    this.#crossing("return", c, core, namesOfImported(c.program, callee), results);
  }

  invoke(c: Ctx, call: string): void {
    this.#said(c, "invoke", [call]);
  }

  result(c: Ctx, call: string, value: string | null): void {
    this.#said(c, "result", [call, value ?? ""]);
  }

  log(c: Ctx, line: string): void {
    this.#said(c, "log", [line]);
  }

  ended({ path }: { readonly path: string }): void {
    this.#to({ tag: "ended", thread: path });
  }

  #said(c: Ctx, kind: EventKind, words: readonly string[]): void {
    this.#to({ tag: "event", at: { ...nowhere, kind, thread: threadIn(c), words } });
  }

  #crossing(
    kind: EventKind,
    c: Ctx,
    { instance }: CoreFunc,
    names: readonly string[],
    values: readonly CoreValue[] | null,
  ): void {
    const at: Sighting = {
      kind,
      instance: instanceNamed(c.program, instance),
      thread: threadIn(c),
      names,
      values,
      words: [],
      holds: (bytes) => holds(this.#system, c, instance, bytes),
    };
    this.#to({ tag: "event", at });
  }
}

function threadIn(c: Ctx): string {
  return c.edit.thread.read(currentThread(c)).path;
}

function holds(
  system: System,
  c: Ctx,
  instance: InstanceId,
  { at, bytes, memory = 0 }: MemoryBytes,
): boolean {
  const id = memoriesIn(system, c, instance)[memory];
  if (id === undefined) return false;
  const held = c.edit.memory.read(id);
  const n = bytes.length / 2;
  return at + n <= held.length && Buffer.from(readBytes(held, at, n)).toString("hex") === bytes;
}

/** How a run ended that came to its end; null for one that did not, or not by the guest's doing. */
export function lastSighting(store: Store): Sighting | null {
  const { ending, stack, entities } = store;
  if (ending === null) {
    const waiting = store.roots.filter((root) => root.thread !== null).map(({ name }) => name);
    return { ...nowhere, kind: "end", words: waiting };
  }
  if (ending.tag !== "trap") return null;
  const thread = entities.thread[stack.at(-1) ?? -1]?.path ?? null;
  const instance = ending.instance === "host" ? null : ending.instance;
  return { ...nowhere, kind: "trap", instance, thread, words: [ending.code] };
}

/** A sighting as a text, without its thread, which has no name that everybody knows. */
export function keyOf({ kind, instance, names, values, words }: Sighting): string {
  const known = values?.map(String) ?? null;
  return JSON.stringify([kind, instance, names[0] ?? null, known, words]);
}

/** What an event says that the model offers, as `keyOf` writes it. */
export function keyOfEvent(event: TraceEvent): string {
  const instance = event.instance ?? null;
  const func = "func" in event ? (event.func ?? null) : null;
  return JSON.stringify([event.event, instance, func, valuesOf(event), wordsOf(event)]);
}

function valuesOf(event: TraceEvent): readonly string[] | null {
  if (event.event === "enter" || event.event === "call") return event.args?.map(String) ?? null;
  if (event.event !== "leave" && event.event !== "return") return null;
  return event.results?.map(String) ?? null;
}

function wordsOf(event: TraceEvent): readonly string[] {
  switch (event.event) {
    case "invoke":
      return [event.call];
    case "result":
      return [event.call, event.value ?? ""];
    case "log":
      return [event.line];
    case "trap":
      return [event.code ?? ""];
    case "end":
      return event.waiting ?? [];
    default:
      return [];
  }
}
