// What sends, receives and accepts of TCP sockets do. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { type Host, oneOf, settled } from "../host.ts";
import type { Behaviour, Consumer, Producer, Room } from "../operation.ts";
import type { Connection, ErrorCode, Operation, OperationKind, Pipe, Tcp } from "../world.ts";
import { abandon, accept, reset } from "./connections.ts";
import { connectionOf, tcpAt } from "./tcp.ts";

type SocketKind = Extract<OperationKind, `tcp-${string}`>;

function socketOf(h: Host, { target }: Operation): Tcp {
  return tcpAt(h, target?.id ?? -1);
}

/** A connection as one of its sockets sees it. */
interface Side {
  readonly connection: Connection;
  readonly outgoing: Pipe;
  readonly incoming: Pipe;
  readonly isPeerGone: boolean;
}

function sideOf(h: Host, op: Operation): Side {
  const { state } = socketOf(h, op);
  if (state.tag !== "connected") throw new Error(`a ${op.kind} without a connection`);
  const connection = connectionOf(h, state);
  const peer = state.side === 0 ? 1 : 0;
  const { pipes, closed } = connection;
  return {
    connection,
    outgoing: pipes[state.side],
    incoming: pipes[peer],
    isPeerGone: closed[peer],
  };
}

/** Connections that wait: those that a probe has accepted come first. */
function waiting(h: Host, op: Operation): readonly number[] {
  const { state } = socketOf(h, op);
  return state.tag === "listening" ? [...op.ahead, ...state.backlog] : [];
}

/** Moves the oldest `n` connections out of the backlog, or out of what was accepted ahead. */
function dequeue(h: Host, op: Operation, n: number): readonly number[] {
  const listener = socketOf(h, op);
  const { state } = listener;
  if (state.tag !== "listening") return [];
  const next = waiting(h, op).slice(0, n);
  const fromAhead = Math.min(n, op.ahead.length);
  op.ahead = op.ahead.slice(fromAhead);
  listener.state = { tag: "listening", backlog: state.backlog.slice(n - fromAhead) };
  return next;
}

/** A stream of connections has no end of its own. */
const listen: Producer = {
  side: "producer",
  supply: (h, op) => {
    const n = waiting(h, op).length;
    return n > 0 ? { tag: "some", n } : { tag: "none" };
  },
  take: (h, op, n) => {
    const listener = socketOf(h, op);
    return dequeue(h, op, n).map((conn) => accept(h, listener, conn));
  },
  probed: (h, op) => {
    const isEmpty = op.ahead.length > 0 || waiting(h, op).length === 0;
    if (isEmpty || settled(h, "accept-probe") === "peek") return;
    op.ahead = dequeue(h, op, 1);
  },
  /** What waits in the backlog goes on waiting: only the object's close turns it away. */
  dropped: (h, op) => {
    abandon(h, op.ahead);
    op.ahead = [];
  },
};

const receive: Producer = {
  side: "producer",
  fault: "timeout",
  supply: (h, op) => {
    const { data, reset: isReset, fin } = sideOf(h, op).incoming;
    if (data.length > 0) return { tag: "some", n: data.length };
    if (isReset) return { tag: "end", error: "connection-reset" };
    return fin ? { tag: "end", error: null } : { tag: "none" };
  },
  take: (h, op, n) => {
    const { incoming } = sideOf(h, op);
    const bytes = incoming.data.slice(0, n);
    incoming.data = incoming.data.slice(n);
    return bytes;
  },
  dropped: (h, op) => {
    const { incoming } = sideOf(h, op);
    incoming.shut = true;
    incoming.data = [];
  },
};

const send: Consumer = {
  side: "consumer",
  fault: "timeout",
  room: (h, op, offered) => {
    const { outgoing, isPeerGone } = sideOf(h, op);
    if (outgoing.reset) return { tag: "error", error: brokenFor(h) };
    if (isPeerGone) return roomForNobody(h, outgoing);
    if (outgoing.shut) return { tag: "some", n: offered };
    const n = outgoing.capacity - outgoing.data.length;
    return n > 0 ? { tag: "some", n } : { tag: "none" };
  },
  put: (h, op, elements) => {
    const { connection, outgoing, isPeerGone } = sideOf(h, op);
    if (outgoing.reset) return brokenFor(h);
    if (!outgoing.shut || isPeerGone) outgoing.data = [...outgoing.data, ...bytesOf(elements)];
    else if (settled(h, "receive-shut") === "reset") reset(h, connection);
    return null;
  },
  dropped: (h, op) => {
    sideOf(h, op).outgoing.fin = true;
    return null;
  },
  failed: (h, op) => {
    sideOf(h, op).outgoing.fin = true;
  },
};

/** The error of a send whose connection is gone. */
const brokenFor = (h: Host): ErrorCode => oneOf(h, ["connection-broken", "connection-reset"]);

const bytesOf = (elements: readonly Value[]): readonly number[] => elements.map(Number);

/**
 * The peer's socket is gone, which shows only in the answer to data: that comes some time after the
 * first bytes, and no later than when as many are unanswered as may be.
 */
function roomForNobody(h: Host, { data, capacity }: Pipe): Room {
  const n = capacity - data.length;
  if (data.length === 0) return { tag: "some", n };
  const error = brokenFor(h);
  return n > 0 ? { tag: "some", n, error } : { tag: "error", error };
}

export const socketOperations: Readonly<Record<SocketKind, Behaviour>> = {
  "tcp-listen": listen,
  "tcp-send": send,
  "tcp-receive": receive,
};
