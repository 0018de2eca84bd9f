// Releasing a UDP socket: its port is free, and what it had not read is lost. Mirrors spec/09 and wasi:sockets/types.

import type { Host } from "../host.ts";
import type { WorldId } from "../world.ts";

/** Nobody holds the socket any more. */
export function closeUdp({ world }: Host, id: WorldId): void {
  delete world.udps[id];
}
