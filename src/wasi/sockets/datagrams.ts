// Sending and receiving datagrams. Mirrors spec/09 and wasi:sockets/types.

import type { BulkValue, Value } from "../../model/values.ts";
import { asyncFunction } from "../async-function.ts";
import {
  argsOf,
  type Body,
  cancelRequested,
  type Host,
  type Next,
  objectOf,
  type State,
} from "../host.ts";
import { answer, begin, isNow, over, pending } from "../pending.ts";
import {
  type Address,
  type Datagram,
  type ErrorCode,
  failed,
  ok,
  outcome,
  type Udp,
} from "../world.ts";
import {
  addressOf,
  addressValue,
  anyAddress,
  isDestination,
  isLocal,
  isReachedBy,
  isSameAddress,
  payloadOf,
  sourceFor,
} from "./addresses.ts";
import { bindTo } from "./ports.ts";

/** The socket behind a handle. */
export function udpOf(h: Host, handle: Value | undefined): Udp {
  const udp = h.world.udps[objectOf(h, handle).id];
  if (udp === undefined) throw new Error("no UDP socket");
  return udp;
}

/** Binds a socket that is not bound yet to a port of its own; the error if there is none. */
export function bindImplicitly(h: Host, udp: Udp): ErrorCode | null {
  return udp.local === null ? bindTo(h, "udp", udp, anyAddress(udp.family)) : null;
}

/** The most bytes that a datagram has. */
const largest = 65_535;

/** A list of bytes. */
function bytesOf(value: Value | undefined): readonly number[] {
  if (Array.isArray(value)) return value.map(Number);
  return Array.from((value as BulkValue).bytes);
}

/** Where a datagram goes; null if that is not known, or not allowed. */
function targetOf({ family, remote }: Udp, value: Value | undefined): Address | null {
  if (payloadOf(value) === null) return remote;
  const target = addressOf(payloadOf(value) ?? undefined);
  if (!isDestination(family, target)) return null;
  return remote === null || isSameAddress(remote, target) ? target : null;
}

/** A datagram goes to the socket at its target that takes it; without one it is lost. */
function deliver({ world }: Host, target: Address, datagram: Datagram): void {
  const receiver = Object.values(world.udps).find(
    ({ local, remote }) =>
      local !== null &&
      isReachedBy(local, target) &&
      (remote === null || isSameAddress(remote, datagram.from)),
  );
  if (receiver !== undefined) receiver.inbox = [...receiver.inbox, datagram];
}

function sendError(h: Host, [handle, data, to]: readonly Value[]): ErrorCode | null {
  const udp = udpOf(h, handle);
  if (h.world.denied.includes("send")) return "access-denied";
  const bytes = bytesOf(data);
  const target = targetOf(udp, to);
  if (target === null) return "invalid-argument";
  if (bytes.length > largest) return "datagram-too-large";
  const error = bindImplicitly(h, udp);
  if (error !== null || udp.local === null) return error;
  if (!isLocal(target)) return "remote-unreachable";
  deliver(h, target, { data: bytes, from: sourceFor(udp.local, target) });
  return null;
}

export const send: Body = asyncFunction({
  name: "udp-socket.send",
  handles: [0],
  run: (h, args) => outcome(sendError(h, args)),
});

/** The place of the first datagram that the socket may receive: a connected one hears only its peer. */
function nextOf({ inbox, remote }: Udp): number {
  return inbox.findIndex(({ from }) => remote === null || isSameAddress(remote, from));
}

const socketOf = (h: Host, s: State): Udp => udpOf(h, argsOf(s)[0]);

const canReceive = (h: Host, s: State): boolean => {
  const udp = socketOf(h, s);
  return udp.local === null || nextOf(udp) >= 0;
};

/** Takes the next datagram; nobody else gets it. */
function take(h: Host, s: State): Next {
  const udp = socketOf(h, s);
  const next = nextOf(udp);
  const datagram = udp.inbox[next];
  if (datagram === undefined) return answer(h, s, failed("invalid-state"));
  udp.inbox = udp.inbox.filter((_, i) => i !== next);
  const bytes: Value = { tag: "bulk", t: "u8", bytes: Uint8Array.from(datagram.data) };
  return answer(h, s, ok([bytes, addressValue(datagram.from)]));
}

export const receive: Body = {
  start: { run: begin },
  begin: {
    run: (h, s, { pick }) => {
      const state: State = { at: "take", args: s.args };
      if (isNow(s, pick) && canReceive(h, s)) return take(h, state);
      return pending(h, "udp-socket.receive", [objectOf(h, argsOf(s)[0])], state);
    },
  },
  take: {
    ready: canReceive,
    explain: () => "waits for a datagram",
    run: (h, s) => {
      if (!cancelRequested(h)) return take(h, s);
      const options = canReceive(h, s) ? ["return", "cancel"] : ["cancel"];
      return { do: "choose", options, state: { ...s, at: "cancelled", options } };
    },
  },
  /** What a cancelled call has not taken stays for the next. */
  cancelled: {
    run: (h, s, { pick }) =>
      (s.options as readonly string[])[pick] === "return"
        ? take(h, s)
        : over(h, s, { do: "cancelled" }),
  },
};
