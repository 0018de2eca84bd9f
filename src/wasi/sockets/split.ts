// The consuming functions of V5: a socket turns into its streams. Mirrors spec/09 and wasi:sockets/types.

import type { Value } from "../../model/values.ts";
import { argsOf, type Bodies, type Body, give, type Host, isVariant, type Next } from "../host.ts";
import { refuse, startConsumer, startProducer } from "../start-operation.ts";
import { type ErrorCode, ok } from "../world.ts";
import { type Self, selfOf } from "./methods.ts";
import { startListening, transferError } from "./tcp-functions.ts";

/** The handle is gone; from here on the operations keep the socket. */
function consume({ world }: Host, handle: Value | undefined): void {
  if (typeof handle === "object" && "tag" in handle && handle.tag === "rep") {
    delete world.handles[handle.rep];
  }
}

/** What a guest that may try again gets: the error and its socket. */
function giveBack(h: Host, error: ErrorCode, handle: Value, outgoing: Value | undefined): Next {
  refuse(h, outgoing);
  const code: Value = { tag: "case", label: error, value: null };
  return give({ tag: "case", label: "error", value: [code, handle] });
}

function begin(h: Host, self: Self, outgoing: Value | undefined, error: ErrorCode | null): Value {
  const target = { kind: "tcp", id: self.id } as const;
  const received = startProducer(h, { kind: "tcp-receive", target, error });
  const { future } = startConsumer(h, outgoing, { kind: "tcp-send", target, error });
  return future === null ? received : [...received, future];
}

const split: Body = {
  start: {
    run: (h, s) => {
      const [handle, outgoing] = argsOf(s);
      const self = selfOf(h, handle);
      const error = transferError(h, self, "sendTaken") ?? transferError(h, self, "receiveTaken");
      const returning = isVariant(h, "V5-returning");
      if (error !== null && returning && handle !== undefined) {
        return giveBack(h, error, handle, outgoing);
      }
      consume(h, handle);
      self.tcp.sendTaken = true;
      self.tcp.receiveTaken = true;
      const streams = begin(h, self, outgoing, error);
      return give(returning ? ok(streams) : streams);
    },
  },
};

const acceptAll: Body = {
  start: {
    run: (h, s) => {
      const [handle] = argsOf(s);
      const self = selfOf(h, handle);
      const error = startListening(h, self);
      consume(h, handle);
      const target = { kind: "tcp", id: self.id } as const;
      return give(...startProducer(h, { kind: "tcp-listen", target, error }));
    },
  },
};

export const consumingFunctions: Bodies = {
  "wasi:sockets/types.tcp-socket.split": split,
  "wasi:sockets/types.tcp-socket.accept-all": acceptAll,
};
