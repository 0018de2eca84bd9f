// What stands in a store: nothing after a complete run, and what a sleeping thread leaves.

import { describe, expect, test } from "vitest";
import type { Instance, Store } from "../../src/model/store.ts";
import { revisionsOf, systemOf } from "../../src/scenario/verify.ts";
import { outcomeOf } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { uniform } from "../../src/scheduler/sampling/policies.ts";
import { bookFiles, readBook } from "../book/files.ts";
import { exploreText } from "./scenario-harness.ts";

const nothing = { task: [], thread: [], waitable: [], set: [], handle: [] };

function left({ entities }: Store): typeof nothing {
  const { task, thread, waitable, set, handle } = entities;
  return { task, thread, waitable, set, handle } as unknown as typeof nothing;
}

/** What is not the guest's own doing, as in a new instance; freed indices of tables aside. */
function atRest({ handles, threads, ...inst }: Readonly<Instance>): unknown {
  const { mayEnter, mayLeave, numWaitingToEnter, exclusiveThread } = inst;
  const used = [...handles.array, ...threads.array].filter((entry) => entry !== null);
  return { mayEnter, mayLeave, numWaitingToEnter, exclusiveThread, used };
}

const rest = {
  mayEnter: true,
  mayLeave: true,
  numWaitingToEnter: 0,
  exclusiveThread: null,
  used: [],
};

/** The store after a run that was complete and left nothing in a table. */
function isClean(store: Store): boolean {
  const { end, leaks } = outcomeOf(store);
  return end.tag === "ok" && leaks.length === 0;
}

function storesAtTheEnd(): readonly Store[] {
  const { entries } = readBook(bookFiles.filter((file) => file.startsWith("spec/litmus/")));
  const guests = entries.filter(({ scenario }) => scenario.host === null);
  const runs = guests.flatMap(({ scenario }) =>
    revisionsOf(scenario).flatMap((revision) =>
      [defaultPolicy, uniform(1)].map((policy) => run(systemOf(scenario, revision), policy)),
    ),
  );
  return runs.filter((r) => r.complete).map(({ store }) => store);
}

test("a complete run of guests leaves nothing behind but its instances, at rest", () => {
  const clean = storesAtTheEnd().filter(isClean);
  expect(clean.length).toBeGreaterThan(20);
  for (const store of clean) {
    expect(left(store)).toEqual(nothing);
    for (const inst of store.entities.instance) if (inst) expect(atRest(inst)).toEqual(rest);
    expect(store.stack).toEqual([]);
    expect(store.roots.filter((root) => root.thread !== null)).toEqual([]);
  }
});

describe("a store", () => {
  test("has a new thread as it was made, and a suspended one as it went to sleep", () => {
    const { finals } = exploreText(`scenario "t"
component A {
  func t(i) { log i }
  export f: async func() stackful { thread.new-indirect t 1; context.set 1 5; thread.suspend }
}
run A.f as x
`);
    expect(finals).toHaveLength(1);
    const [, asleep, fresh] = finals[0]?.entities.thread ?? [];
    expect(fresh).toMatchObject({
      name: "A.f/thread",
      state: { tag: "suspended" },
      frames: [{ tag: "thread.exit" }, { tag: "guest" }],
      ret: null,
      index: 2,
      storage: [0, 0],
      cancellable: "no",
    });
    expect(asleep).toMatchObject({
      name: "A.f",
      state: { tag: "suspended" },
      index: 1,
      storage: [0, 5],
      cancellable: "no",
    });
  });

  test("has an end that was told of its peer's leaving as done", () => {
    const { finals } = exploreText(`scenario "t"
component A {
  export f: func() {
    let r, w = stream.new
    stream.drop-readable r
    log stream.write w "a"
  }
}
run A.f as x
`);
    const ends = finals.flatMap(({ entities }) => entities.waitable);
    expect(ends).toMatchObject([
      null,
      null,
      { tag: "end", state: "done", other: null, buffer: null, pendingEvent: null, received: [] },
    ]);
  });

  test("gives an id again only when its entity is gone", () => {
    const { finals } = exploreText(`scenario "t"
component A {
  export f: func() {
    let a = waitable-set.new
    let b = waitable-set.new
    waitable-set.drop a
    let r, w = stream.new
    stream.drop-readable r
    let r2, w2 = stream.new
    waitable.join r2 b
    waitable.join w b
  }
}
run A.f as x
`);
    const [store] = finals;
    expect(store?.entities.set).toEqual([null, { elems: [1, 2], numWaiting: 0 }]);
    expect(store?.entities.waitable).toMatchObject([
      null,
      { kind: "readable-stream", index: 1, set: 1, other: 3 },
      { kind: "writable-stream", index: 3, set: 1, other: null },
      { kind: "writable-stream", index: 4, set: null, other: 1 },
    ]);
  });
});
