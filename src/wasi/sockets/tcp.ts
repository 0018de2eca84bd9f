// A TCP socket's state, and what follows from it. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { type Host, objectOf, settled } from "../host.ts";
import type { Connection, ErrorCode, Family, Tcp, TcpState, WorldId } from "../world.ts";
import { optionOf } from "./options.ts";

/** A socket that was just created. */
export function newTcp(family: Family): Tcp {
  return {
    family,
    state: { tag: "unbound" },
    local: null,
    sendTaken: false,
    receiveTaken: false,
    backlogSize: 16,
    options: {},
  };
}

/** The open socket of this number. */
export function tcpAt({ world }: Host, id: WorldId): Tcp {
  const tcp = world.tcps[id];
  if (tcp === undefined) throw new Error(`no TCP socket ${id}`);
  return tcp;
}

/** The socket behind a handle, and its number. */
export function tcpOf(h: Host, handle: Value | undefined): { id: WorldId; tcp: Tcp } {
  const { id } = objectOf(h, handle);
  return { id, tcp: tcpAt(h, id) };
}

type Connected = TcpState & { readonly tag: "connected" };

/** The connection of a connected socket. */
export function connectionOf({ world }: Host, { conn }: Connected): Connection {
  const connection = world.conns[conn];
  if (connection === undefined) throw new Error(`no connection ${conn}`);
  return connection;
}

/** Why a connection is over, for those who have to know; null while it is not. */
function endOf(h: Host, state: Connected): ErrorCode | null {
  const { pipes } = connectionOf(h, state);
  if (pipes[0].reset) {
    return settled(h, "terminated") === "never" ? null : "connection-reset";
  }
  const isOver = pipes.every(({ fin }) => fin) && pipes[1 - state.side]?.data.length === 0;
  return isOver && settled(h, "terminated") === "both-done" ? "invalid-state" : null;
}

/** The state that methods see: a connection that is over closes the socket, if the host says so. */
export function stateOf(h: Host, { state }: Tcp): TcpState {
  const cause = state.tag === "connected" ? endOf(h, state) : null;
  return cause === null ? state : { tag: "closed", cause };
}

/** The error of a method in a state that it is not for. */
export function refusalOf(h: Host, state: TcpState): ErrorCode {
  const stored = state.tag === "closed" && settled(h, "closed-error") === "stored";
  return stored ? state.cause : "invalid-state";
}

/** How many bytes may be on their way from this socket. */
export function capacityOf(tcp: Tcp): number {
  return Number(optionOf(tcp, "send-buffer-size"));
}
