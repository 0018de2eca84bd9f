// Why is this file or socket still open? In sentences, on the command line, in traces.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { explainStuck, objectsOf, whyAlive } from "../../src/index.ts";
import type { Store } from "../../src/model/store.ts";
import { type Trace, traceOf } from "../../src/report/trace.ts";
import { traceText } from "../../src/report/trace-text.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { enabled, type System, step } from "../../src/scheduler/machine.ts";
import { defaultPolicy } from "../../src/scheduler/run.ts";
import { cli } from "./cli-harness.ts";

const settled = ["calls at-once", "chunk whole", "order stream-first", "teardown when-idle"];

const newest = parseRevision("d1daf829");

interface Host {
  readonly settings?: readonly string[];
  /** lines of its block */
  readonly disk?: string;
}

/** One component that does `body`, on a host that has one file, `a`. */
function systemWith(body: string, { settings = settled, disk = "" }: Host = {}): System {
  const text = `scenario "alive"
component C {
  import canon-async:testing/fixture
  import wasi:cli/stdout
  import wasi:filesystem/preopens
  import wasi:filesystem/types
  import wasi:sockets/types
  export run: async func() stackful {
${body}
    task.return
  }
}
wasi {
  file "a" "abc"
  ${disk}
  ${settings.map((setting) => `set ${setting}`).join("\n  ")}
}
run C.run
`;
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return systemOf(scenario, newest);
}

/** The default run's first store that `isMeant`, or its last one. */
function storeOf(system: System, isMeant: (store: Store) => boolean = () => false): Store {
  let store = system.initial;
  for (let [action] = enabled(system, store); action !== undefined && !isMeant(store); ) {
    store = step(system, store, action);
    [action] = enabled(system, store);
  }
  return store;
}

const logged =
  (n: number) =>
  ({ log }: Store): boolean =>
    log.length === n;

/**
 * Opens `a` as `d`. Numbers are given out one after another: 1 is the root, 2 the file, 3 the preopened
 * directory, 4 its handle, 5 what is opened here, 6 its handle.
 */
const open = (flags = "{read, write}"): string => `
    let dirs = preopens.get-directories()
    let opened = descriptor.open-at(dirs[0][0], {}, "a", {}, ${flags})
    let d = opened.ok`;

/** Starts a write and drops the descriptor. */
const write = `${open()}
    let rx, tx = stream.new<u8>
    let f = descriptor.write-via-stream(d, rx, 0)
    resource.drop<descriptor> d`;

/** Starts a read and drops the descriptor. */
const read = `${open()}
    let s, f = descriptor.read-via-stream(d, 0)
    resource.drop<descriptor> d`;

function why(system: System, name: string, isMeant?: (store: Store) => boolean): readonly string[] {
  return whyAlive(system, storeOf(system, isMeant), name);
}

