// The functions of wasi:cli's stdin, stdout and stderr. Mirrors spec/09 and wasi:cli.

import type { Bodies, Body } from "../host.ts";
import { give } from "../host.ts";
import { startProducer } from "../start-operation.ts";
import { writeFunction } from "../write-function.ts";

function output(kind: "stdout" | "stderr"): Body {
  const name = `${kind}.write-via-stream`;
  return writeFunction({
    name,
    prepare: (_h, [data]) => ({ data, start: { kind, target: null } }),
  });
}

export const stdioFunctions: Bodies = {
  "wasi:cli/stdin.read-via-stream": {
    start: { run: (h) => give(startProducer(h, { kind: "stdin", target: null })) },
  },
  "wasi:cli/stdout.write-via-stream": output("stdout"),
  "wasi:cli/stderr.write-via-stream": output("stderr"),
};
