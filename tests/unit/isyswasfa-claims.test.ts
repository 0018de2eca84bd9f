// The host of the split ABI and components that claim, cancel or wait for what they should not: quirk Q3, rules H10 and H12.

import { describe, expect, test } from "vitest";
import { isyswasfaLaws } from "../../src/history/isyswasfa/laws.ts";
import type { Options } from "../../src/history/options.ts";
import { outcomeOf } from "../../src/scheduler/outcome.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import {
  type Cast,
  castSystem,
  message,
  type Puppet,
  type Puppets,
  record,
  tasksIn,
  tasksOf,
  text,
} from "./isyswasfa-harness.ts";
import { make } from "./isyswasfa-rogues.ts";

/**
 * Calls a function of the host that takes its time, drops the right to claim it, and asks for its
 * cancellation in the same breath. Of its handles 1 is the host's `pending`; 2, 3 and 4 are `pending`, `cancel`
 * and `ready` of its own task; the right to cancel comes back as 3, the last one to go.
 */
const lateCanceller: Puppets = {
  "foo-isyswasfa-start": function* (_n, s) {
    yield { call: "host.foo-isyswasfa-start", args: [s ?? 0] };
    yield make;
    return [message("error", 2)];
  },
  "foo-isyswasfa-result": function* (_n, ready) {
    yield { drop: tasksOf("ready"), handle: Number(ready) };
    return [text("over")];
  },
  poll: function* (n, inputs) {
    if (n === 0) {
      const listen = message("listen", record({ state: 1, pending: 1 }));
      return [[listen, message("pending", record({ state: 1, cancel: 3 }))]];
    }
    const [input] = inputs as never as readonly {
      label: string;
      value: { fields: { ready: number } };
    }[];
    if (input?.label !== "ready") return [[]];
    yield { drop: tasksOf("ready"), handle: input.value.fields.ready };
    return [[message("cancel", 3), message("ready", record({ state: 1, ready: 4 }))]];
  },
};

function cancelledLate(options: Options) {
  const cast: Cast = {
    components: { G: lateCanceller },
    host: { foo: "go" },
    variables: { go: 1 },
    roots: ["G.foo"],
    options: { messages: "log", ...options },
  };
  return run(castSystem(cast), defaultPolicy).store;
}

describe("a request to cancel a function of the host that is done", () => {
  const rounds = [
    "G.poll[] -> [listen l1 P1, pending k1 C2]",
    "G.poll[listening l1 C1] -> []",
    "G.poll[ready l1 R1] -> [cancel C1, ready k1 R2]",
  ];
  test("is not answered: ready was the end of the listen", () => {
    const store = cancelledLate({});
    expect(store.ending).toBeNull();
    expect(store.log).toEqual(rounds);
    expect(tasksIn(store).tasks).toEqual({});
    expect(brokenProperty(store, true, isyswasfaLaws)).toBeNull();
  });
  test("got a second end as it was built, which no listen may have", () => {
    const store = cancelledLate({ terminal: "both" });
    expect(store.log).toEqual([...rounds, "G.poll[cancel-complete l1] -> []"]);
    expect(brokenProperty(store, true, isyswasfaLaws)).toEqual({
      name: "I01",
      detail: "G: cancel-complete l1",
    });
  });
});

const endOf = (cast: Cast): string => {
  const { end } = outcomeOf(run(castSystem(cast), defaultPolicy).store);
  return end.tag === "traps" ? end.code : end.tag;
};

/** A component that does this within one call that is not split. */
const alone = (go: Puppet): Cast => ({
  components: { G: { go } },
  roots: ["G.go"],
  unlisted: ["G"],
  futures: [{ tag: "u32" }],
});

/** How the run ends of a component that claims a task of its own, which is nothing of the host's, by this half. */
function claimBy(half: string): string {
  const cast = alone(function* () {
    yield make;
    yield { call: half, args: [3] };
    return [];
  });
  return endOf({ ...cast, host: { foo: "go" } });
}

describe("a result half of the host", () => {
  test("is not for a task of another kind", () => {
    const halves = [
      "host.foo-isyswasfa-result",
      "isyswasfa:io/poll.block-isyswasfa-result",
      "futures.isyswasfa-receiver-u32.receive-isyswasfa-result",
    ];
    const trap = "isyswasfa.unexpected-task-state";
    expect(halves.map(claimBy)).toEqual([trap, trap, trap]);
  });
});

test("an end of a pipe may not go before the pollables that watch it", () => {
  const cast = alone(function* () {
    yield { call: "isyswasfa:io/pipe.make-pipe", args: [] };
    yield { call: "wasi:io/streams.input-stream.subscribe", args: [2] };
    yield { drop: "wasi:io/streams.input-stream", handle: 2 };
    return [];
  });
  expect(endOf(cast)).toBe("isyswasfa.has-children");
});

test("a receiver goes with the right to hear of it, so that nothing is left of the pair", () => {
  const receiver = "futures.isyswasfa-receiver-u32";
  const cast = alone(function* () {
    yield { call: "futures.isyswasfa-pipe-u32", args: [] };
    yield { call: `${receiver}.receive-isyswasfa-start`, args: [2] };
    // the receiver was 2, and so is the `pending` of the wait for its value
    yield { drop: tasksOf("pending"), handle: 2 };
    yield { drop: "futures.isyswasfa-sender-u32", handle: 1 };
    return [];
  });
  const { store } = run(castSystem(cast), defaultPolicy);
  expect(store.ending).toBeNull();
  expect([tasksIn(store).tasks, tasksIn(store).pairs]).toEqual([{}, {}]);
});

test("a call into a component that the host cannot poll never goes on", () => {
  const silent: Puppet = function* () {
    yield* [];
    return [[]];
  };
  const pendingStart: Puppet = function* () {
    yield make;
    return [message("error", 1)];
  };
  const hidden: Puppets = {
    "foo-isyswasfa-start": pendingStart,
    "foo-isyswasfa-result": silent,
    // it has something to say, and nobody asks
    poll: function* () {
      yield* [];
      return [[message("ready", record({ state: 1, ready: 3 }))]];
    },
  };
  const components = { G: hidden, M: { poll: silent } };
  expect(endOf({ components, roots: ["G.foo"], unlisted: ["G"] })).toBe("isyswasfa.no-host-tasks");
});
