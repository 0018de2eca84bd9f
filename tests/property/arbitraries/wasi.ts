// Random guests of a WASI host: they open, read, write, send, receive and drop as they like, and never trap.

import fc from "fast-check";
import type { Scenario } from "../../../src/scenario/ast.ts";
import { checkedScenarios } from "../../../src/scenario/book.ts";

/** What a stream is made for. `read` and `write` begin at an offset. */
export type Kind = "read" | "write" | "append" | "list" | "send" | "receive" | "stdin" | "stdout";

/** A stream to start; `file` says on which of the two files. */
export interface Start {
  readonly kind: Kind;
  readonly file: "a" | "b";
  readonly offset: number;
}

/** One thing that a guest does; numbers of things that are not there mean nothing. */
export type Move =
  | { readonly does: "start"; readonly start: Start }
  | {
      readonly does: "copy";
      readonly stream: number;
      readonly size: number;
      readonly cancels: boolean;
    }
  | {
      readonly does: "drop stream" | "drop future" | "await" | "drop handle";
      readonly stream: number;
    }
  | { readonly does: "pass handle"; readonly stream: number }
  | { readonly does: "unlink"; readonly file: "a" | "b" };

/** A host and a guest of it. */
export interface Program {
  readonly settings: Readonly<Record<string, string>>;
  readonly moves: readonly Move[];
  /** Streams that are read are read to their end; else they are dropped where they are. */
  readonly drains: boolean;
}

const fileKinds: readonly Kind[] = ["read", "read", "write", "append", "append", "list"];
const otherKinds: readonly Kind[] = ["send", "receive", "stdin", "stdout"];

const anyStream: fc.Arbitrary<number> = fc.nat(4);

function anyMove(kinds: readonly Kind[]): fc.Arbitrary<Move> {
  const start = fc.record({
    kind: fc.constantFrom(...kinds),
    file: fc.constantFrom(...(["a", "b"] as const)),
    offset: fc.nat(2),
  });
  return fc.oneof(
    { weight: 3, arbitrary: fc.record({ does: fc.constant("start" as const), start }) },
    {
      weight: 6,
      arbitrary: fc.record({
        does: fc.constant("copy" as const),
        stream: anyStream,
        size: fc.nat(3),
        cancels: fc.boolean(),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        does: fc.constantFrom(
          ...(["drop stream", "drop future", "await", "drop handle", "pass handle"] as const),
        ),
        stream: anyStream,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        does: fc.constant("unlink" as const),
        file: fc.constantFrom(...(["a", "b"] as const)),
      }),
    },
  );
}

const anySettings: fc.Arbitrary<Readonly<Record<string, string>>> = fc.record({
  calls: fc.constantFrom("at-once", "at-once", "either"),
  chunk: fc.constantFrom("part", "part", "whole"),
  pin: fc.constantFrom("value", "op"),
  detect: fc.constantFrom("lazy", "eager"),
  apply: fc.constantFrom("applied", "buffered"),
  readahead: fc.constantFrom("none", "whole"),
  order: fc.constantFrom("both", "stream-first", "future-first"),
});

function programsOf(...kinds: readonly Kind[]): fc.Arbitrary<Program> {
  return fc.record({
    settings: anySettings,
    moves: fc.array(anyMove(kinds), { minLength: 4, maxLength: 16 }),
    drains: fc.boolean(),
  });
}

export const anyProgram: fc.Arbitrary<Program> = programsOf(...fileKinds, ...otherKinds);
export const anyFileProgram: fc.Arbitrary<Program> = programsOf(...fileKinds);
/** Both halves that can be used are started. */
export const anySocketProgram: fc.Arbitrary<Program> = programsOf("send", "receive").map(
  (program) => {
    const both = (["send", "receive"] as const).map((kind): Move => {
      return { does: "start", start: { kind, file: "a", offset: 0 } };
    });
    return { ...program, moves: [...both, ...program.moves] };
  },
);
export const anyStdioProgram: fc.Arbitrary<Program> = programsOf("stdin", "stdout");

