// Streams and futures between JavaScript and guests: who waits for whom, and what becomes of errors.

import { expect, test } from "vitest";
import {
  ComponentError,
  companions,
  type Embedding,
  embed,
  type GuestResource,
  type GuestStream,
  joined,
  replay,
} from "../../src/embedding.ts";

async function hops(n: number): Promise<void> {
  for (let i = 0; i < n; i++) await undefined;
}

function expectSameAgain(e: Embedding): void {
  expect(replay(JSON.parse(JSON.stringify(e.recording())))).toEqual(e.state());
}

const reader = `
scenario "a component that reads when it is told to"
type why = enum { io, lost }
component A {
  export open: func(s: stream<u8>) sync { keep s }
  export read: async func(n: u32) -> list<u8> stackful {
    let got, at = stream.read s n
    log got
    task.return (list-at at n)
  }
  export drop: func() sync { stream.drop-readable s }
  export trap: func() sync { unreachable }
  export close: func() sync { backpressure.inc }
  export enter: async func(s: stream<u8>) stackful { stream.drop-readable s; task.return }
  export twice: async func(s: stream<u8>) stackful {
    log async stream.read s 5
    thread.yield
    log stream.cancel-read s
    let first, _ = stream.read s 2
    thread.yield
    let second, at = stream.read s 4
    log "{first} {second} {list-at at 3}"
    stream.drop-readable s
    task.return
  }
  export results: async func(s: stream<result<u32, why>>) stackful {
    repeat 2 {
      let got, at = stream.read<result<u32, why>> s 1
      let item = load result<u32, why> at
      log "{got} {item}"
    }
    task.return
  }
  export await: async func(f: future<result<u32, why>>) stackful {
    let got, at = future.read<result<u32, why>> f
    let value = load result<u32, why> at
    log "{got} {value}"
    task.return
  }
  export plain: async func(f: future<u32>) stackful {
    let got, _ = future.read<u32> f
    log got
    task.return
  }
  export both: async func(s: stream<u8>, f: future<result<_, why>>) stackful {
    let got, _ = stream.read s 2
    log got
    stream.drop-readable s
    let over, at = future.read<result<_, why>> f
    let value = load result<_, why> at
    log "{over} {value}"
    task.return
  }
  export ignore: func(f: future<u32>) sync { future.drop-readable<u32> f }
}
`;

async function reading(source: unknown): Promise<Embedding> {
  const e = embed(reader, { deadlock: "wait" });
  await e.invoke("A.open", [source]);
  return e;
}

/** Counts what is asked of it. */
function counter(): { readonly source: AsyncIterable<number>; asked: number; closed: boolean } {
  const seen = {
    asked: 0,
    closed: false,
    source: {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          seen.asked += 1;
          return { done: false as const, value: seen.asked };
        },
        return: async () => {
          seen.closed = true;
          return { done: true as const, value: undefined };
        },
      }),
    },
  };
  return seen;
}

test("nothing is asked of a source before a guest reads it", async () => {
  const seen = counter();
  const e = await reading(seen.source);
  await hops(100);
  expect(seen.asked).toBe(0);
  await e.invoke("A.read", [1]);
  expect([seen.asked, e.log]).toEqual([1, ["COMPLETED|1"]]);
});

test("one read of an async source is one item, however many it has room for", async () => {
  const seen = counter();
  const e = await reading(seen.source);
  await e.invoke("A.read", [5]);
  expect([seen.asked, e.log]).toEqual([1, ["COMPLETED|1"]]);
  expectSameAgain(e);
});

test("a source that has its items gives as many as the read has room for", async () => {
  let asked = 0;
  function* numbers(): Generator<number> {
    for (;;) yield ++asked;
  }
  const e = await reading(numbers());
  expect(await e.invoke("A.read", [3])).toEqual(new Uint8Array([1, 2, 3]));
  expect([asked, e.log]).toEqual([3, ["COMPLETED|3"]]);
});

