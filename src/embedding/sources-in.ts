// The streams and futures that JavaScript gives: a thread for each, which asks for items when a guest reads.

import { remain } from "../canon/buffers.ts";
import type { Ctx, Guest } from "../canon/machine.ts";
import { blocked } from "../canon/machine.ts";
import { copyResults, editEnd, newEnds, readEnd } from "../canon/pairs.ts";
import { hasPendingEvent } from "../canon/ready.ts";
import { newThread, resumeLater } from "../canon/threads.ts";
import { isBulk } from "../canon/values/bulk.ts";
import type { Frame } from "../model/frames.ts";
import type { WaitableId } from "../model/ids.ts";
import type { End } from "../model/store.ts";
import type { Value } from "../model/values.ts";
import { hostInstance } from "../scenario/resolve.ts";
import type { Given, Handed } from "./arrivals.ts";
import {
  type At,
  type Body,
  give,
  interpreter,
  type Next,
  returned,
  rule,
  wait,
} from "./bodies.ts";
import { change, desk, tell, without } from "./desk.ts";

/** The thread of a source: it holds the writable end, and the items that were not taken yet. */
interface SourceState extends At {
  readonly at: "start" | "asked" | "pulled" | "written" | "offered" | "taken" | "dropped";
  readonly given: Given;
  readonly end: WaitableId;
  readonly items: readonly Value[];
  readonly last: boolean;
}

/** The guest's end; null once it was dropped. */
function peerOf(c: Ctx, { end }: SourceState): Readonly<End> | null {
  const { other } = readEnd(c, end);
  return other === null ? null : readEnd(c, other);
}

/** How many elements the guest's read is good for; null without a read that is still unanswered. */
function askedBy(peer: Readonly<End>): number | null {
  const reading = peer.state === "copying" || peer.state === "cancelling";
  if (!reading || peer.buffer === null || peer.pendingEvent !== null) return null;
  return remain(peer.buffer);
}

function onEnd({ end, given }: SourceState, tag: string, more: object = {}): Frame {
  return { tag, waitable: end, kind: `writable-${given.what}`, t: given.t, ...more };
}

function drop(s: SourceState): Next<SourceState> {
  return rule(onEnd(s, "host.drop"), { ...s, at: "dropped" });
}

/** The guest does not want any more. */
function close(c: Ctx, s: SourceState): Next<SourceState> {
  const { source } = s.given;
  tell(c, { tag: "close", source });
  change(c, { items: without(desk(c).items, source) });
  return drop(s);
}

function pull(c: Ctx, s: SourceState): Next<SourceState> {
  const peer = peerOf(c, s);
  if (peer === null) return close(c, s);
  tell(c, { tag: "pull", source: s.given.source, most: Math.max(1, askedBy(peer) ?? 1) });
  return wait({ ...s, at: "pulled" });
}

function takeItems(c: Ctx, s: SourceState): Next<SourceState> {
  const { source } = s.given;
  const got = desk(c).items[source];
  if (peerOf(c, s) === null || got === undefined) return close(c, s);
  change(c, { items: without(desk(c).items, source) });
  return offer({ ...s, items: endsFor(c, got.handed), last: got.last });
}

function offer(s: SourceState): Next<SourceState> {
  const { items, last } = s;
  if (items.length === 0) return last ? drop(s) : wait({ ...s, at: "asked" });
  const more = { values: items, length: items.length, async: true };
  return rule(onEnd(s, "host.copy", more), { ...s, at: "written" });
}

function taken(c: Ctx, s: SourceState, result: number): Next<SourceState> {
  if (s.given.what === "future") return drop(s);
  if ((result & 0xf) === copyResults.DROPPED) return close(c, s);
  return offer({ ...s, items: s.items.slice(result >>> 4) });
}

const sourceBody: Body<SourceState> = {
  start: {
    // the value of a future is on its way already; the items of a stream have to be asked for
    run: (_c, s) => wait({ ...s, at: s.given.what === "future" ? "pulled" : "asked" }),
  },
  asked: {
    ready: (c, s) => {
      const peer = peerOf(c, s);
      return peer === null || askedBy(peer) !== null;
    },
    explain: () => "waits for somebody to read",
    run: pull,
  },
  pulled: {
    ready: (c, s) => s.given.source in desk(c).items || peerOf(c, s) === null,
    explain: (_c, { given }) => `waits for JavaScript to give ${given.what} ${given.source}`,
    run: takeItems,
  },
  written: {
    run: (c, s, ret) => {
      const result = Number(returned(ret)[0]);
      return result === blocked ? wait({ ...s, at: "offered" }) : taken(c, s, result);
    },
  },
  offered: {
    ready: (c, s) => hasPendingEvent(c, s.end),
    explain: () => "waits for somebody to read",
    run: (_c, s) => rule({ tag: "host.copy.done", waitable: s.end }, { ...s, at: "taken" }),
  },
  taken: { run: (c, s, ret) => taken(c, s, Number(returned(ret)[0])) },
  dropped: { run: () => give() },
};

export const sourceGuest: Guest = interpreter<SourceState>({
  body: sourceBody,
  serves: ({ end }) => [end],
});

function startSource(c: Ctx, given: Given): WaitableId {
  const [readable, writable] = newEnds(c, given.what, given.t, null);
  for (const end of [readable, writable]) editEnd(c, end).known = false;
  const state: SourceState = { at: "start", given, end: writable, items: [], last: false };
  const core = { guest: "js-source", instance: hostInstance, code: 0 };
  const frames = [{ tag: "host.end" }, { tag: "guest", core, state }];
  resumeLater(c, newThread(c, `source ${given.source}`, null, frames));
  return readable;
}

/** The values of the machine: every source in them is a readable end by now. */
export function endsFor(c: Ctx, { values, given }: Handed): readonly Value[] {
  if (given.length === 0) return values;
  const ends = new Map(given.map((g) => [-1 - g.source, startSource(c, g)]));
  return values.map((v) => placed(v, ends));
}

function placed(v: Value, ends: ReadonlyMap<number, WaitableId>): Value {
  if (typeof v !== "object" || isBulk(v)) return v;
  if (!("tag" in v)) return v.map((item) => placed(item, ends));
  if (v.tag === "end") return { tag: "end", waitable: ends.get(v.waitable) ?? v.waitable };
  if (v.tag === "case" && v.value !== null) return { ...v, value: placed(v.value, ends) };
  if (v.tag !== "record") return v;
  const fields = Object.entries(v.fields).map(([label, f]) => [label, placed(f, ends)]);
  return { tag: "record", fields: Object.fromEntries(fields) };
}