/** What is there at first, and what writes write: no byte twice. */
export const initial: Readonly<Record<"a" | "b" | "stdin", string>> = {
  a: "abcde",
  b: "vwxyz",
  stdin: "0123456789",
};

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/**
 * The most that a write with an offset writes, which does not get to where appends begin; and that a
 * send sends, which nobody may be there to receive.
 */
const most: Partial<Readonly<Record<Kind, number>>> = { write: 3, send: 6 };

/** A stream of the guest as the generator knows it. */
export interface Stream extends Start {
  readonly id: number;
  /** what each of its writes offered */
  readonly offers: string[];
  dropped: boolean;
  future: "there" | "read" | "gone";
  /** The guest has read the future. */
  awaited: boolean;
  /** The descriptor that was opened for it; a stream that shares another one's has none. */
  handle: "there" | "gone";
}

export interface Guest {
  readonly streams: readonly Stream[];
  /** the files that have lost their names */
  readonly unlinked: ReadonlySet<string>;
  readonly text: string;
}

const isReader = ({ kind }: Start): boolean =>
  kind === "read" || kind === "receive" || kind === "list" || kind === "stdin";

const codeOf = ({ kind }: Start): string => {
  if (kind === "send" || kind === "receive") return "sockets.error-code";
  return kind === "stdin" || kind === "stdout" ? "cli.error-code" : "filesystem.error-code";
};

const elementOf = ({ kind }: Start): string => (kind === "list" ? "<directory-entry>" : "");

/** Writes the guest's code, line by line, and remembers what is legal. */
class Writer {
  readonly lines: string[] = [];
  readonly streams: Stream[] = [];
  private fresh = 0;
  private written = 0;
  readonly unlinked: Set<string> = new Set();

  private next(): number {
    this.fresh += 1;
    return this.fresh;
  }

  /** A socket's half is taken once, and a file that has no name is not opened. */
  private isPossible({ kind, file }: Start): boolean {
    const once = kind === "send" || kind === "receive";
    if (once) return !this.streams.some((s) => s.kind === kind);
    return kind === "stdin" || kind === "stdout" || kind === "list" || !this.unlinked.has(file);
  }

  /** The stream that came with a descriptor of this file which is still there. */
  private openOn(file: "a" | "b"): number | null {
    const found = this.streams.find(
      (s) => s.file === file && s.kind !== "list" && s.handle === "there",
    );
    return found?.id ?? null;
  }

  start(start: Start): void {
    if (!this.isPossible(start) || this.streams.length > 4) return;
    const id = this.next();
    const { kind, file, offset } = start;
    const isFile = kind === "read" || kind === "write" || kind === "append";
    const opens = kind === "list" || (isFile && this.openOn(file) === null);
    const d = opens ? id : this.openOn(file);
    const path = kind === "list" ? '"d", {directory}, {read}' : `"${file}", {}, {read, write}`;
    if (opens) {
      this.lines.push(
        `let o${id} = descriptor.open-at(root, {}, ${path})`,
        `let d${id} = o${id}.ok`,
      );
    }
    if (!isReader(start)) this.lines.push(`let r${id}, s${id} = stream.new`);
    const calls: Readonly<Record<Kind, string>> = {
      read: `let s${id}, f${id} = descriptor.read-via-stream(d${d}, ${offset})`,
      write: `let f${id} = descriptor.write-via-stream(d${d}, r${id}, ${offset})`,
      append: `let f${id} = descriptor.append-via-stream(d${d}, r${id})`,
      list: `let s${id}, f${id} = descriptor.read-directory(d${id})`,
      send: `let f${id} = tcp-socket.send(pair[0], r${id})`,
      receive: `let s${id}, f${id} = tcp-socket.receive(pair[1])`,
      stdin: `let s${id}, f${id} = stdin.read-via-stream()`,
      stdout: `let f${id} = stdout.write-via-stream(r${id})`,
    };
    this.lines.push(calls[kind], `let over${id} = false`);
    const handle = opens ? "there" : "gone";
    this.streams.push({
      ...start,
      id,
      offers: [],
      dropped: false,
      future: "there",
      awaited: false,
      handle,
    });
  }