test("what is too much of a chunk is kept for the next read", async () => {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield new Uint8Array([1, 2, 3]);
  }
  const e = await reading(chunks());
  expect(await e.invoke("A.read", [2])).toEqual(new Uint8Array([1, 2]));
  expect(await e.invoke("A.read", [1])).toEqual(new Uint8Array([3]));
  expect(e.log).toEqual(["COMPLETED|2", "COMPLETED|1"]);
});

test("a ReadableStream is pulled while a guest reads, and only then", async () => {
  let pulls = 0;
  const source = new ReadableStream<number>(
    {
      pull: (controller) => {
        pulls += 1;
        controller.enqueue(pulls);
      },
    },
    { highWaterMark: 0 },
  );
  const e = await reading(source);
  await hops(100);
  expect(pulls).toBe(0);
  await e.invoke("A.read", [1]);
  await e.invoke("A.read", [1]);
  expect([pulls, e.log]).toEqual([2, ["COMPLETED|1", "COMPLETED|1"]]);
});

test("there is one request at a time", async () => {
  let outstanding = 0;
  let most = 0;
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        outstanding += 1;
        most = Math.max(most, outstanding);
        await hops(10);
        outstanding -= 1;
        return { done: false, value: 1 };
      },
    }),
  };
  const e = await reading(source);
  for (let i = 0; i < 5; i++) await e.invoke("A.read", [1]);
  expect(most).toBe(1);
});

test("a guest that has read enough closes the source", async () => {
  const seen = counter();
  const e = await reading(seen.source);
  await e.invoke("A.drop");
  await hops(10);
  expect(seen).toMatchObject({ asked: 0, closed: true });
});

test("a guest that has read enough cancels the ReadableStream", async () => {
  let cancelled = false;
  const source = new ReadableStream({
    cancel: () => {
      cancelled = true;
    },
  });
  const e = await reading(source);
  await e.invoke("A.drop");
  await hops(10);
  expect(cancelled).toBe(true);
});

test("a trap closes the sources too", async () => {
  const seen = counter();
  const e = await reading(seen.source);
  await expect(e.invoke("A.trap")).rejects.toMatchObject({ code: "guest.unreachable" });
  expect(seen.closed).toBe(true);
});

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error("broken");
}

test("the error of a source is lost where its items cannot say it", async () => {
  const e = await reading(failing());
  await e.invoke("A.read", [1]);
  await e.invoke("A.read", [1]);
  expect(e.log).toEqual(["COMPLETED|1", "DROPPED|0"]);
});

test("whoever asks hears of errors that are lost to the guest", async () => {
  const lost: string[] = [];
  const e = embed(reader, { onLost: (error) => lost.push(String(error)) });
  await e.invoke("A.plain", [Promise.reject(new Error("broken"))]);
  await e.invoke("A.plain", [Promise.resolve("seven")]);
  for (const source of [failing(), [1, 300]]) {
    await e.invoke("A.open", [source]);
    await e.invoke("A.read", [1]);
    await e.invoke("A.read", [1]);
  }
  expect(lost).toEqual([
    "Error: broken",
    'TypeError: source 1: string "seven" is no u32',
    "Error: broken",
    "TypeError: source 3: number 300 is no u8",
  ]);
});

test("the error of a source is the last item where items can say it", async () => {
  async function* source(): AsyncGenerator<unknown> {
    yield { tag: "ok", val: 7 };
    throw new ComponentError("io");
  }
  const e = embed(reader);
  await e.invoke("A.results", [source()]);
  expect(e.log).toEqual(["COMPLETED|1 ok(7)", "DROPPED|1 error(io)"]);
});

test("an item that does not fit its type ends the stream", async () => {
  let closed = false;
  function* source(): Generator<unknown> {
    try {
      yield "one";
    } finally {
      closed = true;
    }
  }
  const e = await reading(source());
  await e.invoke("A.read", [1]);
  expect([e.log, closed]).toEqual([["DROPPED|0"], true]);
});

