// The host of the split ABI with components written by hand: what it says to them, and what it refuses.

import { describe, expect, test } from "vitest";
import { splitHost } from "../../src/history/isyswasfa/interfaces.ts";
import { isyswasfaLaws } from "../../src/history/isyswasfa/laws.ts";
import { type Task, type Tasks, tasksGlobal } from "../../src/history/isyswasfa/tasks.ts";
import { split } from "../../src/history/split/split.ts";
import type { ResourceHandle, Store } from "../../src/model/store.ts";
import type { Value } from "../../src/model/values.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { interfaces } from "../../src/wit/resolve.ts";
import type { ResourceId } from "../../src/wit/resolved.ts";
import { funcType } from "../../src/wit/val-types.ts";
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
import { make, rogueRuns } from "./isyswasfa-rogues.ts";

interface Case {
  readonly label: string;
  readonly value: Value;
}

const say = (label: string, state: number, field: string, handle: number): Value =>
  message(label, record({ state, [field]: handle }));

/** A component that asks the host and gives its answer with `+guest`; its listen is l1, its task k1. */
const forwarder: Puppets = {
  "foo-isyswasfa-start": function* (_n, s) {
    const started = yield { call: "host.foo-isyswasfa-start", args: [s ?? 0] };
    const { label, value } = started as never as Case;
    if (label === "ok") return [message("ok", value)];
    // the host's `pending` is 1, so that these are 2, 3 and 4
    yield make;
    return [message("error", 2)];
  },
  "foo-isyswasfa-result": function* (_n, ready) {
    const state = yield { call: tasksOf("ready.state"), args: [ready ?? 0] };
    yield { drop: tasksOf("ready"), handle: Number(ready) };
    return [text(`the value of k${state}`)];
  },
  poll: function* (n, inputs) {
    if (n === 0) return [[say("listen", 1, "pending", 1), say("pending", 1, "cancel", 3)]];
    const [input] = inputs as never as readonly (Case & { value: { fields: { ready: number } } })[];
    if (input?.label !== "ready") return [[]];
    // the right to cancel came back as 3, since that was the last one to go
    yield { drop: tasksOf("cancel"), handle: 3 };
    yield { call: "host.foo-isyswasfa-result", args: [input.value.fields.ready] };
    return [[say("ready", 1, "ready", 4)]];
  },
};

const cast: Cast = {
  components: { G: forwarder },
  roots: ["G.foo"],
  options: { messages: "calls" },
};

describe("a round trip", () => {
  test("that ends at once needs no message", () => {
    const { store } = run(castSystem({ ...cast, host: { foo: null } }), defaultPolicy);
    expect(store.log).toEqual(["host.foo start -> ok", "G.foo start -> ok"]);
    expect(store.ending).toBeNull();
  });
  test("that does not goes through three rounds", () => {
    const system = castSystem({ ...cast, host: { foo: "go" }, variables: { go: 1 } });
    const { store } = run(system, defaultPolicy);
    expect(store.ending).toBeNull();
    expect(store.log).toEqual([
      "host.foo start -> P1",
      "make-task -> P2",
      "G.foo start -> P2",
      "G.poll[] -> [listen l1 P1, pending k1 C2]",
      "G.poll[listening l1 C1] -> []",
      "host.foo result R1",
      "G.poll[ready l1 R1] -> [ready k1 R2]",
      "G.foo result R2",
      "ready.state R2 -> k1",
    ]);
    expect(tasksIn(store).tasks).toEqual({});
    expect(store.entities.handle.filter((h) => h !== null)).toEqual([]);
    expect(store.entities.waitable.filter((w) => w !== null)).toEqual([]);
    expect(brokenProperty(store, true, isyswasfaLaws)).toBeNull();
  });
});

/** What one call of a component that does this logs; the values it gets are logged by `note`. */
function values(go: Puppet, futures: Cast["futures"] = []): readonly Value[] {
  const got: Value[] = [];
  const watched: Puppet = function* (n, ...args) {
    got.length = 0;
    const run_ = go(n, ...args);
    let step = run_.next();
    while (step.done !== true) {
      const value = yield step.value;
      got.push(value);
      step = run_.next(value);
    }
    return step.value;
  };
  const system = castSystem({
    components: { G: { go: watched } },
    roots: ["G.go"],
    unlisted: ["G"],
    futures,
  });
  const { store } = run(system, defaultPolicy);
  expect(store.ending).toBeNull();
  return got;
}

