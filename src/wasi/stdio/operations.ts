// What the streams of stdin, stdout and stderr do. Mirrors spec/09 and wasi:cli.

import type { Value } from "../../model/values.ts";
import type { Host } from "../host.ts";
import type { Behaviour, Consumer, Producer } from "../operation.ts";
import type { OperationKind } from "../world.ts";

type StdioKind = Extract<OperationKind, `std${string}`>;

/** Every stream is a view of the one source: a byte goes to whoever takes it. */
const stdin: Producer = {
  side: "producer",
  supply: ({ world }) => {
    const { data, closed, error } = world.stdin;
    if (data.length > 0) return { tag: "some", n: data.length };
    return closed || error !== null ? { tag: "end", error } : { tag: "none" };
  },
  take: ({ world }, _op, n) => {
    const { stdin: source } = world;
    const bytes = source.data.slice(0, n);
    source.data = source.data.slice(n);
    return bytes;
  },
};

/** What is accepted is outside at once, before the stream ends. */
function sink(name: "stdout" | "stderr"): Consumer {
  const broken = ({ world }: Host): string | null => world[name].broken;
  return {
    side: "consumer",
    room: (h, _op, offered) => {
      const error = broken(h);
      return error === null ? { tag: "some", n: offered } : { tag: "error", error };
    },
    put: (h, _op, elements: readonly Value[]) => {
      const error = broken(h);
      const to = h.world[name];
      if (error === null) to.data = [...to.data, ...elements.map(Number)];
      return error;
    },
    dropped: () => null,
  };
}

export const stdioOperations: Readonly<Record<StdioKind, Behaviour>> = {
  stdin,
  stdout: sink("stdout"),
  stderr: sink("stderr"),
};
