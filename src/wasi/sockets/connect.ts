// Connecting a TCP socket: a listening socket has to be there when it resolves. Mirrors spec/09 and wasi:sockets/types.

import {
  argsOf,
  type Body,
  cancelRequested,
  type Host,
  type Next,
  objectOf,
  type State,
  settled,
} from "../host.ts";
import { answer, begin, isNow, over, pending } from "../pending.ts";
import { type Address, type ErrorCode, outcome, type Tcp } from "../world.ts";
import { addressOf, anyAddress, isDestination, isLocal, sourceFor } from "./addresses.ts";
import { establish, hangUp, hasRoom, listenerAt } from "./connections.ts";
import { refusalWith, selfOf } from "./methods.ts";
import { bindTo } from "./ports.ts";
import { tcpAt } from "./tcp.ts";

const name = "tcp-socket.connect";

/** Makes the socket one that connects; the error if it cannot. */
function startConnecting(h: Host, s: State): ErrorCode | null {
  const [handle, target] = argsOf(s);
  const { tcp, state } = selfOf(h, handle);
  const remote = addressOf(target);
  const isGood = isDestination(tcp.family, remote);
  const refused = refusalWith(h, state, ["unbound", "bound"], isGood);
  if (refused !== null) return refused;
  if (!isGood) {
    if (settled(h, "bad-argument") === "closed") close(tcp, "invalid-argument");
    return "invalid-argument";
  }
  const error = tcp.local === null ? bindTo(h, "tcp", tcp, anyAddress(tcp.family)) : null;
  tcp.state = { tag: "connecting", remote };
  return error === null ? null : close(tcp, error);
}

function close(tcp: Tcp, cause: ErrorCode): ErrorCode {
  tcp.state = { tag: "closed", cause };
  return cause;
}

/** The socket of a call, and where it connects to. */
function connectingOf(h: Host, s: State): { readonly tcp: Tcp; readonly remote: Address } {
  const [handle, target] = argsOf(s);
  return { tcp: tcpAt(h, objectOf(h, handle).id), remote: addressOf(target) };
}

/** A listening socket whose backlog is full leaves everybody waiting. */
function isReady(h: Host, s: State): boolean {
  const listener = listenerAt(h, connectingOf(h, s).remote);
  return listener === null || hasRoom(listener);
}

/** How connecting may go: by the error, or null where the socket gets through. */
function ends(h: Host, target: Address): readonly (ErrorCode | null)[] {
  if (h.world.denied.includes("connect")) return ["access-denied"];
  if (!isLocal(target)) return ["remote-unreachable", "timeout"];
  if (listenerAt(h, target) === null) return ["connection-refused"];
  return h.world.faults > 0 ? [null, "timeout"] : [null];
}

function resolve(h: Host, s: State): Next {
  const all = ends(h, connectingOf(h, s).remote);
  const options = all.map((error) => error ?? "connected");
  return { do: "choose", options, state: { ...s, at: "end", ends: all } };
}

/** The connection is there; the listening socket has yet to accept it. */
function getThrough(h: Host, s: State): void {
  const { tcp, remote } = connectingOf(h, s);
  const listener = listenerAt(h, remote);
  if (listener === null || tcp.local === null) throw new Error("a connection needs two sockets");
  establish(h, tcp, listener, [sourceFor(tcp.local, remote), remote]);
}

/** The call returns: with what was wrong from the start, or with how connecting went. */
function finish(h: Host, s: State): Next {
  return s.error === null ? resolve(h, s) : answer(h, s, outcome(s.error as ErrorCode));
}

/** Nobody connects any more; but the connection may have come about, for the other side to see it end. */
function cancel(h: Host, s: State, late: boolean): Next {
  const { tcp, remote } = connectingOf(h, s);
  if (s.error === null) {
    if (late) getThrough(h, s);
    if (tcp.state.tag === "connected") hangUp(h, tcp.state.conn, 0, true);
    if (settled(h, "connect-cancelled") === "closed") close(tcp, "invalid-state");
    else tcp.state = { tag: "connecting", remote };
  }
  return over(h, s, { do: "cancelled" });
}

/** What may come of a call that its caller cancels. */
function afterCancel(h: Host, s: State): readonly string[] {
  if (!canFinish(h, s)) return ["cancel"];
  const isLate = s.error === null && ends(h, connectingOf(h, s).remote).includes(null);
  return ["return", "cancel", ...(isLate ? ["cancel late"] : [])];
}

const canFinish = (h: Host, s: State): boolean => s.error !== null || isReady(h, s);

export const connect: Body = {
  start: { run: begin },
  begin: {
    run: (h, { args, options }, { pick }) => {
      const s: State = { at: "finish", args, options };
      const state: State = { at: "finish", args, error: startConnecting(h, s) };
      if (isNow(s, pick) && canFinish(h, state)) return finish(h, state);
      return pending(h, name, [objectOf(h, argsOf(s)[0])], state);
    },
  },
  finish: {
    ready: canFinish,
    explain: () => `waits for the answer to ${name}`,
    run: (h, s) => {
      if (!cancelRequested(h)) return finish(h, s);
      const options = afterCancel(h, s);
      return { do: "choose", options, state: { ...s, at: "cancelled", options } };
    },
  },
  cancelled: {
    run: (h, s, { pick }) => {
      const what = (s.options as readonly string[])[pick];
      return what === "return" ? finish(h, s) : cancel(h, s, what === "cancel late");
    },
  },
  /** A socket that does not get through is closed. */
  end: {
    run: (h, s, { pick }) => {
      const all = s.ends as readonly (ErrorCode | null)[];
      const error = all[pick] ?? null;
      if (error === null) getThrough(h, s);
      else close(connectingOf(h, s).tcp, error);
      if (error !== null && all.includes(null)) h.world.faults -= 1;
      return answer(h, s, outcome(error));
    },
  },
};