test("companions: the stream only ends, and the future says why", async () => {
  const e = embed(reader);
  const { items, ended } = companions(failing(), () => "io");
  await e.invoke("A.both", [items, ended]);
  // the guest has one item, gives up, and the source is closed before it has failed
  expect(e.log).toEqual(["COMPLETED|1", "COMPLETED|0 ok"]);
  const broken = companions(
    {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.reject(new Error("broken")),
      }),
    },
    () => "io",
  );
  await e.invoke("A.both", [broken.items, broken.ended]);
  expect(e.log.slice(2)).toEqual(["DROPPED|0", "COMPLETED|0 error(io)"]);
});

test("companions of a stream that nobody reads are over when it is dropped", async () => {
  const e = await reading([]);
  const { items, ended } = companions([1], () => "io");
  await e.invoke("A.open", [items]);
  await e.invoke("A.drop");
  expect(await ended).toBe(undefined);
});

test("joined: the items, and then the error", async () => {
  const got: number[] = [];
  const all = async (): Promise<void> => {
    for await (const item of joined([1, 2], Promise.reject(new ComponentError("io")))) {
      got.push(item);
    }
  };
  await expect(all()).rejects.toEqual(new ComponentError("io"));
  expect(got).toEqual([1, 2]);
});

test.each([
  ["fulfilled", async () => 7, "COMPLETED|0 ok(7)"],
  ["rejected", () => Promise.reject(new ComponentError("lost")), "COMPLETED|0 error(lost)"],
])("a promise that is %s is the result of a future", async (_, promise, line) => {
  const e = embed(reader);
  await e.invoke("A.await", [promise()]);
  expect(e.log).toEqual([line]);
  expectSameAgain(e);
});

test("one promise may be given twice: each future sees its outcome", async () => {
  const e = embed(reader);
  const promise = Promise.resolve(7);
  await Promise.all([e.invoke("A.await", [promise]), e.invoke("A.await", [promise])]);
  expect(e.log).toEqual(["COMPLETED|0 ok(7)", "COMPLETED|0 ok(7)"]);
});

test("a rejection that the type cannot say leaves the future unwritten", async () => {
  const e = embed(reader);
  await e.invoke("A.plain", [Promise.reject(new Error("lost"))]);
  expect(e.log).toEqual(["DROPPED|0"]);
});

test("a guest's future that nobody looks at may fail: its promise counts as handled", async () => {
  const text = `
scenario "a future for nobody"
type why = enum { io }
component A {
  import host
  export tell: async func() stackful {
    let r, w = future.new<result<u32, why>>
    host.take(r)
    log future.write<result<u32, why>> w error(io)
    task.return
  }
}
host { func take: func(f: future<result<u32, why>>) { } }
`;
  const e = embed(text, { imports: { "host.take": () => {} } });
  await e.invoke("A.tell");
  // its promise is rejected by now: Node would end the run at the end of this task
  await new Promise((resolve) => setTimeout(resolve));
  expect(e.log).toEqual(["COMPLETED|0"]);
});

test("a promise that nobody reads may fail: it counts as handled", async () => {
  const e = embed(reader);
  await e.invoke("A.ignore", [Promise.reject(new Error("lost"))]);
  await hops(100);
  expect(e.outcome().end).toEqual({ tag: "ok" });
});

const writer = `
scenario "a component that writes"
type why = enum { io, lost }
component A {
  export bytes: async func() -> stream<u8> stackful {
    let r, w = stream.new
    task.return r
    log stream.write w "abc"
    log stream.write w "de"
    stream.drop-writable w
  }
  export texts: async func() -> stream<string> stackful {
    let r, w = stream.new<string>
    task.return r
    log stream.write<string> w ["one", "two"]
    stream.drop-writable<string> w
  }
  export silent: async func() -> stream<u8> stackful {
    let r, w = stream.new
    task.return r
    log "nothing yet"
    let ws = waitable-set.new
    waitable.join w ws
    let e, _, p = waitable-set.wait ws
    log "{e} {p}"
  }
  export back: func(s: stream<u8>) -> stream<u8> sync { return s }
  export trap: func() sync { unreachable }
  export failed: async func() -> future<result<u32, why>> stackful {
    let r, w = future.new<result<u32, why>>
    task.return r
    log future.write<result<u32, why>> w error(io)
  }
  export units: async func() -> stream<_> stackful {
    let r, w = stream.new<_>
    task.return r
    log stream.write<_> w 2
    stream.drop-writable<_> w
  }
}
`;

