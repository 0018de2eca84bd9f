// Releasing a TCP socket. Mirrors spec/09 and wasi:sockets/types.

import type { Host } from "../host.ts";
import type { WorldId } from "../world.ts";
import { abandon, hangUp } from "./connections.ts";

/** Nobody holds the socket any more: its port is free, its peer is told, its backlog is turned away. */
export function closeTcp(h: Host, id: WorldId): void {
  const state = h.world.tcps[id]?.state;
  if (state?.tag === "connected") hangUp(h, state.conn, state.side, true);
  if (state?.tag === "listening") {
    abandon(h, state.backlog);
    abandon(h, acceptedFor(h, id));
  }
  delete h.world.tcps[id];
}

/** Connections that an operation had accepted ahead and never delivered. */
function acceptedFor({ world }: Host, id: WorldId): readonly WorldId[] {
  return Object.values(world.operations).flatMap(({ kind, target, ahead }) =>
    kind === "tcp-listen" && target?.id === id ? ahead : [],
  );
}
