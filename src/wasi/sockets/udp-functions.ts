// The functions of a UDP socket. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { type Bodies, type Body, type Host, syncFunction } from "../host.ts";
import { type Address, type ErrorCode, failed, ok, outcome, type Udp } from "../world.ts";
import { addressOf, addressValue, isDestination, sourceFor } from "./addresses.ts";
import { bindImplicitly, receive, send, udpOf } from "./datagrams.ts";
import { creating, drop } from "./handles.ts";
import { type OptionName, optionOf, setOption, udpOptions } from "./options.ts";
import { bindTo } from "./ports.ts";

const create: Body = creating("udp", ({ world }, id, family) => {
  world.udps[id] = { family, local: null, remote: null, inbox: [], options: {} };
});

type Method = (h: Host, udp: Udp, value: Value | undefined) => ErrorCode | null;

const method = (run: Method): Body =>
  syncFunction((h, [handle, value]) => outcome(run(h, udpOf(h, handle), value)));

const bind: Method = (h, udp, value) => {
  if (h.world.denied.includes("bind")) return "access-denied";
  return udp.local === null ? bindTo(h, "udp", udp, addressOf(value)) : "invalid-state";
};

/** Nothing is sent: the socket talks to this peer alone from now on. */
const connect: Method = (h, udp, value) => {
  const remote = addressOf(value);
  if (!isDestination(udp.family, remote)) return "invalid-argument";
  if (h.world.denied.includes("connect")) return "access-denied";
  const error = bindImplicitly(h, udp);
  if (error !== null || udp.local === null) return error;
  udp.local = sourceFor(udp.local, remote);
  udp.remote = remote;
  return null;
};

const disconnect: Method = (_h, udp) => {
  if (udp.remote === null) return "invalid-state";
  udp.remote = null;
  return null;
};

const address = (of: (udp: Udp) => Address | null): Body =>
  syncFunction((h, [handle]) => {
    const found = of(udpOf(h, handle));
    return found === null ? failed("invalid-state") : ok(addressValue(found));
  });

const get = (name: OptionName): Body =>
  syncFunction((h, [handle]) => ok(optionOf(udpOf(h, handle), name)));

const set = (name: OptionName): Body =>
  method((_h, udp, value) =>
    setOption(udp, name, value as number | bigint) ? null : "invalid-argument",
  );

const resource = "wasi:sockets/types.udp-socket";

const options: Bodies = Object.fromEntries(
  udpOptions.flatMap((name): (readonly [string, Body])[] => [
    [`${resource}.get-${name}`, get(name)],
    [`${resource}.set-${name}`, set(name)],
  ]),
);

export const udpFunctions: Bodies = {
  ...options,
  [`${resource}.create`]: create,
  [`${resource}.drop`]: drop,
  [`${resource}.bind`]: method(bind),
  [`${resource}.connect`]: method(connect),
  [`${resource}.disconnect`]: method(disconnect),
  [`${resource}.send`]: send,
  [`${resource}.receive`]: receive,
  [`${resource}.get-local-address`]: address(({ local }) => local),
  [`${resource}.get-remote-address`]: address(({ remote }) => remote),
  [`${resource}.get-address-family`]: syncFunction((h, [handle]) => {
    return { tag: "case", label: udpOf(h, handle).family, value: null };
  }),
};