async function bytes(e: Embedding): Promise<GuestStream<number>> {
  return (await e.invoke("A.bytes")) as GuestStream<number>;
}

test("a write of a guest completes as far as JavaScript reads", async () => {
  const e = embed(writer);
  const s = await bytes(e);
  await hops(100);
  expect(e.log).toEqual([]);
  expect(await s.read(2)).toEqual(new Uint8Array([97, 98]));
  expect(e.log).toEqual(["COMPLETED|2"]);
  expect(await s.read(9)).toEqual(new Uint8Array([100, 101]));
  expect(await s.read(9)).toBe(null);
  expect(await s.read(9)).toBe(null);
  expect(e.log).toEqual(["COMPLETED|2", "COMPLETED|2"]);
  expectSameAgain(e);
});

test("a trap rejects the reads that are pending, and those that come later", async () => {
  const e = embed(writer);
  const s = (await e.invoke("A.silent")) as GuestStream<number>;
  const pending = s.read(1);
  const trapped = { code: "guest.unreachable" };
  await Promise.all([
    expect(pending).rejects.toMatchObject(trapped),
    expect(e.invoke("A.trap")).rejects.toMatchObject(trapped),
  ]);
  await expect(s.read(1)).rejects.toMatchObject(trapped);
});

test("reads that are made at once come one after the other", async () => {
  const e = embed(writer);
  const s = await bytes(e);
  const chunks = await Promise.all([s.read(3), s.read(2), s.read(1)]);
  expect(chunks).toEqual([new Uint8Array([97, 98, 99]), new Uint8Array([100, 101]), null]);
});

test("items that are no numbers come in arrays, and one by one in a loop", async () => {
  const e = embed(writer);
  const s = (await e.invoke("A.texts")) as GuestStream<string>;
  expect(await s.read(2)).toEqual(["one", "two"]);
  const again = (await e.invoke("A.texts")) as GuestStream<string>;
  const items: string[] = [];
  for await (const item of again) items.push(item);
  // a loop reads one item at a time, so that the write of two completes with one
  expect([items, e.log]).toEqual([["one"], ["COMPLETED|2", "COMPLETED|1"]]);
});

test("items without payload are undefined", async () => {
  const e = embed(writer);
  const s = (await e.invoke("A.units")) as GuestStream;
  expect(await s.read(5)).toEqual([undefined, undefined]);
});

test.each([0, -1, 1.5, 2 ** 28, Number.NaN])("a read of %d items is a RangeError", async (n) => {
  const s = await bytes(embed(writer));
  await expect(s.read(n)).rejects.toBeInstanceOf(RangeError);
});

test("to leave the loop drops the stream: the guest's write ends", async () => {
  const e = embed(writer);
  for await (const byte of await bytes(e)) {
    expect(byte).toBe(97);
    break;
  }
  await hops(10);
  // the second write finds its reader gone
  expect(e.log).toEqual(["COMPLETED|1", "DROPPED|0"]);
  expect(e.outcome().end).toEqual({ tag: "ok" });
});

test("to cancel ends a read that is pending", async () => {
  const e = embed(writer, { deadlock: "wait" });
  const s = (await e.invoke("A.silent")) as GuestStream<number>;
  const pending = s.read(3);
  await hops(20);
  await s.cancel();
  expect(await pending).toBe(null);
  await hops(20);
  expect(e.log).toEqual(["nothing yet", "STREAM_WRITE DROPPED|0"]);
  expectSameAgain(e);
});

test("as a ReadableStream it reads only when somebody asks", async () => {
  const e = embed(writer);
  const readable = (await bytes(e)).readable();
  await hops(100);
  expect(e.log).toEqual([]);
  const from = readable.getReader();
  expect(await from.read()).toEqual({ done: false, value: new Uint8Array([97]) });
  await hops(100);
  expect(e.log).toEqual(["COMPLETED|1"]);
});

