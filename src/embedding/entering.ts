// Arrivals enter a store: calls, reads and drops as threads of the host, everything else on the desk.

import type { Ctx } from "../canon/machine.ts";
import { rootThread } from "../canon/threads.ts";
import type { FuncId, ThreadId } from "../model/ids.ts";
import { hostInstance } from "../scenario/resolve.ts";
import type { Arrival } from "./arrivals.ts";
import type { At } from "./bodies.ts";
import type { CallState, CancelState } from "./calls-in.ts";
import { change, desk } from "./desk.ts";
import type { DropState, ReadState } from "./reads-in.ts";

/** A thread of the host that is ready, in the order of the arrivals. */
function begin(c: Ctx, name: string, guest: string, state: At): ThreadId {
  const { threads } = desk(c);
  change(c, { threads: threads + 1 });
  const core = { guest, instance: hostInstance, code: 0 };
  const frames = [{ tag: "host.end" }, { tag: "guest", core, state }];
  return c.edit.thread.add(rootThread(name, threads, frames));
}

function invoke(c: Ctx, { call, func, handed }: Arrival & { tag: "invoke" }): void {
  const id = c.program.funcs.findIndex((def) => def.name === func) as FuncId;
  const name = `call ${call}`;
  const state: CallState = {
    at: "start",
    call,
    func: id,
    handed,
    waitable: null,
    state: "STARTING",
    ends: [],
  };
  const thread = begin(c, name, "js-call", state);
  const { globals } = c.edit;
  globals.roots = [...globals.roots.filter((root) => root.thread !== null), { name, thread }];
}

function read(c: Ctx, arrival: Arrival & { tag: "read" }): void {
  const { read: n, end, what, most } = arrival;
  const state: ReadState = { at: "start", read: n, end, what, most, values: [] };
  begin(c, `read ${n}`, "js-read", state);
}

/** Puts one arrival into a store, between two steps. */
export function enter(c: Ctx, arrival: Arrival): void {
  switch (arrival.tag) {
    case "invoke":
      invoke(c, arrival);
      return;
    case "read":
      read(c, arrival);
      return;
    case "cancel": {
      const state: CancelState = { at: "start", call: arrival.call };
      begin(c, `cancel of call ${arrival.call}`, "js-cancel", state);
      return;
    }
    case "drop": {
      const state: DropState = { at: "start", end: arrival.end, what: arrival.what };
      begin(c, `drop ${arrival.end}`, "js-drop", state);
      return;
    }
    case "answer":
      change(c, { answers: { ...desk(c).answers, [arrival.request]: arrival.answer } });
      return;
    case "items":
      change(c, { items: { ...desk(c).items, [arrival.source]: arrival.items } });
      return;
    case "cancel-read":
      change(c, { ended: [...desk(c).ended, arrival.read] });
  }
}