describe("why a file is open", () => {
  test("a handle keeps it open, and the host's table of preopened directories", () => {
    const system = systemWith(open());
    expect(why(system, "a")).toEqual([
      "file a is open because component C holds the descriptor handle 2",
    ]);
    expect(why(system, "file /")).toEqual([
      "file / is open because component C holds the descriptor handle 1",
      'file / is open because it is preopened as "/"',
    ]);
  });

  test("what was opened beneath a directory does not keep the directory open, nor a name a file", () => {
    const system = systemWith(`${open()}
    resource.drop<descriptor> dirs[0][0]`);
    expect(why(system, "/")).toEqual(['file / is open because it is preopened as "/"']);
    expect(why(systemWith(""), "file a")).toEqual([
      'nothing called "file a" is open; there are: file /, inode /, inode a; did you mean `file /`?',
    ]);
  });

  test("a write runs until its writer drops the stream; its future holds the file as well", () => {
    expect(why(systemWith(write), "a")).toEqual([
      "file a is open because operation fs-write#7 runs; component C holds the writable end C/w4 of its stream",
      "file a is open because component C holds the readable end C/fr3 of fs-write#7's future",
    ]);
  });

  test("where only operations keep objects open, its future does not", () => {
    const system = systemWith(write, { settings: [...settled, "pin op"] });
    expect(why(system, "a")).toEqual([
      "file a is open because operation fs-write#7 runs; component C holds the writable end C/w4 of its stream",
    ]);
  });

  test("a host that has not decided what values hold can be asked as well", () => {
    const system = systemWith(write, { settings: [...settled, "pin any"] });
    expect(whyAlive(system, system.initial, "/")).toEqual([
      'file / is open because it is preopened as "/"',
    ]);
  });

  test("values that have nothing more to give hold a file until they are dropped", () => {
    const used = `${read}
    stream.read s 8
    stream.read s 8
    future.read<result<_, filesystem.error-code>> f`;
    const reasons = [
      "file a is open because component C holds the readable end C/r3 of fs-read#7's stream, although the operation is over",
      "file a is open because component C holds the readable end C/fr4 of fs-read#7's future, although it was read",
    ];
    expect(why(systemWith(used), "a")).toEqual(reasons);
    const dropped = `${used}
    stream.drop-readable s`;
    expect(why(systemWith(dropped), "a")).toEqual(reasons.slice(1));
  });

  test("a resolved future that nobody has read holds it too", () => {
    const system = systemWith(`${read}
    stream.drop-readable s`);
    expect(why(system, "a")).toEqual([
      "file a is open because component C holds the readable end C/fr4 of fs-read#7's future, although the operation is over",
    ]);
  });

  test("between its last holder and the host's next step nobody holds it", () => {
    const system = systemWith(`${open()}
    let rx, tx = stream.new<u8>
    let f = descriptor.write-via-stream(d, rx, 0)
    resource.drop<descriptor> d
    stream.drop-writable tx
    log "ended"
    future.read<result<_, filesystem.error-code>> f
    future.drop-readable<result<_, filesystem.error-code>> f
    log "dropped"`);
    expect(why(system, "a", logged(1)).slice(0, 1)).toEqual([
      "file a is open because operation fs-write#7 runs; its stream is over, but it has yet to end",
    ]);
    expect(why(system, "a", logged(2))).toEqual([
      "file a is open, but nobody holds it: the host has yet to release it",
    ]);
  });

  test("a stream that was handed to another operation is in that operation's hands", () => {
    const system = systemWith(
      `${read}
    let done = stdout.write-via-stream(s)
    log "piped"`,
    );
    expect(why(system, "a", logged(1)).slice(0, 2)).toEqual([
      "file a is open because operation fs-read#7 runs; operation stdout#8 has the readable end of its stream",
      "file a is open because operation stdout#8 has the readable end of fs-read#7's stream",
    ]);
  });

  test("a call that is not over keeps it open, and has borrowed its handle", () => {
    const system = systemWith(
      `${open()}
    let call, i = async descriptor.stat(d)`,
      { settings: ["calls pending"] },
    );
    const isRunning = ({ entities }: Store): boolean =>
      entities.waitable.some(
        (w) =>
          w?.tag === "subtask" &&
          w.state === "STARTED" &&
          w.index !== null &&
          system.program.funcs[w.func]?.name === "descriptor.stat",
      );
    expect(why(system, "a", isRunning)).toEqual([
      "file a is open because component C holds the descriptor handle 2, which is lent to descriptor.stat",
      "file a is open because a call of descriptor.stat is not over",
    ]);
  });

  test("two calls of one function are two holders", () => {
    const system = systemWith(
      `${open()}
    let first, i = async descriptor.sync(d)
    let second, j = async descriptor.sync(d)`,
      { settings: ["calls pending"] },
    );
    const holders = traced(system, "a").steps.flatMap(({ deeds }) => deeds);
    const added = holders.flatMap((deed) => (deed.tag === "holders" ? deed.added : []));
    expect(added.slice(-2)).toEqual(["call of descriptor.sync", "call of descriptor.sync (2)"]);
  });

  test("two that were opened by one path are told apart by their numbers", () => {
    const system = systemWith(`${open()}
    let again = descriptor.open-at(dirs[0][0], {}, "a", {}, {read})`);
    const sentences = [
      "file a#5 is open because component C holds the descriptor handle 2",
      "file a#7 is open because component C holds the descriptor handle 3",
    ];
    expect(why(system, "a")).toEqual(sentences);
    expect(why(system, "file a#7")).toEqual(sentences.slice(1));
    const files = objectsOf(system, storeOf(system)).filter(({ kind }) => kind === "file");
    expect(files.map(({ name }) => name)).toEqual(["file /", "file a#5", "file a#7"]);
  });

  test("an inode is there for its names, and for those that have it open", () => {
    const linked = systemWith(open(), { disk: 'link "b" "a"' });
    expect(why(linked, "inode a")).toEqual([
      "inode a is there because it is called a",
      "inode a is there because it is called b",
      "inode a is there because file a is open on it",
    ]);
    const unlinked = systemWith(`${open()}
    descriptor.unlink-file-at(dirs[0][0], "a")`);
    expect(why(unlinked, "inode#2")).toEqual(["inode#2 is there because file a is open on it"]);
  });
});

