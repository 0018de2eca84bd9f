// Handles of sockets: made by `create`, and gone when they are dropped. Mirrors spec/09 and wasi:sockets/types.

import { type Body, freshId, type Host, newHandle, syncFunction } from "../host.ts";
import { type Family, failed, ok, type WorldId } from "../world.ts";
import { familyOf } from "./addresses.ts";

/** `create`: a new socket and a handle of it, unless the host's policy refuses. */
export function creating(
  kind: "tcp" | "udp",
  put: (h: Host, id: WorldId, family: Family) => void,
): Body {
  return syncFunction((h, [family]) => {
    if (h.world.denied.includes("create")) return failed("access-denied");
    const id = freshId(h);
    put(h, id, familyOf(family));
    return ok(newHandle(h, { kind, id }));
  });
}

/** The destructor: the socket itself closes with whatever else holds it. */
export const drop: Body = syncFunction(({ world }, [rep]) => {
  delete world.handles[Number(rep)];
  return null;
});
