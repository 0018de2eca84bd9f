// The life of an operation: it serves the copies of its stream until that is over. Mirrors spec/09.

import type { Frame } from "../model/frames.ts";
import type { EndValue, Value } from "../model/values.ts";
import { askedBy, copyIsOver, elementOf, peerOf } from "./ends.ts";
import { finishingSteps } from "./finish.ts";
import {
  type Body,
  give,
  type Host,
  type Input,
  type Next,
  returned,
  type State,
  type Step,
  settled,
} from "./host.ts";
import { behaviours } from "./kinds.ts";
import { type Consumer, chunk, type Producer } from "./operation.ts";
import { at, go, operationOf, wait } from "./operation-state.ts";
import { conclude, streamIsOver } from "./settle.ts";
import { isDriven } from "./teardown.ts";
import type { Operation, WorldId } from "./world.ts";

/** The end of an active operation's stream. */
function streamOf({ stream }: Operation): EndValue {
  if (stream === null) throw new Error("an active operation without a stream");
  return { tag: "end", waitable: stream.waitable };
}

/** Whether the copy that the guest has pending, if any, can be answered. */
function isServable(h: Host, op: Operation): boolean {
  const peer = peerOf(h, streamOf(op));
  if (peer === null) return true;
  const behaviour = behaviours[op.kind];
  const asked = askedBy(peer);
  if (behaviour.side === "consumer" && peer.owner === null && asked === null) {
    return behaviour.room(h, op, chunk).tag !== "none";
  }
  if (asked === 0 && settled(h, "zero") === "immediate") return true;
  const eager = asked === null && settled(h, "detect") === "eager";
  if (asked === null && !eager) return false;
  const { tag } =
    behaviour.side === "producer"
      ? behaviour.supply(h, op, asked ?? 1)
      : behaviour.room(h, op, asked ?? 1);
  return tag === "end" || tag === "error" || (tag === "some" && asked !== null);
}

function isReadyToServe(h: Host, s: State): boolean {
  const op = operationOf(h, s);
  if (!isDriven(h)) return false;
  return op.status === "done" || streamIsOver(h, op) || isServable(h, op);
}

/** How much of `most` elements to move at once. */
function parts(h: Host, most: number): readonly number[] {
  if (most <= 1 || settled(h, "chunk") === "whole") return [most];
  if (most <= 8) return Array.from({ length: most }, (_, i) => most - i);
  return [most, most - 1, Math.ceil(most / 2), 1];
}

function choosePart(h: Host, s: State, most: number, error: string | null = null): Next {
  const amounts: readonly number[] = parts(h, Math.min(most, chunk));
  const options = amounts.map((n) => `move ${n}`);
  const failing = h.world.faults > 0 || error !== null ? ["fail"] : [];
  const state = at("move", s, { amounts, error });
  return { do: "choose", options: [...options, ...failing], state };
}

function over(h: Host, s: State, op: Operation, error: string | null): Next {
  const behaviour = behaviours[op.kind];
  if (error !== null && behaviour.side === "consumer") behaviour.failed?.(h, op);
  conclude(h, s.operation as WorldId, error);
  return go("finish", s);
}

function serveProducer(h: Host, s: State, op: Operation, kind: Producer): Next {
  const asked = askedOf(h, op);
  const supply = kind.supply(h, op, asked ?? 1);
  if (supply.tag === "end" && asked !== 0) return over(h, s, op, supply.error);
  if (asked === 0) return zero(s, supply.tag === "end" ? supply.error : undefined);
  if (supply.tag !== "some" || asked === null) return wait("serve", s);
  return choosePart(h, s, Math.min(asked, supply.n));
}

function serveConsumer(h: Host, s: State, op: Operation, kind: Consumer): Next {
  const asked = askedOf(h, op);
  const room = kind.room(h, op, asked ?? chunk);
  if (room.tag === "error" && asked !== 0) return over(h, s, op, room.error);
  if (asked === 0) return zero(s, room.tag === "error" ? room.error : undefined);
  if (room.tag !== "some") return wait("serve", s);
  if (asked === null) return pull(h, s, op, room.n);
  return choosePart(h, s, Math.min(asked, room.n), room.error ?? null);
}

function askedOf(h: Host, op: Operation): number | null {
  const peer = peerOf(h, streamOf(op));
  return peer === null ? null : askedBy(peer);
}

/** A copy of no elements: it completes, or where there is nothing to copy any more shows the end. */
function zero(s: State, error?: string | null): Next {
  const options = error === undefined ? ["complete"] : ["complete", "end"];
  return { do: "choose", options, state: at("zero", s, { error: error ?? null }) };
}

/** A rule of the host's ends on the operation's stream. */
function onStream(h: Host, op: Operation, tag: string, more: object): Frame {
  const stream = streamOf(op);
  const kind = behaviours[op.kind].side === "producer" ? "writable-stream" : "readable-stream";
  return { tag, waitable: stream.waitable, kind, t: elementOf(h, stream), async: true, ...more };
}

const read = (length: number): object => ({ values: [], length });
const write = (values: readonly Value[]): object => ({ values, length: values.length });

/** The other end is the host's too: a read of this one meets its write. */
function pull(h: Host, s: State, op: Operation, n: number): Next {
  const frame = onStream(h, op, "host.copy", read(Math.min(n, chunk)));
  return { do: "rule", frame, state: at("pulling", s) };
}