test("as a ReadableStream it reads ahead as far as its highWaterMark goes", async () => {
  const e = embed(writer);
  const readable = (await bytes(e)).readable({ highWaterMark: 4 });
  await hops(100);
  // 3 bytes of the first write, then 1 of the second
  expect(e.log).toEqual(["COMPLETED|3", "COMPLETED|1"]);
  const chunks: unknown[] = [];
  await readable.pipeTo(
    new WritableStream({
      write: (chunk) => {
        chunks.push(...(chunk as Uint8Array));
      },
    }),
  );
  // the guest dropped its end when its second write had completed
  expect(chunks).toEqual([97, 98, 99, 100]);
});

test("to cancel the ReadableStream drops the stream", async () => {
  const e = embed(writer);
  await ((await e.invoke("A.texts")) as GuestStream<string>).readable().cancel();
  await hops(20);
  expect(e.log).toEqual(["DROPPED|0"]);
});

test("a guest's stream may be handed on, once, and comes back as another one", async () => {
  const e = embed(writer);
  const s = await bytes(e);
  const back = (await e.invoke("A.back", [s])) as GuestStream<number>;
  expect(await s.read(1)).toBe(null);
  await expect(e.invoke("A.back", [s])).rejects.toBeInstanceOf(TypeError);
  expect(await back.read(3)).toEqual(new Uint8Array([97, 98, 99]));
});

test("a stream of JavaScript comes back as a guest's", async () => {
  const e = embed(writer);
  const back = (await e.invoke("A.back", [[1, 2, 3]])) as GuestStream<number>;
  expect(await back.read(2)).toEqual(new Uint8Array([1, 2]));
  expect(await back.read(2)).toEqual(new Uint8Array([3]));
  expect(await back.read(2)).toBe(null);
});

test("a future is read at once: an error rejects its promise", async () => {
  const e = embed(writer);
  const future = e.invoke("A.failed");
  await expect(future).rejects.toEqual(new ComponentError("io"));
  expect(e.log).toEqual(["COMPLETED|0"]);
  expectSameAgain(e);
});

const middle = `
scenario "a component between two JavaScripts"
component A {
  import host
  resource file { drop(rep) { log "drop {rep}" } }
  export later: async func() -> u32 stackful {
    let f = host.later()
    let got, at = future.read<u32> f
    log got
    task.return (load u32 at)
  }
  export send: async func() stackful {
    let r, w = stream.new
    let fr, fw = future.new<u32>
    let _, call = async host.consume(r, fr)
    log stream.write w "ab"
    stream.drop-writable w
    log future.write<u32> fw 7
    let ws = waitable-set.new
    waitable.join call ws
    waitable-set.wait ws
    task.return
  }
  export lend: func() sync {
    let f = resource.new<file> 5
    host.look(f)
    resource.drop<file> f
  }
  export nested: async func(l: list<future<u32>>, o: option<stream<u8>>) stackful {
    let one, at1 = future.read<u32> l[0]
    let two, at2 = future.read<u32> l[1]
    let v1 = load u32 at1
    let v2 = load u32 at2
    log "{v1} {v2} {o}"
    task.return
  }
}
host {
  func later: func() -> future<u32> { }
  func consume: async func(s: stream<u8>, f: future<u32>) { }
  func look: func(f: borrow<A.file>) { }
}
`;

test("a function may return a promise for a future, and a guest waits for it", async () => {
  const e = embed(middle, { imports: { "host.later": () => hops(5).then(() => 7) } });
  expect(await e.invoke("A.later")).toBe(7);
  expect(e.log).toEqual(["COMPLETED|0"]);
  expectSameAgain(e);
});