  /** The bytes of the next write; none when there were enough. */
  private offer({ kind, offers }: Stream, size: number): string {
    const room = (most[kind] ?? letters.length) - offers.join("").length;
    const at = this.written;
    this.written += Math.min(size, room);
    return letters.slice(at, this.written);
  }

  copy(stream: Stream, size: number, cancels: boolean): void {
    if (stream.dropped) return;
    const { id } = stream;
    const n = this.next();
    const reads = isReader(stream);
    const async = cancels || stream.kind === "receive" ? "async " : "";
    const element = elementOf(stream);
    const offer = reads ? "" : this.offer(stream, size);
    const to = stream.kind === "list" ? "" : ` {list-at p${n} ${size}}`;
    const side = reads ? "read" : "write";
    const copy = reads
      ? `let g${n}, p${n} = ${async}stream.read${element} s${id} ${size}`
      : `let g${n} = ${async}stream.write s${id} "${offer}"`;
    if (!reads) stream.offers.push(offer);
    this.lines.push(
      reads ? `if not over${id} {` : `if over${id} { log "w${id} none" } else {`,
      `  ${copy}`,
      ...(async === ""
        ? []
        : [`  if g${n} == BLOCKED { g${n} = stream.cancel-${side}${element} s${id} }`]),
      reads ? `  log "r${id} {g${n}}${to}"` : `  log "w${id} {g${n}}"`,
      `  over${id} = ended(g${n})`,
      "}",
    );
  }

  dropStream(stream: Stream): void {
    if (stream.dropped) return;
    stream.dropped = true;
    const verb = isReader(stream) ? "drop-readable" : "drop-writable";
    this.lines.push(`stream.${verb}${elementOf(stream)} s${stream.id}`);
  }

  dropFuture(stream: Stream): void {
    if (stream.future === "gone") return;
    stream.future = "gone";
    this.lines.push(`future.drop-readable<result<_, ${codeOf(stream)}>> f${stream.id}`);
  }

  /** Waits for the future of a stream that is done with. */
  await(stream: Stream): void {
    if (!stream.dropped || stream.future !== "there") return;
    stream.future = "read";
    stream.awaited = true;
    const { id } = stream;
    const type = `result<_, ${codeOf(stream)}>`;
    this.lines.push(
      `let _, q${id} = future.read<${type}> f${id}`,
      `log "f${id} {load ${type} q${id}}"`,
    );
  }

  letGo(stream: Stream, passes: boolean): void {
    if (stream.handle === "gone") return;
    stream.handle = "gone";
    const { id } = stream;
    this.lines.push(passes ? `Keeper.keep(d${id})` : `resource.drop<descriptor> d${id}`);
  }

  unlink(file: string): void {
    if (this.unlinked.has(file)) return;
    this.unlinked.add(file);
    this.lines.push(`descriptor.unlink-file-at(root, "${file}")`);
  }

  /** Writers end first, so that whoever reads to the end gets there. */
  finish(drains: boolean): void {
    const writers = this.streams.filter((s) => !isReader(s));
    for (const stream of writers) this.dropStream(stream);
    for (const stream of this.streams.filter(isReader)) {
      const endless = stream.kind === "receive" && writers.every(({ kind }) => kind !== "send");
      if (drains && !stream.dropped && !endless) this.drain(stream);
      this.dropStream(stream);
    }
    for (const stream of this.streams) {
      this.await(stream);
      this.dropFuture(stream);
      this.letGo(stream, false);
    }
    this.lines.push("resource.drop<tcp-socket> pair[0]", "resource.drop<tcp-socket> pair[1]");
    this.lines.push("Keeper.clear()", "fixture.idle()");
  }

  private drain(stream: Stream): void {
    const { id } = stream;
    const n = this.next();
    const to = stream.kind === "list" ? "" : ` {list-at p${n} 3}`;
    this.lines.push(
      `while not over${id} {`,
      `  let g${n}, p${n} = stream.read${elementOf(stream)} s${id} 3`,
      `  log "r${id} {g${n}}${to}"`,
      `  over${id} = ended(g${n})`,
      "}",
      `log "r${id} over"`,
    );
  }
}

