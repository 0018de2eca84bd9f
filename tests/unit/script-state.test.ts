// What a script keeps between two calls: live locals, and the memory of its bindings code.

import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import type { Instr } from "../../src/scenario/code.ts";
import { liveLocals } from "../../src/scenario/liveness.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { storeEncoder } from "../../src/scheduler/encoding/store.ts";
import { enabled, type System, step } from "../../src/scheduler/machine.ts";

const local = (slot: number): Instr => ({ op: "local", slot });
const set = (slot: number): Instr => ({ op: "set-local", slot });
const yieldOnce: Instr = { op: "choose", options: ["one"] };

describe("live locals", () => {
  test("are those that are read before they are written", () => {
    const code = [local(0), set(1), local(1), { op: "pop" } as const, set(0), local(0)];
    expect(liveLocals(code)).toEqual([[0], [], [1], [], [], [0], []]);
  });

  test("of a branch are those of both ways", () => {
    const code: Instr[] = [
      local(0),
      { op: "jump-unless", to: 4 },
      local(1),
      { op: "jump", to: 5 },
      local(2),
      { op: "return", value: true },
    ];
    expect(liveLocals(code)).toEqual([[0, 1, 2], [1, 2], [1], [], [2], [], []]);
  });

  test("of a loop live around it, unless it writes them first", () => {
    const code: Instr[] = [
      local(0),
      { op: "jump-unless", to: 7 },
      yieldOnce,
      set(1),
      local(1),
      { op: "log" },
      { op: "jump", to: 0 },
      { op: "turn", code: 0 },
      local(2),
    ];
    expect(liveLocals(code)).toEqual([[0], [0], [0], [0], [0, 1], [0], [0], [], [2], []]);
  });

  test("are written by taking results apart, and needed by no end", () => {
    const code: Instr[] = [
      { op: "destructure", slots: [0, 2] },
      local(2),
      { op: "trap", reason: "throw" },
    ];
    expect(liveLocals([...code, local(1)])).toEqual([[], [2], [], [1], []]);
  });
});

function systemFor(text: string): System {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return systemOf(scenario, parseRevision("d1daf829"));
}

/** The stores of the default run, and how many keys they have. */
function run(system: System): { readonly stores: readonly Store[]; readonly keys: number } {
  const encoder = storeEncoder(system, { dead: true });
  const keys = new Set<string>();
  const stores: Store[] = [];
  const out = new Encoding(true);
  let store = system.initial;
  for (let n = 0; n < 20_000; n++) {
    stores.push(store);
    out.clear();
    encoder.encode(store, out);
    keys.add(out.ints.subarray(0, out.length).join());
    const [action] = enabled(system, store);
    if (action === undefined) break;
    store = step(system, store, action);
  }
  return { stores, keys: keys.size };
}

const body = (text: string): string => `
scenario "a body"
component A {
  export run: async func() stackful {
    ${text}
    task.return
  }
}
run A.run
`;

/** What the last store of a run logs, and what is left in the memory of A. */
function left(text: string): { log: readonly string[]; heap: unknown; bytes: number } {
  const last = run(systemFor(body(text))).stores.at(-1);
  const pages = last?.entities.memory[0]?.leaves.flatMap((leaf) => leaf ?? []) ?? [];
  return {
    log: last?.log ?? [],
    heap: last?.entities.instance[1]?.globals["%heap"],
    bytes: pages.flatMap((page) => [...(page ?? [])]).filter((byte) => byte !== 0).length,
  };
}

