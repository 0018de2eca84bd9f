// Components that break the rules of the split ABI as no well-behaved one does, each by the trap that it ends in.

import type { Value } from "../../src/model/values.ts";
import { outcomeOf } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import {
  type Cast,
  castSystem,
  type Deed,
  message,
  type Puppet,
  record,
  tasksOf,
} from "./isyswasfa-harness.ts";

export const make: Deed = { call: tasksOf("make-task"), args: [] };

/** Starts with a task of its own, whose handles are 1, 2 and 3: `pending`, `cancel`, `ready`. */
const pendingStart: Puppet = function* () {
  yield make;
  return [message("error", 1)];
};

const noDeeds: readonly Deed[] = [];

const claim: Puppet = function* () {
  yield* noDeeds;
  return [0];
};

const says = (...polls: readonly (readonly Value[])[]): Puppet =>
  function* (n) {
    yield* noDeeds;
    return [polls[n] ?? []];
  };

const pending = (state: number, cancel: number): Value =>
  message("pending", record({ state, cancel }));
const listen = (state: number, handle: number): Value =>
  message("listen", record({ state, pending: handle }));
const ready = (state: number, handle: number): Value =>
  message("ready", record({ state, ready: handle }));

/** A component of which the host calls `foo`, with these polls. */
const driven = (start: Puppet, ...polls: readonly (readonly Value[])[]): Cast => ({
  components: {
    G: { "foo-isyswasfa-start": start, "foo-isyswasfa-result": claim, poll: says(...polls) },
  },
  roots: ["G.foo"],
});

/** A component that does this within one call that is not split. */
const alone = (go: Puppet): Cast => ({
  components: { G: { go } },
  roots: ["G.go"],
  unlisted: ["G"],
});

const rogues: Readonly<Record<string, Cast>> = {
  "isyswasfa.unexpected-task-state": alone(function* () {
    yield make;
    yield { call: tasksOf("ready.state"), args: [3] };
    return [];
  }),
  "isyswasfa.no-host-tasks": driven(pendingStart, [pending(1, 2)]),
  "isyswasfa.cancel-without-listener": driven(pendingStart, [message("cancel", 2)]),
  // a second task, 4 to 6, that the component listens to itself; `listening` brings its right to cancel as 2
  "isyswasfa.cancel-when-ready": {
    ...driven(
      function* () {
        yield make;
        yield make;
        return [message("error", 1)];
      },
      [pending(9, 2), pending(1, 5), listen(1, 4)],
      [ready(1, 6), message("cancel", 4)],
    ),
    options: { "late-cancel": "panic" },
  },
  "isyswasfa.has-children": alone(function* () {
    const name: Value = { tag: "string", s: "never", encoding: "utf8", units: 5, utf16: false };
    yield { call: "canon-async:testing/pollables.subscribe", args: [name] };
    yield { call: "isyswasfa:io/poll.block-isyswasfa-start", args: [1] };
    yield { drop: "wasi:io/poll.pollable", handle: 1 };
    return [];
  }),
  "isyswasfa.no-room": alone(function* () {
    yield { call: "isyswasfa:io/pipe.make-pipe", args: [] };
    const bytes: Value = { tag: "bulk", t: "u8", bytes: new Uint8Array([7]) };
    for (let i = 0; i < 4; i++) {
      yield { call: "wasi:io/streams.output-stream.write", args: [1, bytes] };
    }
    return [];
  }),
  "isyswasfa.no-poll-function": { ...driven(pendingStart), unlisted: ["G"] },
};

/** By the code of the trap: how the default run ends. */
export const rogueRuns: Readonly<Record<string, () => string>> = Object.fromEntries(
  Object.entries(rogues).map(([code, cast]) => [
    code,
    () => {
      const { end } = outcomeOf(run(castSystem(cast), defaultPolicy).store);
      return end.tag === "traps" ? end.code : end.tag;
    },
  ]),
);