function moved(writer: Writer, move: Move): void {
  const { does } = move;
  if (does === "start") writer.start(move.start);
  else if (does === "unlink") writer.unlink(move.file);
  else {
    const stream = writer.streams[move.stream % Math.max(writer.streams.length, 1)];
    if (stream !== undefined) used(writer, stream, move);
  }
}

type Use = Exclude<Move, { readonly does: "start" | "unlink" }>;

function used(writer: Writer, stream: Stream, move: Use): void {
  const { does } = move;
  if (does === "copy") writer.copy(stream, move.size, move.cancels);
  else if (does === "drop stream") writer.dropStream(stream);
  else if (does === "drop future") writer.dropFuture(stream);
  else if (does === "await") writer.await(stream);
  else writer.letGo(stream, does === "pass handle");
}

const head = `scenario "a random guest"
component Keeper {
  import wasi:filesystem/types
  var held = 0
  export keep: func(d: descriptor) {
    if held > 0 { resource.drop<descriptor> held }
    held = d
  }
  export clear: func() {
    if held > 0 { resource.drop<descriptor> held }
    held = 0
  }
}
component A {
  import Keeper
  import wasi:filesystem/types
  import wasi:filesystem/preopens
  import wasi:sockets/types
  import wasi:cli/types
  import wasi:cli/stdin
  import wasi:cli/stdout
  import canon-async:testing/fixture
  func ended(got) {
    return got == DROPPED|0 or got == DROPPED|1 or got == DROPPED|2 or got == DROPPED|3
  }
  export run: async func() stackful {
    let dirs = preopens.get-directories()
    let root = dirs[0][0]
    let pair = fixture.connected(80)
`;

const tail = `    let a = fixture.content("a")
    let b = fixture.content("b")
    let out = fixture.stdout()
    log "a {a}"
    log "b {b}"
    log "out {out}"
    log "left {fixture.files()} {fixture.sockets()} {fixture.operations()}"
    task.return
  }
}
`;

function block(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([name, value]) => `  set ${name} ${value}\n`);
  return `wasi {
  file "a" "${initial.a}"
  file "b" "${initial.b}"
  directory "d"
  file "d/one"
  file "d/two"
  stdin "${initial.stdin}" closed
${lines.join("")}}
run A.run
always not traps
`;
}

function scenarioOf(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "a random guest");
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

/** A program as a scenario, and what the generator knows of its streams. */
export function guestOf({ settings, moves, drains }: Program): Guest {
  const writer = new Writer();
  for (const move of moves) moved(writer, move);
  writer.finish(drains);
  const body = writer.lines.map((line) => `    ${line}\n`).join("");
  const { streams, unlinked } = writer;
  return { streams, unlinked, text: `${head}${body}${tail}${block(settings)}` };
}

export function guestScenario(guest: Guest): Scenario {
  return scenarioOf(guest.text);
}

/** Who has the descriptor of a stream while the stream is used. */
export type Fate = "kept" | "dropped" | "passed" | "started elsewhere";

/** Streams of files that are all started first, and then used. */
export interface Usage {
  readonly settings: Readonly<Record<string, string>>;
  readonly starts: readonly Start[];
  /** each a copy of one of the streams */
  readonly copies: readonly { readonly stream: number; readonly size: number }[];
}

const anyFileStart: fc.Arbitrary<Start> = fc.record({
  kind: fc.constantFrom(...(["read", "write", "append"] as const)),
  file: fc.constantFrom("a", "b"),
  offset: fc.constantFrom(0, 3),
});

export const anyUsage: fc.Arbitrary<Usage> = fc.record({
  settings: fc.record({
    calls: fc.constant("at-once"),
    chunk: fc.constantFrom("part", "whole"),
    pin: fc.constantFrom("value", "op"),
    order: fc.constantFrom("both", "stream-first"),
  }),
  starts: fc.array(anyFileStart, { minLength: 1, maxLength: 2 }),
  copies: fc.array(fc.record({ stream: fc.nat(1), size: fc.integer({ min: 1, max: 2 }) }), {
    minLength: 1,
    maxLength: 3,
  }),
});

const result = "result<_, error-code>";