describe("why a guest waits for the host", () => {
  test("its peer is named after the operation, which says what it waits for itself", () => {
    // a host that looks at the end of a file only for somebody who reads has nothing to resolve
    const system = systemWith(`${read}
    future.read<result<_, filesystem.error-code>> f`);
    expect(explainStuck(system, storeOf(system))).toEqual([
      "run waits for C.run to resolve",
      "C.run waits for its read on C/fr4; its peer fs-read#7/fw is idle",
      "fs-read#7 waits for a copy of the guest's, or for its end to be dropped",
    ]);
  });
});

const address = "ipv4({port: 80, address: (127, 0, 0, 1)})";

/** Listens with the socket 4, whose handle is 5, in the operation 6. */
const listen = `
    let made = tcp-socket.create(ipv4)
    let l = made.ok
    tcp-socket.bind(l, ${address})
    let listening = tcp-socket.listen(l)
    let conns = listening.ok`;

/** The socket 7, whose handle is 8, connects: the connection is 9. */
const connect = `${listen}
    let other = tcp-socket.create(ipv4)
    let k = other.ok
    tcp-socket.connect(k, ${address})`;

describe("why a socket is open", () => {
  test("a listening socket outlives its handle, held by its stream of connections", () => {
    const system = systemWith(`${listen}
    resource.drop<tcp-socket> l`);
    expect(why(system, "127.0.0.1:80")).toEqual([
      "tcp 127.0.0.1:80 (listening) is open because operation tcp-listen#6 runs; component C holds the readable end C/r2 of its stream",
      "tcp 127.0.0.1:80 (listening) is open because component C holds the readable end C/r2 of tcp-listen#6's stream",
    ]);
  });

  test("one without an address is called by its number", () => {
    const system = systemWith(
      "    let s = tcp-socket.create(ipv6)\n    let u = udp-socket.create(ipv4)",
    );
    expect(objectsOf(system, storeOf(system)).slice(1, 3)).toEqual([
      { kind: "tcp", id: 4, name: "tcp#4", state: "unbound" },
      { kind: "udp", id: 6, name: "udp#6", state: "unbound" },
    ]);
    expect(why(system, "udp#6")).toEqual([
      "udp#6 (unbound) is open because component C holds the udp-socket handle 2",
    ]);
  });

  test("an accepted socket has the address of its listener, and is not held open by it", () => {
    const system = systemWith(`${connect}
    let _, at = stream.read<tcp-socket> conns 1`);
    const sockets = objectsOf(system, storeOf(system)).filter(({ kind }) => kind === "tcp");
    expect(sockets.map(({ name, state }) => `${name} ${state}`)).toEqual([
      "tcp 127.0.0.1:80#4 listening",
      "tcp 127.0.0.1:49152 connected to 127.0.0.1:80",
      "tcp 127.0.0.1:80#10 connected to 127.0.0.1:49152",
    ]);
    expect(why(system, "127.0.0.1:80#10")).toEqual([
      "tcp 127.0.0.1:80#10 (connected to 127.0.0.1:49152) is open because component C holds the tcp-socket handle 4",
    ]);
  });
});

describe("what a host without WASI has", () => {
  const [scenario] = checkedScenarios(
    'scenario "none"\ncomponent C { export f: func() {} }\nrun C.f',
    "x",
  );
  const system = systemOf(scenario!, newest);

  test("no objects, and nothing to ask about", () => {
    expect(objectsOf(system, system.initial)).toEqual([]);
    expect(whyAlive(system, system.initial, "a")).toEqual([
      'nothing called "a" is open; there is nothing open',
    ]);
  });
});

function traced(system: System, name?: string): Trace {
  return traceOf(system, defaultPolicy, name === undefined ? {} : { whyAlive: name });
}

/** The lines of a trace that tell of objects, without their columns. */
function told(system: System, name?: string): readonly string[] {
  return traceText(traced(system, name).steps)
    .filter((line) => / (released |\S+ \S+: [+-])/.test(line))
    .map((line) => line.replace(/^.* {2}/, ""));
}

