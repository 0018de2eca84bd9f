// Calls in both directions on the real event loop: when they begin, how they end, and who hears of it.

import { expect, test } from "vitest";
import {
  type CallContext,
  ComponentError,
  DeadlockError,
  type Embedding,
  embed,
  type GuestStream,
  ReplayError,
  type Replayed,
  replay,
  TrapError,
} from "../../src/embedding.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";

/** So many microtasks, one after the other. */
async function hops(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await undefined;
}

/** Whether the promise is settled within that many microtasks. */
async function isSettled(promise: Promise<unknown>, within: number): Promise<boolean> {
  let settled = false;
  const note = (): void => {
    settled = true;
  };
  promise.then(note, note);
  await hops(within);
  return settled;
}

function again(e: Embedding): Replayed {
  return replay(JSON.parse(JSON.stringify(e.recording())));
}

const fetcher = `
scenario "a component that asks"
type why = enum { late, lost }
component A {
  import host
  export run: async func(n: u32) -> u32 stackful {
    log "run {n}"
    let got = host.get(n)
    log "got {got}"
    task.return got
  }
  export state: async func(n: u32) stackful {
    let s, _, _ = async host.get(n)
    log s
    task.return
  }
  export try: async func() -> result<u32, why> stackful { task.return (host.try()) }
  export now: func() -> u32 sync { return host.now() }
}
host {
  func get: async func(n: u32) -> u32 { }
  func try: async func() -> result<u32, why> { }
  func now: func() -> u32 { return 1 }
}
`;

test("nothing of a guest runs inside invoke", async () => {
  const e = embed(fetcher, { imports: { "host.get": (n: number) => n } });
  const done = e.invoke("A.run", [1]);
  expect(e.log).toEqual([]);
  await done;
  expect(e.log).toEqual(["run 1", "got 1"]);
});

test("calls begin in the order in which they were made", async () => {
  const e = embed(fetcher, { imports: { "host.get": async (n: number) => n } });
  await Promise.all([e.invoke("A.run", [1]), e.invoke("A.run", [2]), e.invoke("A.run", [3])]);
  expect(e.log.slice(0, 3)).toEqual(["run 1", "run 2", "run 3"]);
});

test("a call made while a turn runs belongs to the next one", async () => {
  let inner: Promise<unknown> = Promise.resolve();
  const e: Embedding = embed(fetcher, {
    imports: {
      "host.get": (n: number) => {
        if (n === 1) inner = e.invoke("A.run", [5]);
        return n;
      },
    },
  });
  await Promise.all([e.invoke("A.run", [1]), e.invoke("A.run", [2])]);
  await inner;
  // 5 is called inside the first turn, whose calls 1 and 2 come first
  expect(e.log).toEqual(["run 1", "got 1", "run 2", "got 2", "run 5", "got 5"]);
});

test("a function that answers at once has returned when the guest looks", async () => {
  const e = embed(fetcher, { imports: { "host.get": (n: number) => n } });
  await e.invoke("A.state", [1]);
  expect(e.log).toEqual(["RETURNED"]);
});

test("a function that gives a promise has started, even if that is settled already", async () => {
  const e = embed(fetcher, { imports: { "host.get": (n: number) => Promise.resolve(n) } });
  await e.invoke("A.state", [1]);
  expect(e.log).toEqual(["STARTED"]);
});

test("a host function that is no import keeps its body of the scenario", async () => {
  expect(await embed(fetcher).invoke("A.now")).toBe(1);
});

test("an import that the host does not have is an error at once", () => {
  expect(() => embed(fetcher, { imports: { "host.put": () => 1 } })).toThrow(
    "the host has no function host.put; it has: host.get, host.try, host.now",
  );
});

test("an import that is no function is an error at once", () => {
  const imports = { "host.get": 42 as never };
  expect(() => embed(fetcher, { imports })).toThrow("host.get is number 42, no function");
});

test.each([
  ["a ComponentError", new ComponentError("late")],
  ["what is no Error", "late"],
])("%s is the error of a result", async (_, thrown) => {
  const e = embed(fetcher, {
    imports: {
      "host.try": async () => {
        throw thrown;
      },
    },
  });
  await expect(e.invoke("A.try")).rejects.toEqual(new ComponentError("late"));
});

