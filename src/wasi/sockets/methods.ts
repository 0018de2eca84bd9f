// The methods of a TCP socket and the states that they are for. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { type Body, type Host, oneOf, syncFunction } from "../host.ts";
import {
  type ErrorCode,
  failed,
  ok,
  outcome,
  type Tcp,
  type TcpState,
  type WorldId,
} from "../world.ts";
import { refusalOf, stateOf, tcpOf } from "./tcp.ts";

/** What a method works on. */
export interface Self {
  readonly id: WorldId;
  readonly tcp: Tcp;
  readonly state: TcpState;
}

type StateTag = TcpState["tag"];

export const anyOpenState: readonly StateTag[] = [
  "unbound",
  "bound",
  "listening",
  "connecting",
  "connected",
];

/** The socket of a call, with the state that methods see. */
export function selfOf(h: Host, handle: Value | undefined): Self {
  const { id, tcp } = tcpOf(h, handle);
  return { id, tcp, state: stateOf(h, tcp) };
}

/**
 * The error of a method that is for these states only; null if it may go on. That a connecting socket
 * is bound is not known to every host.
 */
export function refusalIn(h: Host, state: TcpState, tags: readonly StateTag[]): ErrorCode | null {
  if (!tags.includes(state.tag)) return refusalOf(h, state);
  return state.tag === "connecting" ? oneOf(h, [null, "invalid-state"]) : null;
}

/** The error of a method that takes an address: where both it and the state are wrong, either may count. */
export function refusalWith(
  h: Host,
  state: TcpState,
  tags: readonly StateTag[],
  isGood: boolean,
): ErrorCode | null {
  const refused = refusalIn(h, state, tags);
  return refused === null || isGood ? refused : oneOf(h, [refused, "invalid-argument"]);
}

/** A method that gives a value, in these states. */
export function getter(tags: readonly StateTag[], get: (self: Self) => Value): Body {
  return syncFunction((h, [handle]) => {
    const self = selfOf(h, handle);
    const error = refusalIn(h, self.state, tags);
    return error === null ? ok(get(self)) : failed(error);
  });
}

/** A method that succeeds or fails, in these states. */
export function setter(
  tags: readonly StateTag[],
  set: (h: Host, self: Self, value: Value | undefined) => ErrorCode | null,
): Body {
  return syncFunction((h, [handle, value]) => {
    const self = selfOf(h, handle);
    return outcome(refusalIn(h, self.state, tags) ?? set(h, self, value));
  });
}
