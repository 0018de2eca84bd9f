// The functions of WASI 0.2 that the host offers: writing to stdout and stderr, which never waits. Mirrors spec/09.

import type { Value } from "../../model/values.ts";
import { type Bodies, type Body, type Host, syncFunction } from "../host.ts";
import { ok } from "../world.ts";

const outputs = ["stdout", "stderr"] as const;

type Output = (typeof outputs)[number];

/** A handle of an output stream: its representation is the number of the output. */
function handleOf(name: Output): Body {
  return syncFunction(() => ({ tag: "rep", rep: outputs.indexOf(name) }));
}

function outputOf(handle: Value | undefined): Output {
  const isHandle = typeof handle === "object" && "tag" in handle && handle.tag === "rep";
  return outputs[isHandle ? handle.rep : 0] ?? "stdout";
}

const closed: Value = {
  tag: "case",
  label: "error",
  value: { tag: "case", label: "closed", value: null },
};

/** What `run` answers, or that the stream is closed where nobody reads what is written any more. */
function onOutput(run: (h: Host, name: Output, bytes: readonly number[]) => Value): Body {
  return syncFunction((h, [handle, contents]) => {
    const name = outputOf(handle);
    if (h.world[name].broken !== null) return closed;
    return run(h, name, bytesOf(contents));
  });
}

function bytesOf(contents: Value | undefined): readonly number[] {
  if (typeof contents !== "object") return [];
  if (!("tag" in contents)) return contents.map(Number);
  return contents.tag === "bulk" ? [...contents.bytes] : [];
}

/** What is accepted is outside at once. */
const write = onOutput(({ world }, name, bytes) => {
  const sink = world[name];
  sink.data = [...sink.data, ...bytes];
  return ok(null);
});

const flush = onOutput(() => ok(null));

/** How many bytes may be written without waiting. */
const room = 65_536n;

const nothing: Body = syncFunction(() => null);

const none: Value = { tag: "case", label: "none", value: null };

/** A handle that is good for nothing: what is read from it is not part of the host. */
const unread: Body = syncFunction(() => ({ tag: "rep", rep: 0 }));

const stream = "wasi:io/streams.output-stream";

export const preview2Functions: Bodies = {
  "wasi:cli/stdin.get-stdin": unread,
  "wasi:cli/stdout.get-stdout": handleOf("stdout"),
  "wasi:cli/stderr.get-stderr": handleOf("stderr"),
  "wasi:cli/environment.initial-cwd": syncFunction(() => none),
  [`${stream}.check-write`]: onOutput(() => ok(room)),
  [`${stream}.write`]: write,
  [`${stream}.blocking-write-and-flush`]: write,
  [`${stream}.flush`]: flush,
  [`${stream}.blocking-flush`]: flush,
  [`${stream}.drop`]: nothing,
  "wasi:io/streams.input-stream.drop": nothing,
  "wasi:io/error.error.drop": nothing,
};