test("a function gets streams and futures as iterables and promises", async () => {
  const got: unknown[] = [];
  const consume = async (s: GuestStream<number>, f: Promise<number>): Promise<void> => {
    got.push(await s.read(5), await s.read(5), await f);
  };
  const e = embed(middle, { imports: { "host.consume": consume } });
  await e.invoke("A.send");
  expect(got).toEqual([new Uint8Array([97, 98]), null, 7]);
  expect(e.log).toEqual(["COMPLETED|2", "COMPLETED|0"]);
  expectSameAgain(e);
});

test("what is lent to a function cannot be dropped by it", async () => {
  const seen: GuestResource[] = [];
  const look = (file: GuestResource): void => {
    seen.push(file);
  };
  const e = embed(middle, { imports: { "host.look": look } });
  await e.invoke("A.lend");
  expect(seen.map(({ type, borrowed }) => [type, borrowed])).toEqual([["A.file", true]]);
  await expect(seen[0]?.drop()).rejects.toBeInstanceOf(TypeError);
  expect(e.log).toEqual(["drop 5"]);
});

test("streams and futures may stand inside of other values", async () => {
  const e = embed(middle);
  await e.invoke("A.nested", [[Promise.resolve(1), 2], undefined]);
  expect(e.log).toEqual(["1 2 none"]);
});

test("a stream that JavaScript holds is no deadlock: it may still read it", async () => {
  const held: GuestStream<number>[] = [];
  const consume = async (s: GuestStream<number>): Promise<void> => {
    held.push(s);
  };
  const e = embed(middle, { imports: { "host.consume": consume } });
  const sent = e.invoke("A.send");
  await hops(1000);
  expect(e.log).toEqual([]);
  expect(await held[0]?.read(2)).toEqual(new Uint8Array([97, 98]));
  expect(await sent).toBe(undefined);
  expect(e.log).toEqual(["COMPLETED|2", "COMPLETED|0"]);
});

test("a source that takes its time is no deadlock", async () => {
  async function* slow(): AsyncGenerator<number> {
    await hops(1000);
    yield 1;
  }
  const e = embed(reader);
  await e.invoke("A.open", [slow()]);
  expect(await e.invoke("A.read", [1])).toEqual(new Uint8Array([1]));
});

test("a promise that takes its time is no deadlock", async () => {
  const e = embed(reader);
  await e.invoke("A.await", [hops(1000).then(() => 7)]);
  expect(e.log).toEqual(["COMPLETED|0 ok(7)"]);
});

test("items that a guest has asked for and then not taken are its next ones", async () => {
  async function* source(): AsyncGenerator<Uint8Array> {
    await hops(5);
    yield new Uint8Array([97, 98, 99, 100, 101]);
    await new Promise(() => {});
  }
  const e = embed(reader);
  await e.invoke("A.twice", [source()]);
  expect(e.log).toEqual(["BLOCKED", "CANCELLED|0", "COMPLETED|2 COMPLETED|3 b'cde'"]);
});

test("a call that is cancelled before it starts closes its sources", async () => {
  const e = embed(reader);
  await e.invoke("A.close");
  const seen = counter();
  const controller = new AbortController();
  const waiting = e.invoke("A.enter", [seen.source], { signal: controller.signal });
  await hops(10);
  controller.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  await hops(10);
  expect(seen).toMatchObject({ asked: 0, closed: true });
});

test("a call that never happens closes its sources", async () => {
  const e = embed(reader);
  const seen = counter();
  const controller = new AbortController();
  const waiting = e.invoke("A.enter", [seen.source], { signal: controller.signal });
  controller.abort("enough");
  await expect(waiting).rejects.toBe("enough");
  await hops(10);
  expect(seen).toMatchObject({ asked: 0, closed: true });
});

test("a stream that is over leaves nothing behind: its place is used again", async () => {
  const e = embed(writer);
  for (let i = 0; i < 3; i++) {
    const s = (await e.invoke("A.texts")) as GuestStream<string>;
    await s.read(2);
    expect(await s.read(2)).toBe(null);
  }
  const ends = JSON.stringify(e.recording().occurrences).match(/"end":\d+/g);
  expect(new Set(ends).size).toBe(1);
});
