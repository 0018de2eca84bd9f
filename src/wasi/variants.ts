// The variants: other interfaces that the design discussion weighed, as WIT. Mirrors spec/09.

import type { InterfaceFunc } from "../wit/resolved.ts";
import type { DescriptorFunctions } from "./wit/filesystem.ts";
import type { SocketFunctions } from "./wit/sockets.ts";

/** The functions in which a variant differs from the others. */
export interface VariantWit {
  readonly descriptor: DescriptorFunctions;
  readonly socket: SocketFunctions;
  /** of stdout and stderr */
  readonly stdio: string;
}

const error = "result<_, error-code>";

/** How a function that takes a stream tells how it went. */
const shapes: Readonly<Record<string, { readonly func: string; readonly result: string }>> = {
  V1: { func: "async func", result: error },
  V3: { func: "func", result: `result<future<${error}>, error-code>` },
  "V3-pinned": { func: "func", result: `result<future<${error}>, error-code>` },
};

const released = { func: "func", result: `future<${error}>` };

const stream = `tuple<stream<u8>, future<${error}>>`;

const consuming = {
  descriptor: `read-all: static func(this: descriptor, offset: filesize) -> ${stream};
    write-all: static func(this: descriptor, data: stream<u8>, offset: filesize) -> future<${error}>;`,
  split: `split: static func(this: tcp-socket, outgoing: stream<u8>)
      -> tuple<stream<u8>, future<${error}>, future<${error}>>;`,
  splitReturning: `split: static func(this: tcp-socket, outgoing: stream<u8>)
      -> result<tuple<stream<u8>, future<${error}>, future<${error}>>, tuple<error-code, tcp-socket>>;`,
  accept: `accept-all: static func(this: tcp-socket) -> stream<tcp-socket>;`,
};

/** The functions of a variant, V2's where it says nothing else. */
export function variantWit(variant: string): VariantWit {
  const { func, result } = shapes[variant] ?? released;
  const consumes = variant.startsWith("V5");
  const split = variant === "V5" ? consuming.split : consuming.splitReturning;
  return {
    descriptor: {
      write: `write-via-stream: ${func}(data: stream<u8>, offset: filesize) -> ${result};`,
      append: `append-via-stream: ${func}(data: stream<u8>) -> ${result};`,
      more: consumes ? consuming.descriptor : "",
    },
    socket: {
      send: `send: ${func}(data: stream<u8>) -> ${result};`,
      more: consumes ? `${split}\n    ${consuming.accept}` : "",
    },
    stdio: `write-via-stream: ${func}(data: stream<u8>) -> ${result};`,
  };
}

type Handles = Pick<InterfaceFunc, "params" | "async">;

/**
 * Whether a call has what it was lent for as long as it has not resolved, which may be long after it
 * was made. Rust sees that in the signature: nobody can keep the call and what it borrows in one value.
 */
export function borrowOutlives({ params, async }: Handles): boolean {
  return async && params.some(({ t }) => t.tag === "borrow");
}

/** What a function asks of the handles that it is called with, in the words of the book. */
export function asksOf(func: Handles): string {
  if (borrowOutlives(func)) return "lent until it resolves";
  if (func.params.some(({ t }) => t.tag === "own")) return "used up";
  return func.params.some(({ t }) => t.tag === "borrow") ? "lent for the call" : "nothing";
}