const bytes = (...list: number[]): Value => ({
  tag: "bulk",
  t: "u8",
  bytes: Uint8Array.from(list),
});
const call = (name: string, ...args: Value[]) => ({ call: name, args });
const output = (name: string, ...args: Value[]) =>
  call(`wasi:io/streams.output-stream.${name}`, 1, ...args);
const input = (name: string, ...args: Value[]) =>
  call(`wasi:io/streams.input-stream.${name}`, 2, ...args);
const caseOf = (label: string, value: Value | null = null): Value => ({
  tag: "case",
  label,
  value,
});
const ok = (value: Value | null = null): Value => caseOf("ok", value);
const closed: Value = caseOf("error", caseOf("closed"));

describe("a pipe", () => {
  test("has room for three chunks, and gives one a time", () => {
    const got = values(function* () {
      yield call("isyswasfa:io/pipe.make-pipe");
      yield output("check-write");
      for (const n of [1, 2, 3]) yield output("write", bytes(n, n));
      yield output("check-write");
      yield input("read", 64n);
      yield output("check-write");
      return [];
    });
    expect(got).toEqual([
      [1, 2],
      ...[ok(65536n), ok(), ok(), ok(), ok(0n), ok(bytes(1, 1)), ok(65536n)],
    ]);
  });
  test("keeps what a short read leaves", () => {
    const got = values(function* () {
      yield call("isyswasfa:io/pipe.make-pipe");
      yield output("write", bytes(1, 2, 3));
      yield input("read", 2n);
      yield input("read", 2n);
      return [];
    });
    expect(got.slice(2)).toEqual([ok(bytes(1, 2)), ok(bytes(3))]);
  });
  test("shows its end to a reader that has waited for it", () => {
    const got = values(function* () {
      yield call("isyswasfa:io/pipe.make-pipe");
      yield { drop: "wasi:io/streams.output-stream", handle: 1 };
      yield input("read", 2n);
      const pollable = yield input("subscribe");
      yield call("isyswasfa:io/poll.block-isyswasfa-start", pollable);
      yield input("read", 2n);
      return [];
    });
    expect(got.slice(2)).toEqual([ok(bytes()), 1, ok(), closed]);
  });
  test("tells its writer that nobody reads", () => {
    const got = values(function* () {
      yield call("isyswasfa:io/pipe.make-pipe");
      yield { drop: "wasi:io/streams.input-stream", handle: 2 };
      yield output("check-write");
      yield output("write", bytes(1));
      yield output("flush");
      return [];
    });
    expect(got.slice(2)).toEqual([closed, closed, closed]);
  });
});

const sender = "futures.isyswasfa-sender-u32";
const receiver = "futures.isyswasfa-receiver-u32";

describe("a sender and its receiver", () => {
  const payload: Cast["futures"] = [{ tag: "u32" }];
  const pair = call("futures.isyswasfa-pipe-u32");
  const receive = call(`${receiver}.receive-isyswasfa-start`, 2);
  const some = (value: Value): Value => caseOf("some", value);
  test("pass on a value that is sent before", () => {
    const got = values(function* () {
      yield pair;
      yield call(`${sender}.send`, 1, 7);
      yield receive;
      return [];
    }, payload);
    expect(got).toEqual([[1, 2], 0, ok(some(7))]);
  });
  test("give none for a sender that was dropped", () => {
    const got = values(function* () {
      yield pair;
      yield { drop: sender, handle: 1 };
      yield receive;
      return [];
    }, payload);
    expect(got).toEqual([[1, 2], 0, ok(caseOf("none"))]);
  });
  test("do without the receiver", () => {
    const got = values(function* () {
      yield pair;
      yield { drop: receiver, handle: 2 };
      yield call(`${sender}.send`, 1, 7);
      return [];
    }, payload);
    expect(got).toEqual([[1, 2], 0, 0]);
  });
  test("make a task of a wait for what is not sent", () => {
    const got = values(function* () {
      yield pair;
      yield receive;
      return [];
    }, payload);
    expect(got).toEqual([[1, 2], caseOf("error", 2)]);
  });
});