describe("what a trace says of objects", () => {
  const closed = `${write}
    stream.drop-writable tx
    future.drop-readable<result<_, filesystem.error-code>> f`;

  test("each change of the holders, and the release", () => {
    expect(told(systemWith(closed), "a")).toEqual([
      "file a: +handle in flight; open because of handle in flight",
      "file a: +handle 2 of C, -handle in flight; open because of handle 2 of C",
      "file a: +fs-write#7, +host/fr of fs-write#7's future; open because of handle 2 of C, fs-write#7, host/fr of fs-write#7's future",
      "file a: +C/fr3 of fs-write#7's future, -host/fr of fs-write#7's future; open because of handle 2 of C, fs-write#7, C/fr3 of fs-write#7's future",
      "file a: +handle in flight, -handle 2 of C; open because of handle in flight, fs-write#7, C/fr3 of fs-write#7's future",
      "file a: -handle in flight; open because of fs-write#7, C/fr3 of fs-write#7's future",
      "file a: -C/fr3 of fs-write#7's future; open because of fs-write#7",
      "file a: -fs-write#7",
      "released file a",
    ]);
  });

  test("a release is told also if nobody asked, with what is free again", () => {
    const locked = systemWith(`${open()}
    fixture.lock(d, true)
    resource.drop<descriptor> d`);
    expect(told(locked)).toEqual(["released file a: its lock is gone"]);
    const bound = systemWith(`${listen}
    stream.drop-readable<tcp-socket> conns
    resource.drop<tcp-socket> l`);
    expect(told(bound)).toEqual(["released tcp 127.0.0.1:80: port free"]);
  });
});

describe("what a trace says of calls", () => {
  /** What the steps of a thread say, without their numbers and labels. */
  function stepsOf(system: System, name: string): readonly string[] {
    const steps = traced(system).steps.filter(({ thread }) => thread === name);
    return traceText(steps).map((line) => line.replace(/^[ *]+\d+ +\S+ +\S+ +/, ""));
  }

  test("functions by their names in WIT, handles by what stands behind them", () => {
    const system = systemWith(`${open()}
    resource.drop<descriptor> d`);
    expect(stepsOf(system, "preopens.get-directories")).toEqual([
      "preopens.get-directories() starts",
      'preopens.get-directories returns [[<file />, "/"]]',
    ]);
    expect(stepsOf(system, "descriptor.open-at")).toEqual([
      'descriptor.open-at(<file />, {}, "a", {}, {read, write}) starts',
      "descriptor.open-at returns ok(<file a>)",
    ]);
    expect(stepsOf(system, "descriptor.drop")).toEqual([
      "descriptor.drop(<file a>) starts",
      "released file a",
      "descriptor.drop returns",
    ]);
  });

  test("operations as threads, their ends by their names, results of copies in words", () => {
    const system = systemWith(`${read}
    stream.read s 8`);
    expect(stepsOf(system, "fs-read#7").slice(0, 3)).toEqual([
      "async fs-read#7/w 97 98 99",
      "3 elements: fs-read#7/w to C/r3",
      "host.copy = COMPLETED|3",
    ]);
  });

  test("variants and records with their labels", () => {
    const system = systemWith(`${listen}
    descriptor.stat(preopens.get-directories()[0][0])`);
    expect(stepsOf(system, "tcp-socket.bind")[0]).toBe(
      "tcp-socket.bind(<tcp#4>, ipv4({port: 80, address: [127, 0, 0, 1]})) starts",
    );
    expect(stepsOf(system, "descriptor.stat")[1]).toContain("ok({type: directory, link-count: ");
  });
});

const file = "docs/why-alive.md";
const leftOpen = "choose C.run option 2#1";

const stillOpen = [
  "file a.txt is open because operation fs-write#7 runs; component C holds the writable end C/w4 of its stream",
  "file a.txt is open because component C holds the readable end C/fr3 of fs-write#7's future",
];

function said(out: string, about: string): readonly string[] {
  return out
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith(about));
}