test("a result that is fulfilled is ok", async () => {
  const e = embed(fetcher, { imports: { "host.try": async () => 7 } });
  expect(await e.invoke("A.try")).toBe(7);
});

test.each([
  ["throws", "host.try"],
  ["throws where no error can be said", "host.get"],
])("an import that %s an Error traps its caller", async (_, name) => {
  const cause = new Error("broken");
  const imports = {
    [name]: () => {
      throw cause;
    },
  };
  const e = embed(fetcher, { imports });
  const done = name === "host.get" ? e.invoke("A.run", [1]) : e.invoke("A.try");
  const error = (await done.catch((thrown) => thrown)) as TrapError;
  expect(error).toBeInstanceOf(TrapError);
  // an exception of a host function goes through the boundary as one of a guest does
  const { code, instance, thread, cause: why } = error;
  expect({ code, instance, thread, why }).toEqual({
    code: "guest.throw",
    instance: "host",
    thread: name,
    why: cause,
  });
  expect(error.message).toContain("(Error: broken)");
});

test("a result that does not fit its type is an error of the import", async () => {
  const e = embed(fetcher, { imports: { "host.get": () => "seven" } });
  const error = (await e.invoke("A.run", [1]).catch((thrown) => thrown)) as TrapError;
  expect([error.code, (error.cause as Error).message]).toEqual([
    "guest.throw",
    'what host.get gives: string "seven" is no u32',
  ]);
});

test("a function of a sync type must not give a promise", async () => {
  const e = embed(fetcher, { imports: { "host.now": async () => 1 } });
  const error = (await e.invoke("A.now").catch((thrown) => thrown)) as TrapError;
  expect((error.cause as Error).message).toBe("host.now is not async, and gave a promise");
});

const trapping = `
scenario "a trap ends everything"
component A {
  import host
  export wait: async func() stackful { host.forever(); task.return }
  export trap: async func() stackful { unreachable }
}
host { func forever: async func() { } }
`;

test("a trap rejects whatever is pending, and what comes later", async () => {
  const signals: AbortSignal[] = [];
  const e = embed(trapping, {
    imports: {
      "host.forever": ({ signal }: CallContext) => {
        signals.push(signal);
        return new Promise(() => {});
      },
    },
  });
  const waiting = e.invoke("A.wait");
  const ended = await Promise.allSettled([waiting, e.invoke("A.trap")]);
  const codes = ended.map((one) => one.status === "rejected" && one.reason.code);
  expect(codes).toEqual(["guest.unreachable", "guest.unreachable"]);
  expect(signals.map(({ aborted, reason }) => [aborted, reason.code])).toEqual([
    [true, "guest.unreachable"],
  ]);
  await expect(e.invoke("A.wait")).rejects.toMatchObject({
    sentence:
      "guest: the guest executed unreachable; of a script also: it accessed memory out of bounds",
    instance: "A",
    thread: "A.trap",
  });
  expect(again(e)).toEqual(e.state());
  expect(e.state().results.map(({ end }) => end)).toEqual(["ended", "ended"]);
});

const stuck = `
scenario "a gate"
component A {
  export wait: async func() stackful {
    let r, w = stream.new
    stream.read r 1
    task.return
  }
}
`;

test("a deadlock rejects, and says who waits for what", async () => {
  const e = embed(stuck);
  const error = (await e.invoke("A.wait").catch((thrown) => thrown)) as DeadlockError;
  expect(error).toBeInstanceOf(DeadlockError);
  expect(error.waiting).toEqual([
    "call 1 waits for A.wait to resolve",
    "A.wait waits for its read on A/r1; its peer A/w2 is idle",
  ]);
  expect(again(e)).toEqual(e.state());
  expect(e.state().results.map(({ end }) => end)).toEqual(["deadlock"]);
});

