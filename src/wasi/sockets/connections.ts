// Connections: two pipes between two sockets, how they begin, end and break. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { freshId, type Host, newHandle, settled } from "../host.ts";
import type { Address, Connection, Pipe, Tcp, WorldId } from "../world.ts";
import { isReachedBy } from "./addresses.ts";
import { bindTo } from "./ports.ts";
import { capacityOf, newTcp } from "./tcp.ts";

/** The socket that takes connections at this address; null if there is none. */
export function listenerAt(h: Host, target: Address): Tcp | null {
  const found = Object.values(h.world.tcps).find(
    ({ state, local }) => state.tag === "listening" && local !== null && isReachedBy(local, target),
  );
  return found ?? null;
}

/** Whether a listening socket takes one more connection. */
export function hasRoom({ state, backlogSize }: Tcp): boolean {
  return state.tag === "listening" && state.backlog.length < backlogSize;
}

function newPipe(sender: Tcp): Pipe {
  return { data: [], capacity: capacityOf(sender), fin: false, reset: false, shut: false };
}

type Ends = Connection["ends"];

/** Connects a socket, whose side is 0; `server` is who the options of the other side come from. */
function join(h: Host, client: Tcp, server: Tcp, ends: Ends): WorldId {
  const conn = freshId(h);
  const pipes: [Pipe, Pipe] = [newPipe(client), newPipe(server)];
  h.world.conns[conn] = { pipes, closed: [false, false], ends };
  client.local = ends[0];
  client.state = { tag: "connected", remote: ends[1], conn, side: 0 };
  return conn;
}

/** Connects a socket to one that listens, which has yet to accept the connection. */
export function establish(h: Host, client: Tcp, listener: Tcp, ends: Ends): void {
  const { state } = listener;
  if (state.tag !== "listening") throw new Error("nobody listens");
  const conn = join(h, client, listener, ends);
  listener.state = { tag: "listening", backlog: [...state.backlog, conn] };
}

/** A socket for a connection that was waiting at `listener`, whose options it inherits; a handle of it. */
export function accept(h: Host, { family, options }: Tcp, conn: WorldId): Value {
  const connection = h.world.conns[conn];
  if (connection === undefined) throw new Error(`no connection ${conn}`);
  const [remote, local] = connection.ends;
  const id = freshId(h);
  h.world.tcps[id] = {
    ...newTcp(family),
    local,
    options: { ...options },
    state: { tag: "connected", remote, conn, side: 1 },
  };
  return newHandle(h, { kind: "tcp", id });
}

/** Two sockets on the loopback interface, connected without anybody who listens: handles of both. */
export function connectedPair(h: Host, port: number): Value {
  const local = { family: "ipv4", ip: [127, 0, 0, 1], port } as const;
  const client = newTcp("ipv4");
  const server = newTcp("ipv4");
  bindTo(h, "tcp", client, { ...local, port: 0 });
  const id = freshId(h);
  const conn = join(h, client, server, [client.local ?? local, local]);
  h.world.tcps[id] = client;
  return [newHandle(h, { kind: "tcp", id }), accept(h, server, conn)];
}

/** Breaks a connection: both sides are told at once; what was on its way arrives first, or is lost. */
export function reset(h: Host, { pipes }: Connection): void {
  const isFull = pipes.some(({ data }) => data.length > 0);
  const lost = isFull && settled(h, "reset-data") === "lost";
  for (const pipe of pipes) {
    pipe.reset = true;
    if (lost) pipe.data = [];
  }
}

/**
 * The socket of one side closes: what it sent still arrives, and then the end; but data that nobody
 * will read, or that nobody is there for at all, may break the connection.
 */
export function hangUp(h: Host, conn: WorldId, side: 0 | 1, accepted: boolean): void {
  const connection = h.world.conns[conn];
  if (connection === undefined) return;
  const { pipes, closed } = connection;
  const incoming = pipes[side === 0 ? 1 : 0];
  const isUnread = !accepted || incoming.data.length > 0;
  if (isUnread && settled(h, "close-unread") === "rst") reset(h, connection);
  pipes[side].fin = true;
  incoming.data = [];
  connection.closed = [side === 0 || closed[0], side === 1 || closed[1]];
  if (connection.closed.every((gone) => gone)) delete h.world.conns[conn];
}

/** Nobody accepts these connections any more. */
export function abandon(h: Host, conns: readonly WorldId[]): void {
  for (const conn of conns) hangUp(h, conn, 1, false);
}