describe("--why-alive", () => {
  test("explore answers for each outcome, once where two revisions answer alike", async () => {
    const { code, out } = await cli(["explore", file, "--why-alive", "a.txt"]);
    const lines = said(out, "file a.txt").map((line) => line.replace(/\d+$/, "N"));
    const released = "file a.txt was released in step N";
    expect(lines).toEqual([released, ...stillOpen, released, ...stillOpen.slice(0, 1)]);
    expect(out).toContain("  6d28164: the same outcomes as d1daf829; 1 proved\n");
    expect(out).toContain("  d1daf829 with pin op: the same outcomes as d1daf829 (");
    expect(code).toBe(0);
  });

  test("the step of the release is the one that trace shows", async () => {
    const { out } = await cli(["trace", file, "--why-alive", "a.txt"]);
    const [, step_ = "?"] = /^ +(\d+) .*released file a\.txt$/m.exec(out) ?? [];
    expect(said(out, "file a.txt was")).toEqual([`file a.txt was released in step ${step_}`]);
  });

  test("where values hold nothing, the outcomes are the same and the answers are not", async () => {
    const { out } = await cli(["explore", file, "--with", "pin=op", "--why-alive", "a.txt"]);
    expect(said(out, "file a.txt is")).toEqual(stillOpen.slice(0, 1));
  });

  test("explore --json has the reasons, and the step of the release", async () => {
    const { out } = await cli(["explore", file, "--json", "--why-alive", "a.txt"]);
    const { revisions } = JSON.parse(out).scenarios[0];
    const [closed, open_] = revisions[0].outcomes;
    expect(closed.alive).toEqual([
      { object: "file a.txt", reasons: [], released: expect.any(Number) },
    ]);
    expect(open_.alive).toEqual([{ object: "file a.txt", reasons: stillOpen, released: null }]);
  });

  test("trace --format json ends with them, and has the changes as deeds", async () => {
    const { out } = await cli([
      ...["trace", file, "--schedule", leftOpen],
      ...["--format", "json", "--why-alive", "file a.txt"],
    ]);
    const all = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(all.at(-1).alive).toEqual([
      { object: "file a.txt", reasons: stillOpen, released: null },
    ]);
    const deeds = all.flatMap((line) => line.deeds ?? []).filter(({ tag }) => tag === "holders");
    expect(deeds.at(-1)).toEqual({
      tag: "holders",
      object: "file a.txt",
      added: [],
      gone: ["handle in flight"],
      held: ["fs-write#7", "C/fr3 of fs-write#7's future"],
    });
  });

  test("run and replay say it after the outcome, replay --step at each change too", async () => {
    const ran = await cli(["run", file, "--schedule", leftOpen, "--why-alive", "a.txt"]);
    expect(said(ran.out, "file a.txt is")).toEqual(stillOpen);
    const words = ["replay", file, "--schedule", leftOpen, "--step", "--why-alive", "a.txt"];
    const replayed = await cli(words);
    expect(said(replayed.out, "file a.txt is")).toEqual(stillOpen);
    expect(replayed.out).toContain("file a.txt: +handle 2 of C, -handle in flight");
  });

  test("a diagram has the changes as notes", async () => {
    const { out } = await cli(["trace", file, "--format", "mermaid", "--why-alive", "a.txt"]);
    expect(out).toContain("Note over p0: file a.txt: +handle in flight#59; open because of");
    expect(out).toContain("Note over p0: released file a.txt");
  });

  test.each([
    ["explore", [file]],
    ["trace", [file]],
    ["run", [file]],
    ["replay", [file, "--schedule", leftOpen]],
  ])("%s says which objects there are if none is called so", async (command, words) => {
    const { code, err } = await cli([command, ...words, "--why-alive", "b.txt"]);
    expect(err).toContain('nothing is ever called "b.txt"; there are: ');
    expect(err).toContain("file a.txt");
    expect(err).toContain("did you mean `a.txt`?");
    expect(code).toBe(2);
  });

  test.each(["explore", "trace", "run"])(
    "%s needs a scenario with a WASI host",
    async (command) => {
      expect(await cli([command, "README.md", "--why-alive", "a.txt"])).toEqual({
        code: 2,
        out: "",
        err: 'no scenario here has a WASI host, so there is no "a.txt"\n',
      });
    },
  );

  test("of several scenarios those without a WASI host are not asked", async () => {
    const { code, out } = await cli(["explore", "README.md", file, "--why-alive", "a.txt"]);
    expect(said(out, "file a.txt is").slice(0, 2)).toEqual(stillOpen);
    // README.md shows a claim that is violated
    expect(code).toBe(1);
  });

  test("merge answers as explore does", async () => {
    const folder = mkdtempSync(join(tmpdir(), "alive-"));
    const part = join(folder, "part.json");
    await cli(["explore", file, "--shard", "1/1", "--output", part]);
    const merged = await cli(["merge", part, "--why-alive", "a.txt"]);
    rmSync(folder, { recursive: true });
    expect(merged).toEqual(await cli(["explore", file, "--why-alive", "a.txt"]));
  });

  test("a shard has no report that could say it", async () => {
    const words = ["explore", file, "--shard", "1/2", "--output", "x", "--why-alive", "a.txt"];
    const { code, err } = await cli(words);
    expect(err).toBe("--why-alive is for merge: a shard has no report\n");
    expect(code).toBe(2);
  });
});