function move(h: Host, s: State, { pick }: Input): Next {
  const op = operationOf(h, s);
  const behaviour = behaviours[op.kind];
  const n = (s.amounts as readonly number[])[pick];
  if (n === undefined) {
    if (s.error !== null) return over(h, s, op, s.error as string);
    h.world.faults -= 1;
    return over(h, s, op, behaviour.fault ?? "io");
  }
  if (behaviour.side === "consumer") {
    return { do: "rule", frame: onStream(h, op, "host.copy", read(n)), state: at("moved", s) };
  }
  const values = behaviour.take(h, op, n);
  return { do: "rule", frame: onStream(h, op, "host.copy", write(values)), state: at("moved", s) };
}

/** The elements have moved; a failure that is known by now may show in the same event. */
function moved(h: Host, s: State, input: Input): Next {
  const op = operationOf(h, s);
  const behaviour = behaviours[op.kind];
  const [, received = []] = returned(input);
  if (behaviour.side === "consumer") {
    const error = behaviour.put(h, op, received as readonly Value[]);
    if (error !== null) return over(h, s, op, error);
  }
  const error = failureAhead(h, op);
  if (error === null) return wait("serve", s);
  return { do: "choose", options: ["later", "fail"], state: at("fail", s, { error }) };
}

function failureAhead(h: Host, op: Operation): string | null {
  const behaviour = behaviours[op.kind];
  const next =
    behaviour.side === "producer" ? behaviour.supply(h, op, 1) : behaviour.room(h, op, 1);
  return next.tag === "end" || next.tag === "error" ? next.error : null;
}

function zeroAnswered(h: Host, s: State, { pick }: Input): Next {
  const op = operationOf(h, s);
  if (pick === 1) return over(h, s, op, s.error as string | null);
  const behaviour = behaviours[op.kind];
  if (behaviour.side === "producer") behaviour.probed?.(h, op);
  const some = behaviour.side === "producer" ? write([0]) : read(1);
  return { do: "rule", frame: onStream(h, op, "host.copy", some), state: at("probed", s) };
}

const serving: Body = {
  serve: {
    ready: isReadyToServe,
    explain: (h, s) => waitsFor(h, operationOf(h, s)),
    run: (h, s) => {
      const op = operationOf(h, s);
      if (op.status === "done") return go("finish", s);
      const behaviour = behaviours[op.kind];
      return behaviour.side === "producer"
        ? serveProducer(h, s, op, behaviour)
        : serveConsumer(h, s, op, behaviour);
    },
  },
  move: { run: move },
  moved: { run: moved },
  fail: {
    run: (h, s, { pick }) =>
      pick === 0 ? wait("serve", s) : over(h, s, operationOf(h, s), s.error as string),
  },
  zero: { run: zeroAnswered },
  /** The guest was told; the host takes back what it had offered for that. */
  probed: {
    run: (h, s) => {
      const frame = onStream(h, operationOf(h, s), "host.cancel-copy", {});
      return { do: "rule", frame, state: at("unprobed", s) };
    },
  },
  unprobed: { run: (_h, s) => wait("serve", s) },
  pulling: { holding: true, run: (h, s, input) => pulling(h, s, input) },
  pulled: {
    ready: (h, s) => {
      const { stream, status } = operationOf(h, s);
      return isDriven(h) && (status === "done" || stream === null || copyIsOver(h, stream));
    },
    run: (h, s) => {
      const op = operationOf(h, s);
      if (op.status === "done" || op.stream === null) return go("finish", s);
      const frame = onStream(h, op, "host.cancel-copy", {});
      return { do: "rule", frame, state: at("pulling", s) };
    },
  },
};

const blocked = 0xffff_ffff;

function pulling(h: Host, s: State, input: Input): Next {
  const [result = 0, received = []] = returned(input);
  if (result === blocked) return wait("pulled", s);
  const op = operationOf(h, s);
  const behaviour = behaviours[op.kind];
  const values = received as readonly Value[];
  const error =
    behaviour.side === "consumer" && values.length > 0 ? behaviour.put(h, op, values) : null;
  if (op.status === "done") return go("finish", s);
  return error === null ? wait("serve", s) : over(h, s, op, error);
}

function waitsFor(h: Host, op: Operation): string {
  const peer = op.stream === null ? null : peerOf(h, op.stream);
  const asked = peer === null ? null : askedBy(peer);
  if (asked === null) return "waits for a copy of the guest's, or for its end to be dropped";
  return behaviours[op.kind].side === "producer" ? "waits for data" : "waits for room";
}

const steps: Body = { ...serving, ...finishingSteps };

/** A step of an operation's thread, which ends where nothing of the operation is left to show. */
function whileKnown(step: Step): Step {
  const { ready, run } = step;
  const isKnown = ({ world }: Host, s: State): boolean =>
    world.operations[s.operation as WorldId] !== undefined;
  return {
    ...step,
    ready: (h, s) => !isKnown(h, s) || (ready?.(h, s) ?? true),
    run: (h, s, input) => (isKnown(h, s) ? run(h, s, input) : give()),
  };
}

/** Runs every operation: one thread each, `operation` in its state. */
export const operationBody: Body = Object.fromEntries(
  Object.entries(steps).map(([label, step]) => [label, whileKnown(step)]),
);