describe("components that break the rules", () => {
  test("each ends in the trap that is listed for it", () => {
    const ends = Object.entries(rogueRuns).map(([code, end]) => [code, end()]);
    expect(ends).toEqual(Object.keys(rogueRuns).map((code) => [code, code]));
  });
});

/** A store of a host that knows one task, with changes. */
function storeWith(
  tasks: Partial<Tasks>,
  owned: readonly number[] = [],
  stack: readonly number[] = [],
): Store {
  const { initial } = castSystem({ ...cast, host: { foo: null } });
  const [host, ...others] = initial.entities.instance;
  const task: Task = { kind: "guest", listen: null, refs: 1, cancel: null, ready: null };
  const known: Tasks = { ...tasksIn(initial), tasks: { 1: task }, ...tasks };
  const handle = owned.map(
    (rt) => ({ rt, rep: 1, own: true, task: null, numLends: 0 }) as ResourceHandle,
  );
  const instance = [{ ...host!, globals: { [tasksGlobal]: known } }, ...others];
  const thread = [initial.entities.thread[0]!, initial.entities.thread[0]!];
  const entities = { ...initial.entities, instance, thread, handle };
  return { ...initial, entities, stack: stack as Store["stack"] };
}

describe("a standing property", () => {
  const [pending, ready] = [0, 2];
  const broken = (store: Store) => brokenProperty(store, false, isyswasfaLaws);
  test("holds of a task with one capability", () => {
    expect(broken(storeWith({}, [ready]))).toBeNull();
  });
  test("finds each way to be broken", () => {
    const told: Tasks["inboxes"] = [[{ tag: "ready", state: 1, task: 1 }]];
    expect([
      broken(storeWith({ broken: "M: cancel C1" }, [ready])),
      broken(storeWith({}, [ready, ready])),
      broken(storeWith({}, [pending, ready])),
      broken(storeWith({ inboxes: told })),
      broken(storeWith({}, [ready], [0, 1])),
    ]).toEqual([
      { name: "I01", detail: "M: cancel C1" },
      { name: "I02", detail: "there are 2 of `ready 1`" },
      { name: "I03", detail: "task 1 counts 1 capabilities and has 2" },
      { name: "I04", detail: "nobody runs, but a component has not been told everything" },
      { name: "I05", detail: "a root call runs while guest code does" },
    ]);
  });
});

describe("halves on the machine", () => {
  test("have the types that splitting gives to WIT", () => {
    const wit = `package a:b;
      interface i {
        f: func(s: string, t: stream<u8>, u: future<u32>) -> result<list<u8>, string>;
      }
      world w { import wasi:io/streams@0.2.0; import i; }`;
    const io = `package wasi:io@0.2.0; interface streams { resource input-stream; }`;
    const files = [parseWit(wit, "a/b.wit"), parseWit(io, "io/io.wit")];
    const made = interfaces(split(files, { world: "w" })).get("a:b/i");
    const u8 = { tag: "u8" } as const;
    const host = splitHost(0, [
      {
        name: "host.f",
        ft: {
          params: [
            { name: "s", t: { tag: "string" } },
            { name: "t", t: { tag: "stream", t: u8 } },
            { name: "u", t: { tag: "future", t: { tag: "u32" } } },
          ],
          result: {
            tag: "result",
            ok: { tag: "list", t: u8, length: null },
            error: { tag: "string" },
          },
          async: true,
        },
      },
    ]);
    // the resources of a future stand in the interface that uses it, and here in one of their own
    const key = ({ interface: id, name }: ResourceId): string =>
      `${id.replace(/@.*$/, "").replace("a:b/i", "futures")}.${name}`;
    for (const half of ["f-isyswasfa-start", "f-isyswasfa-result"]) {
      const written = made?.funcs.find(({ name }) => name === half);
      const machine = host.funcs.find((f) => f.key === `host.${half}`);
      expect(machine?.ft).toEqual(funcType(written!, (id) => host.resource(key(id))));
    }
  });
});
