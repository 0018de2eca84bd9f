// Who has which port: conflicts, and ports that nobody asked for by number. Mirrors spec/09 and wasi:sockets/types.

import { type Host, settled } from "../host.ts";
import type { Address, ErrorCode, Tcp, Udp, WorldId } from "../world.ts";
import { isBindable, isLocal, isOverlapping, isWildcard } from "./addresses.ts";

const ephemeral = { first: 49_152, last: 65_535 } as const;

/** The least ephemeral port that no socket of the same kind has; null if there is none. */
function freePort(sockets: Readonly<Record<WorldId, Tcp | Udp>>): number | null {
  const taken = new Set(Object.values(sockets).map(({ local }) => local?.port));
  let { first: port } = ephemeral as { first: number };
  while (taken.has(port)) port += 1;
  return port <= ephemeral.last ? port : null;
}

/** A listening socket is in the way of another at its address; whether a bound one is, hosts differ. */
function isInTheWay(h: Host, { state: { tag } }: Tcp): boolean {
  return tag === "listening" || (tag === "bound" && settled(h, "bind-conflict") === "bound");
}

/** Whether a TCP socket is in the way of another at this address. */
export function isTcpTaken(h: Host, address: Address): boolean {
  return Object.values(h.world.tcps).some((tcp) => {
    const { local } = tcp;
    return local !== null && isOverlapping(local, address) && isInTheWay(h, tcp);
  });
}

/** Whether a socket listens already where another one means to. */
export function isTcpListening({ world }: Host, address: Address): boolean {
  return Object.values(world.tcps).some(
    ({ state, local }) =>
      state.tag === "listening" && local !== null && isOverlapping(local, address),
  );
}

function isUdpTaken({ world }: Host, address: Address): boolean {
  return Object.values(world.udps).some(
    ({ local }) => local !== null && isOverlapping(local, address),
  );
}

/** Gives a socket an address of its own, a free port if it asks for port 0; the error if it cannot. */
export function bindTo(
  h: Host,
  kind: "tcp" | "udp",
  socket: Tcp | Udp,
  address: Address,
): ErrorCode | null {
  if (!isBindable(socket.family, address)) return "invalid-argument";
  if (!isWildcard(address) && !isLocal(address)) return "address-not-bindable";
  const port = address.port === 0 ? freePort(h.world[`${kind}s`]) : address.port;
  if (port === null) return "address-in-use";
  const local = { ...address, port };
  const taken = kind === "tcp" ? isTcpTaken(h, local) : isUdpTaken(h, local);
  if (taken) return "address-in-use";
  socket.local = local;
  return null;
}