/** A component whose tasks start streams on a file, drop its descriptor and are gone. */
const starter = `component Starter {
  import wasi:filesystem/types
  import wasi:filesystem/preopens
  func open(file) {
    let root = preopens.get-directories()[0][0]
    if file == 0 { return descriptor.open-at(root, {}, "a", {}, {read, write}).ok }
    return descriptor.open-at(root, {}, "b", {}, {read, write}).ok
  }
  export read: async func(file: u32, offset: u64) -> tuple<stream<u8>, future<${result}>> sync {
    let d = open(file)
    let s, f = descriptor.read-via-stream(d, offset)
    resource.drop<descriptor> d
    return (s, f)
  }
  export write: async func(file: u32, data: stream<u8>, offset: u64) -> future<${result}> sync {
    let d = open(file)
    let f = descriptor.write-via-stream(d, data, offset)
    resource.drop<descriptor> d
    return f
  }
  export append: async func(file: u32, data: stream<u8>) -> future<${result}> sync {
    let d = open(file)
    let f = descriptor.append-via-stream(d, data)
    resource.drop<descriptor> d
    return f
  }
}
`;

function begun({ kind, file, offset }: Start, i: number, elsewhere: boolean): readonly string[] {
  const made = kind === "read" ? [] : [`let r${i}, s${i} = stream.new`];
  const names = kind === "read" ? `s${i}, f${i}` : `f${i}`;
  const rest = { read: [`${offset}`], write: [`r${i}`, `${offset}`], append: [`r${i}`] };
  const last = rest[kind as keyof typeof rest].join(", ");
  if (elsewhere) {
    return [...made, `let ${names} = Starter.${kind}(${file === "a" ? 0 : 1}, ${last})`];
  }
  return [
    ...made,
    `let o${i} = descriptor.open-at(root, {}, "${file}", {}, {read, write})`,
    `let ${names} = descriptor.${kind}-via-stream(o${i}.ok, ${last})`,
  ];
}

function copied({ starts, copies }: Usage): readonly string[] {
  const lines = copies.flatMap(({ stream, size }, n) => {
    const i = stream % starts.length;
    if (starts[i]?.kind === "read") {
      const copy = `let g${n}, p${n} = stream.read s${i} ${size}`;
      return [`if not over${i} {`, copy, `log "r${i} {g${n}}"`, `over${i} = ended(g${n})`, "}"];
    }
    return [
      `let g${n} = stream.write s${i} "${letters.slice(2 * n, 2 * n + size)}"`,
      `log "w${i} {g${n}}"`,
    ];
  });
  const ends = starts.flatMap(({ kind }, i) => [
    `stream.${kind === "read" ? "drop-readable" : "drop-writable"} s${i}`,
    `let _, q${i} = future.read<${result}> f${i}`,
    `log "f${i} {load ${result} q${i}}"`,
  ]);
  return [...starts.map((_, i) => `let over${i} = false`), ...lines, ...ends];
}

/** The same use of the same streams, whatever becomes of the descriptors. */
export function usageScenario(usage: Usage, fate: Fate): Scenario {
  const { settings, starts } = usage;
  const opened = fate === "started elsewhere" ? [] : starts.map((_, i) => `o${i}.ok`);
  const drops = opened.map((d) => `resource.drop<descriptor> ${d}`);
  const passes = opened.map((d) => `Keeper.keep(${d})`);
  const now = { kept: [], dropped: drops, passed: passes, "started elsewhere": [] }[fate];
  const lines = [
    ...starts.flatMap((start, i) => begun(start, i, fate === "started elsewhere")),
    ...now,
    ...copied(usage),
    ...(fate === "kept" ? drops : []),
    ...["a", "b"].map((file) => `let ${file} = fixture.content("${file}")`),
    'log "{a} {b}"',
    "task.return",
  ];
  const before = head
    .replace("component A {\n", `${starter}component A {\n  import Starter\n`)
    .replaceAll(/ {2}import wasi:(?:sockets|cli)\/[a-z]+\n/g, "")
    .replace("    let pair = fixture.connected(80)\n", "");
  const body = lines.map((line) => `    ${line}\n`).join("");
  return scenarioOf(`${before}${body}  }\n}\n${block(settings)}`);
}
