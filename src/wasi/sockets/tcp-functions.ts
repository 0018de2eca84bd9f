// The functions of a TCP socket, but for those that connect and split. Mirrors spec/09 and wasi:sockets/types.

import {
  argsOf,
  type Bodies,
  type Body,
  give,
  type Host,
  oneOf,
  settled,
  syncFunction,
} from "../host.ts";
import { startProducer } from "../start-operation.ts";
import { type ErrorCode, failed, ok, outcome } from "../world.ts";
import { writeFunction } from "../write-function.ts";
import { addressOf, addressValue, anyAddress, isBindable } from "./addresses.ts";
import { connect } from "./connect.ts";
import { creating, drop } from "./handles.ts";
import {
  anyOpenState,
  getter,
  refusalIn,
  refusalWith,
  type Self,
  selfOf,
  setter,
} from "./methods.ts";
import { type OptionName, optionOf, setOption, tcpOptions } from "./options.ts";
import { bindTo, isTcpListening } from "./ports.ts";
import { capacityOf, connectionOf, newTcp, tcpOf } from "./tcp.ts";

const create: Body = creating("tcp", ({ world }, id, family) => {
  world.tcps[id] = newTcp(family);
});

const bind: Body = syncFunction((h, [handle, target]) => {
  const { tcp, state } = selfOf(h, handle);
  const address = addressOf(target);
  const refused = refusalWith(h, state, ["unbound"], isBindable(tcp.family, address));
  if (refused !== null) return failed(refused);
  if (h.world.denied.includes("bind")) return failed("access-denied");
  const error = bindTo(h, "tcp", tcp, address);
  if (error === null) tcp.state = { tag: "bound" };
  return outcome(error);
});

/** Makes a socket listen; the error if it cannot. */
export function startListening(h: Host, { tcp, state }: Self): ErrorCode | null {
  const refused = refusalIn(h, state, ["unbound", "bound"]);
  if (refused !== null) return refused;
  const error = listenError(h, tcp);
  if (error === null) tcp.state = { tag: "listening", backlog: [] };
  else if (settled(h, "listen-failed") === "closed") tcp.state = { tag: "closed", cause: error };
  return error;
}

function listenError(h: Host, tcp: Self["tcp"]): ErrorCode | null {
  if (h.world.denied.includes("listen")) return "access-denied";
  if (tcp.local === null) return bindTo(h, "tcp", tcp, anyAddress(tcp.family));
  return isTcpListening(h, tcp.local) ? "address-in-use" : null;
}

const listen: Body = {
  start: {
    run: (h, s) => {
      const [handle] = argsOf(s);
      const self = selfOf(h, handle);
      const error = startListening(h, self);
      if (error !== null) return give(failed(error));
      const target = { kind: "tcp", id: self.id } as const;
      const [stream] = startProducer(h, { kind: "tcp-listen", target });
      return stream === undefined ? give() : give(ok(stream));
    },
  },
};

/** The error of a send or receive that may not begin: both are for connected sockets, and once only. */
export function transferError(
  h: Host,
  { state, tcp }: Self,
  taken: "sendTaken" | "receiveTaken",
): ErrorCode | null {
  return refusalIn(h, state, ["connected"]) ?? (tcp[taken] ? "invalid-state" : null);
}

const send: Body = writeFunction({
  name: "tcp-socket.send",
  prepare: (h, [handle, data]) => {
    const self = selfOf(h, handle);
    const error = transferError(h, self, "sendTaken");
    const target = { kind: "tcp", id: self.id } as const;
    return { data, start: { kind: "tcp-send", target, error } };
  },
  started: (h, [handle]) => {
    tcpOf(h, handle).tcp.sendTaken = true;
  },
});

const receive: Body = {
  start: {
    run: (h, s) => {
      const [handle] = argsOf(s);
      const self = selfOf(h, handle);
      const error = transferError(h, self, "receiveTaken");
      if (error === null) self.tcp.receiveTaken = true;
      const target = { kind: "tcp", id: self.id } as const;
      return give(startProducer(h, { kind: "tcp-receive", target, error }));
    },
  },
};

const setBacklog: Body = setter(["unbound", "bound", "listening"], (h, { tcp, state }, value) => {
  const size = Number(value);
  if (size === 0) return "invalid-argument";
  const refused = state.tag === "listening" ? oneOf(h, [null, "not-supported"]) : null;
  if (refused === null) tcp.backlogSize = size;
  return refused;
});

function setTo(name: OptionName): Body {
  return setter(anyOpenState, (h, { tcp, state }, value) => {
    if (!setOption(tcp, name, value as boolean | number | bigint)) return "invalid-argument";
    if (name === "send-buffer-size" && state.tag === "connected") {
      connectionOf(h, state).pipes[state.side].capacity = capacityOf(tcp);
    }
    return null;
  });
}

const resource = "wasi:sockets/types.tcp-socket";

const options: Bodies = Object.fromEntries(
  tcpOptions.flatMap((name): (readonly [string, Body])[] => [
    [`${resource}.get-${name}`, getter(anyOpenState, ({ tcp }) => optionOf(tcp, name))],
    [`${resource}.set-${name}`, setTo(name)],
  ]),
);

const boundStates = ["bound", "listening", "connecting", "connected"] as const;

export const tcpFunctions: Bodies = {
  ...options,
  [`${resource}.create`]: create,
  [`${resource}.drop`]: drop,
  [`${resource}.bind`]: bind,
  [`${resource}.connect`]: connect,
  [`${resource}.listen`]: listen,
  [`${resource}.send`]: send,
  [`${resource}.receive`]: receive,
  [`${resource}.set-listen-backlog-size`]: setBacklog,
  [`${resource}.get-local-address`]: getter(boundStates, ({ tcp: { local, family } }) =>
    addressValue(local ?? anyAddress(family)),
  ),
  [`${resource}.get-remote-address`]: getter(["connected"], ({ state, tcp: { family } }) =>
    addressValue(state.tag === "connected" ? state.remote : anyAddress(family)),
  ),
  [`${resource}.get-is-listening`]: syncFunction(
    (h, [handle]) => tcpOf(h, handle).tcp.state.tag === "listening",
  ),
  [`${resource}.get-address-family`]: syncFunction((h, [handle]) => {
    return { tag: "case", label: tcpOf(h, handle).tcp.family, value: null };
  }),
};