describe("the memory of a script's bindings code", () => {
  test("is free again, with zeros in it, when a copy is over and nobody keeps its address", () => {
    const copies = `
    let r, w = stream.new
    log async stream.write w "abcd"
    log stream.read r 4
    let ws = waitable-set.new
    waitable.join w ws
    let e, i, p = waitable-set.wait ws
    log "{e} {p}"`;
    expect(left(copies)).toEqual({
      log: ["BLOCKED", "COMPLETED|4", "STREAM_WRITE COMPLETED|4"],
      heap: undefined,
      bytes: 0,
    });
  });

  test("stays where the script goes on to use the address", () => {
    const kept = `
    let r, w = stream.new
    async stream.write w "abcd"
    let result, p = stream.read r 4
    let r2, w2 = stream.new
    async stream.write w2 "ef"
    log stream.read r2 2
    log list-at p 4`;
    const held = { 2: [16, 20], 4: [24, 26] };
    expect(left(kept)).toEqual({
      log: ["COMPLETED|2", "b'abcd'"],
      heap: { heap: 26, free: [], held },
      bytes: 4 + 4 + 2,
    });
  });

  test("is held while a copy is under way, until its event or its cancellation", () => {
    const cancelled = `
    let r, w = stream.new
    let r2, w2 = stream.new
    async stream.read r 8
    async stream.read r2 4
    log stream.cancel-read r
    log alloc 8 8`;
    expect(left(cancelled)).toMatchObject({
      log: ["CANCELLED|0", "16"],
      heap: { heap: 28, free: [], held: { 3: [24, 28] } },
    });
  });

  test("is the lowest that fits and is aligned, so that it says nothing of the past", () => {
    const gaps = `
    let r, w = stream.new
    let r2, w2 = stream.new<u32>
    async stream.read r 3
    async stream.read<u32> r2 1
    log alloc 1 1
    log alloc 2 1
    stream.cancel-read r
    log alloc 4 4
    log alloc 3 1`;
    expect(left(gaps)).toMatchObject({ log: ["19", "24", "28", "16"], heap: { heap: 32 } });
  });

  test("of a callback task is free when the event is handed to it", () => {
    const { stores } = run(
      systemFor(`
scenario "an event for a callback"
component A {
  export run: async func() callback {
    on start() {
      let r, w = stream.new
      async stream.read r 2
      let ws = waitable-set.new
      waitable.join r ws
      stream.write w "ab"
      wait ws
    }
    on event(e, i, p) {
      log "{e} {p}"
      task.return
      exit
    }
  }
}
run A.run
`),
    );
    const last = stores.at(-1);
    expect(last?.log).toEqual(["STREAM_READ COMPLETED|2"]);
    expect(last?.entities.instance[1]?.globals).toEqual({});
  });
});

describe("a loop", () => {
  test("that copies for ever comes round again", () => {
    const { stores, keys } = run(
      systemFor(`
scenario "two that copy for ever"
component A {
  export run: async func() stackful {
    let r, w = stream.new
    while true {
      async stream.write w "ab"
      stream.read r 2
      let ws = waitable-set.new
      waitable.join w ws
      let e, i, p = waitable-set.wait ws
      waitable.join w 0
      waitable-set.drop ws
    }
  }
}
run A.run
`),
    );
    expect(stores.length).toBe(20_000);
    expect(keys).toBeLessThan(100);
  });

  test("whose variables differ has one key where they are not read again", () => {
    const text = (n: number): string => `
scenario "a variable"
component A {
  export run: async func() stackful {
    let n = ${n}
    thread.yield
    if n == 3 { log "three" }
    thread.yield
    task.return
  }
}
run A.run
`;
    const keysOf = (n: number): readonly string[] => {
      const system = systemFor(text(3));
      const encoder = storeEncoder(system, { dead: true });
      const stores = run(system).stores.map((store) => withLocal(store, n));
      return stores.map((store) => {
        const out = new Encoding();
        encoder.encode(store, out);
        return out.ints.subarray(0, out.length).join();
      });
    };
    const [one, other] = [keysOf(3), keysOf(4)];
    const apart = one.map((key, i) => key !== other[i]);
    // live from the first yield until the comparison
    expect(apart.indexOf(true)).toBeGreaterThan(0);
    expect(apart.lastIndexOf(true)).toBeLessThan(apart.length - 1);
    const yields = run(systemFor(text(3))).stores.map((store) => topTag(store) === "thread.yield");
    expect(apart[yields.indexOf(true)]).toBe(true);
    expect(apart[yields.lastIndexOf(true)]).toBe(false);
  });
});

function topTag({ stack, entities }: Store): string {
  const id = stack.at(-1);
  return id === undefined ? "" : (entities.thread[id]?.frames.at(-1)?.tag ?? "");
}

interface ScriptLike {
  readonly tag: string;
  readonly state?: { readonly calls: readonly { readonly locals: number[] }[] };
}

/** The store in which the first local of A's script, if it runs, is `n`. */
function withLocal(store: Store, n: number): Store {
  const copy = structuredClone(store);
  for (const t of copy.entities.thread) {
    if (t === null || t.task === null) continue;
    for (const frame of t.frames as readonly unknown[] as readonly ScriptLike[]) {
      const [call] = frame.state?.calls ?? [];
      if (call !== undefined) call.locals[0] = n;
    }
  }
  return copy;
}
