// The end of an operation: its stream ends, its future resolves, and its thread goes. Mirrors spec/09.

import { readEnd } from "../canon/pairs.ts";
import type { Frame } from "../model/frames.ts";
import type { ValType } from "../model/types.ts";
import { copyIsOver, dropEnd, elementOf, peerOf } from "./ends.ts";
import { type Body, give, type Host, settled, valuesOf } from "./host.ts";
import { at, go, operationOf, wait } from "./operation-state.ts";
import { isDriven } from "./teardown.ts";
import { type Operation, outcome } from "./world.ts";

/** Which end of the operation shows first that it is over; between the two the guest may run. */
const finishing: Body = {
  finish: {
    run: (h, s) => {
      const { stream, future } = operationOf(h, s);
      const told = stream !== null && peerOf(h, stream) !== null;
      const heard = future !== null && peerOf(h, future) !== null;
      if (!told || !heard) return go("close-stream", s, { next: "resolve" });
      const order = settled(h, "order");
      const options = order === "both" ? valuesOf("order").slice(1) : [order];
      return { do: "choose", options, state: at("in-order", s, { options }) };
    },
  },
  "in-order": {
    run: (_h, s, { pick }) =>
      (s.options as readonly string[])[pick] === "stream-first"
        ? go("close-stream", s, { next: "turn" })
        : go("resolve", s),
  },
  "close-stream": {
    run: (h, s) => {
      const op = operationOf(h, s);
      const { stream } = op;
      op.stream = null;
      if (stream !== null) dropEnd(h, { tag: "end", waitable: stream.waitable });
      return s.next === "turn" ? wait("resolve", s) : go(s.next as string, s);
    },
  },
};

const resolving: Body = {
  resolve: {
    ready: isDriven,
    explain: () => "waits to resolve its future",
    run: (h, s) => {
      const { future, error } = operationOf(h, s);
      if (future === null) return go("resolved", s);
      const t: ValType | null = elementOf(h, future);
      const values = [outcome(error)];
      const kind = "writable-future";
      const { waitable } = future;
      const frame: Frame = { tag: "host.copy", waitable, kind, t, values, length: 1, async: true };
      return { do: "rule", frame, state: at("offered", s) };
    },
  },
  offered: {
    run: (h, s) => {
      const { stream } = operationOf(h, s);
      return stream === null ? wait("resolved", s) : wait("after-future", s);
    },
  },
  /** The future shows that it is over; now the stream does. */
  "after-future": {
    ready: isDriven,
    run: (_h, s) => go("close-stream", s, { next: "taken" }),
  },
  taken: { run: (_h, s) => wait("resolved", s) },
  resolved: {
    ready: (h, s) => isTaken(h, operationOf(h, s)),
    explain: () => "waits for its future to be read or dropped",
    run: (h, s) => {
      const op = operationOf(h, s);
      const { future } = op;
      op.future = null;
      if (future !== null) dropEnd(h, { tag: "end", waitable: future.waitable });
      return give();
    },
  },
};

/** Nobody waits for the future any more: its value was read, or its reader is gone. */
function isTaken(h: Host, { future }: Operation): boolean {
  if (future === null) return true;
  return copyIsOver(h, future) || readEnd(h.c, future.waitable).state !== "copying";
}

/** From the step `finish` on. */
export const finishingSteps: Body = { ...finishing, ...resolving };