test("what JavaScript still owes is no deadlock", async () => {
  const pending = new Promise(() => {});
  const e = embed(trapping, { imports: { "host.forever": () => pending } });
  expect(await isSettled(e.invoke("A.wait"), 1000)).toBe(false);
  expect(e.explain()).toEqual([
    "call 1 waits for A.wait to resolve",
    "A.wait waits for host.forever to resolve",
    "host.forever waits for JavaScript to answer host.forever",
  ]);
});

test("a deadlock can be waited out", async () => {
  const e = embed(stuck, { deadlock: "wait" });
  expect(await isSettled(e.invoke("A.wait"), 1000)).toBe(false);
});

const polling = `
scenario "a component that polls"
component A {
  import host
  export run: async func() stackful {
    let ws = waitable-set.new
    let _, call = async host.slow()
    waitable.join call ws
    let event = NONE
    while event == NONE {
      thread.yield
      let e, _, _ = waitable-set.poll ws
      event = e
    }
    log event
    task.return
  }
}
host { func slow: async func() { } }
`;

test("a guest that polls does not shut JavaScript out", async () => {
  const e = embed(polling, { imports: { "host.slow": () => hops(20) } });
  await e.invoke("A.run");
  expect(e.log).toEqual(["SUBTASK"]);
  expect(again(e)).toEqual(e.state());
});

test("a guest that polls for what never comes ends as a limit", async () => {
  const e = embed(polling, { imports: { "host.slow": () => new Promise(() => {}) } });
  await expect(e.invoke("A.run")).rejects.toMatchObject({
    name: "MachineError",
    tag: "limit",
    message: "200 turns of 100 choices in which nothing arrived",
  });
  expect(again(e)).toEqual(e.state());
});

test("a policy that throws leaves nobody waiting", async () => {
  const policy = (): never => {
    throw new Error("no choice");
  };
  const e = embed(polling, { policy, imports: { "host.slow": () => hops(20) } });
  await expect(e.invoke("A.run")).rejects.toThrow("no choice");
});

const patient = `
scenario "a callee that may be told"
component A {
  export obey: async func() -> u32 callback {
    on start { log "obey"; wait (waitable-set.new) }
    on event(e, i, p) { log e; task.cancel; exit }
  }
  export finish: async func() -> u32 callback {
    on start { wait (waitable-set.new) }
    on event(e, i, p) { task.return 5; exit }
  }
}
`;

test("an abort asks the callee to cancel: the promise has the reason if it does", async () => {
  const e = embed(patient);
  const controller = new AbortController();
  const done = e.invoke("A.obey", [], { signal: controller.signal });
  await hops(10);
  expect(e.log).toEqual(["obey"]);
  controller.abort();
  await expect(done).rejects.toMatchObject({ name: "AbortError" });
  expect(e.log).toEqual(["obey", "TASK_CANCELLED"]);
  expect(e.state().results.map(({ end }) => end)).toEqual(["cancelled"]);
  expect(again(e)).toEqual(e.state());
});

test("a callee that returns all the same has returned", async () => {
  const e = embed(patient);
  const controller = new AbortController();
  const done = e.invoke("A.finish", [], { signal: controller.signal });
  // as long as the signal may abort, this is no deadlock
  await hops(1000);
  controller.abort("too late");
  expect(await done).toBe(5);
});

test("a call that was aborted before its turn never happens", async () => {
  const e = embed(patient);
  const controller = new AbortController();
  const done = e.invoke("A.obey", [], { signal: controller.signal });
  controller.abort("never mind");
  await expect(done).rejects.toBe("never mind");
  await expect(e.invoke("A.obey", [], { signal: controller.signal })).rejects.toBe("never mind");
  expect([e.log, e.state().results]).toEqual([[], []]);
});

const impatient = `
scenario "a guest that cancels"
component A {
  import host
  export run: async func() stackful {
    let s, call, _ = async host.slow()
    log s
    let c = async subtask.cancel call
    log c
    if c == BLOCKED {
      let ws = waitable-set.new
      waitable.join call ws
      let e, _, p = waitable-set.wait ws
      log "{e} {p}"
    }
    task.return
  }
}
host { func slow: async func() -> u32 { } }
`;

test("a guest's cancel aborts the signal of the function, which may obey", async () => {
  const e = embed(impatient, {
    imports: {
      "host.slow": ({ signal }: CallContext) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
        }),
    },
  });
  await e.invoke("A.run");
  expect(e.log).toEqual(["STARTED", "BLOCKED", "SUBTASK CANCELLED_BEFORE_RETURNED"]);
  expect(again(e)).toEqual(e.state());
});

test("a function that answers although its signal aborted has returned", async () => {
  const e = embed(impatient, {
    imports: {
      "host.slow": ({ signal }: CallContext) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => resolve(7));
        }),
    },
  });
  await e.invoke("A.run");
  expect(e.log).toEqual(["STARTED", "BLOCKED", "SUBTASK RETURNED"]);
});

const choosing = `
scenario "a scenario that runs by itself"
component A {
  export run: async func() stackful { choose { log "left" } or { log "right" }; task.return }
}
run A.run as main
`;

test("the runs of a scenario begin by themselves, by the default choices", async () => {
  const e = embed(choosing);
  await hops(2);
  expect([e.log, e.outcome().end]).toEqual([["left"], { tag: "ok" }]);
});

test("a schedule decides", async () => {
  const e = embed(choosing, { schedule: ["choose A.run option 2#1"] });
  await hops(2);
  expect(e.log).toEqual(["right"]);
  expect(e.recording().schedule).toEqual(["choose A.run option 2#1"]);
  expect(again(e).log).toEqual(["right"]);
});

test("a seed decides, and its recording names the choices", async () => {
  const logs = new Set<string>();
  for (let seed = 0; seed < 20; seed++) {
    const e = embed(choosing, { seed });
    await hops(2);
    logs.add(e.log.join());
    expect(again(e).log).toEqual(e.log);
  }
  expect(logs).toEqual(new Set(["left", "right"]));
});

test("a recording that is not of this system does not apply", async () => {
  const e = embed(fetcher, { imports: { "host.get": (n: number) => n } });
  await e.invoke("A.run", [1]);
  const { occurrences } = e.recording();
  const changed = (occurrences as readonly unknown[]).slice(0, -1);
  const tail = { tag: "turn", arrivals: [] };
  const broken = { ...e.recording(), occurrences: [...changed, tail] as typeof occurrences };
  expect(() => replay(broken)).toThrow(ReplayError);
});

test("a system that was built otherwise is replayed with that system", async () => {
  const [scenario] = checkedScenarios(fetcher, "fetcher.scn");
  const system = systemOf(scenario!, parseRevision("6d28164"));
  const e = embed(system, { imports: { "host.get": async (n: number) => n } });
  expect(await e.invoke("A.run", [3])).toBe(3);
  const recording = e.recording();
  expect(recording.scenario).toBe(null);
  expect(replay(recording, system)).toEqual(e.state());
  expect(() => replay(recording)).toThrow(ReplayError);
  expect(() => replay({ ...recording, version: 2 as 1 }, system)).toThrow(ReplayError);
});

test("one scenario is embedded, not two", () => {
  expect(() => embed(fetcher + trapping)).toThrow("one scenario is embedded, not 2");
  expect(() => embed("")).toThrow("one scenario is embedded, not 0");
});

test("the WASI host of a scenario goes on beside JavaScript", async () => {
  const e = embed(`
scenario "a file for JavaScript"
component A {
  import wasi:filesystem/types
  import wasi:filesystem/preopens
  export open: func() -> stream<u8> sync {
    let dirs = preopens.get-directories()
    let opened = descriptor.open-at(dirs[0][0], {}, "greeting", {}, {read})
    let streams = descriptor.read-via-stream(opened.ok, 0)
    return streams[0]
  }
}
wasi {
  file "greeting" "hello"
  set chunk whole
  set teardown when-idle
}
`);
  const s = (await e.invoke("A.open")) as GuestStream<number>;
  expect(await s.read(2)).toEqual(new Uint8Array([104, 101]));
  expect(await s.read(9)).toEqual(new Uint8Array([108, 108, 111]));
  expect(await s.read(9)).toBe(null);
  expect(again(e)).toEqual(e.state());
});
