// Random programs that start one operation and use it, written for each design of the interfaces.

import fc from "fast-check";

/** Where the bytes go, or come from. */
export type Target =
  | "file"
  | "append"
  | "read-only file"
  | "socket"
  | "used socket"
  /** one that sends and receives */
  | "whole socket";

export type Source = "reader" | "receiver" | "listener";

/** What a program does after it has started its operation. */
export type Act =
  /** writes two bytes, or reads two elements */
  | "copy"
  /** drops its end of the stream */
  | "close"
  /** waits for the result */
  | "await"
  /** looks at what has arrived */
  | "look"
  /** drops the handle */
  | "drop";

export interface Program<K extends Target | Source> {
  readonly kind: K;
  /** each of `close`, `await` and `drop` at most once, no `copy` after `close` */
  readonly acts: readonly Act[];
}

/** The designs whose programs differ; V4 has the programs of V2. */
export type Shape = "V1" | "V2" | "V3" | "V5";

const result = "result<_, error-code>";

const fileImports = ["wasi:filesystem/types", "wasi:filesystem/preopens"];

const socketImports = ["wasi:sockets/types"];

const isSocket = (kind: Target | Source): boolean =>
  kind.endsWith("socket") || kind === "receiver" || kind === "listener";

const open = (flags: string): readonly string[] => [
  "let dirs = preopens.get-directories()",
  "let root = dirs[0][0]",
  `let opened = descriptor.open-at(root, {}, "a", {}, {${flags}})`,
  "let d = opened.ok",
];

const pair: readonly string[] = [
  "let pair = fixture.connected(80)",
  "let d = pair[0]",
  "let peer, _ = tcp-socket.receive(pair[1])",
];

const setups: Readonly<Record<Target | Source, readonly string[]>> = {
  file: open("write"),
  append: open("write"),
  "read-only file": open("read"),
  socket: pair,
  "used socket": pair,
  "whole socket": pair,
  reader: open("read"),
  receiver: [
    ...pair.slice(0, 2),
    "let out, feed = stream.new",
    "tcp-socket.send(pair[1], out)",
    'stream.write feed "pong"',
    "stream.drop-writable feed",
  ],
  listener: [
    "let made = tcp-socket.create(ipv4)",
    "let d = made.ok",
    "let home = ipv4({port: 80, address: (127, 0, 0, 1)})",
    "tcp-socket.bind(d, home)",
  ],
};

const calls: Readonly<Record<Target, string>> = {
  file: "descriptor.write-via-stream(d, r, 1)",
  append: "descriptor.append-via-stream(d, r)",
  "read-only file": "descriptor.write-via-stream(d, r, 1)",
  socket: "tcp-socket.send(d, r)",
  "used socket": "tcp-socket.send(d, r)",
  "whole socket": "tcp-socket.send(d, r)",
};

/** A call is made, and what is known of it goes to `call`: 0 if it has failed. */
const started: Readonly<Record<Shape, (call: string) => readonly string[]>> = {
  V1: (call) => [`let _, call, ret = async ${call}`],
  V2: (call) => [`let call = ${call}`],
  V3: (call) => [
    `let outer = ${call}`,
    "let call = 0",
    'if text(outer) != "error(invalid-state)" and text(outer) != "error(bad-descriptor)" {',
    "  call = outer.ok",
    "}",
  ],
  V5: (call) => [`let call = ${call.replace("write-via-stream", "write-all")}`],
};

function start(shape: Shape, kind: Target): readonly string[] {
  const lines = started[shape](calls[kind]);
  if (kind !== "whole socket") return lines;
  return shape === "V5"
    ? ["let _, _, call = tcp-socket.split(d, r)"]
    : [...lines, "tcp-socket.receive(d)"];
}

const future = [
  `let _, at = future.read<${result}> call`,
  `log "result {load ${result} at}"`,
] as const;

const awaited: Readonly<Record<Shape, readonly string[]>> = {
  V1: [
    "if call != 0 {",
    "  let ws = waitable-set.new",
    "  waitable.join call ws",
    "  waitable-set.wait ws",
    "}",
    `log "result {load ${result} ret}"`,
  ],
  V2: future,
  V3: ['if call == 0 { log "result {outer}" } else {', ...future, "}"],
  V5: future,
};

/** A stream that has said that it is over is not asked again. */
function copy(did: string, copying: string): readonly string[] {
  return [
    "if more == 1 {",
    `  let got = stream.${copying}`,
    `  log "${did} {got}"`,
    "  if got == DROPPED|0 or got == DROPPED|1 or got == DROPPED|2 { more = 0 }",
    "}",
  ];
}

const looks = {
  file: ['let now = fixture.content("a")', 'log "file {now}"'],
  socket: [
    "fixture.idle()",
    "if hears == 1 {",
    "  let heard, from = async stream.read peer 4 at 2000",
    "  if heard == BLOCKED { heard = stream.cancel-read peer }",
    '  log "peer {heard} {list-at from 4}"',
    "  if heard == DROPPED|0 { hears = 0 }",
    "}",
  ],
} as const;

function actOn(shape: Shape, kind: Target, act: Act): readonly string[] {
  const resource = isSocket(kind) ? "tcp-socket" : "descriptor";
  switch (act) {
    case "copy":
      return copy("wrote", 'write w "xy"');
    case "close":
      return ["stream.drop-writable w"];
    case "await":
      return awaited[shape];
    case "look":
      return looks[isSocket(kind) ? "socket" : "file"];
    case "drop":
      return shape === "V5" ? [] : [`resource.drop<${resource}> d`];
  }
}

type Settings = Readonly<Record<string, string>>;

/** How every program is tried, if nothing else is said: calls are over at once, and copies whole. */
const usual: Settings = { calls: "at-once", chunk: "whole" };

function scenario(
  title: string,
  shape: Shape,
  settings: Settings,
  socket: boolean,
  body: readonly string[],
): string {
  const set = Object.entries({ ...usual, ...settings }).map(
    ([name, value]) => `  set ${name} ${value}`,
  );
  const imports = [...(socket ? socketImports : fileImports), "canon-async:testing/fixture"];
  return [
    `scenario "${title}"`,
    "wasi {",
    `  variant ${shape}`,
    '  file "a" "abcd"',
    ...set,
    "}",
    "component A {",
    ...imports.map((name) => `  import ${name}`),
    '  func text(value) { return "{value}" }',
    "  export run: async func() stackful {",
    ...body.map((line) => `    ${line}`),
    "    task.return",
    "  }",
    "}",
    "run A.run",
    "",
  ].join("\n");
}

/** The socket has sent already: nothing, to its end. */
const used = ["let r0, w0 = stream.new", "stream.drop-writable w0", "tcp-socket.send(d, r0)"];

/** A program that feeds an operation, as a scenario without claims. */
export function feeding(
  { kind, acts }: Program<Target>,
  shape: Shape,
  settings: Settings = {},
): string {
  const before = kind === "used socket" ? used : [];
  const body = [
    ...setups[kind],
    ...before,
    "let r, w = stream.new",
    "let more = 1",
    "let hears = 1",
    ...start(shape, kind),
    ...acts.flatMap((act) => actOn(shape, kind, act)),
  ];
  return scenario(kind, shape, settings, isSocket(kind), body);
}

const drains: Readonly<Record<Source, readonly string[]>> = {
  reader: ["let rx, call = descriptor.read-via-stream(d, 0)"],
  receiver: ["let rx, call = tcp-socket.receive(d)"],
  listener: [
    "let listening = tcp-socket.listen(d)",
    "let rx = listening.ok",
    "let client = tcp-socket.create(ipv4)",
    "tcp-socket.connect(client.ok, home)",
  ],
};

function drain(kind: Source, act: Act): readonly string[] {
  const resource = isSocket(kind) ? "tcp-socket" : "descriptor";
  switch (act) {
    case "copy":
      if (kind !== "listener") return copy("read", "read rx 2");
      return ["let got = async stream.read<tcp-socket> rx 1", 'log "accepted {got}"'];
    case "close":
      return ["stream.drop-readable rx"];
    case "await":
      return kind === "listener" ? [] : future;
    case "look":
      return [];
    case "drop":
      return [`resource.drop<${resource}> d`];
  }
}

/** The same calls with the functions that use the handle up. */
const consuming: Readonly<Record<string, string>> = {
  "descriptor.read-via-stream(d, 0)": "descriptor.read-all(d, 0)",
  "tcp-socket.listen(d)": "tcp-socket.accept-all(d)",
  "listening.ok": "listening",
};

function consumed(line: string): string {
  const [before, after] = Object.entries(consuming).find(([from]) => line.includes(from)) ?? [];
  return before === undefined || after === undefined ? line : line.replace(before, after);
}

/** A program that uses up what an operation delivers, as a scenario without claims. */
export function draining(
  { kind, acts }: Program<Source>,
  shape: "V2" | "V5",
  settings: Settings = {},
): string {
  const body = [
    ...setups[kind],
    "let more = 1",
    ...(shape === "V5" ? drains[kind].map(consumed) : drains[kind]),
    ...acts.flatMap((act) => drain(kind, act)),
  ];
  return scenario(kind, shape, settings, isSocket(kind), body);
}

const mostly: fc.Arbitrary<boolean> = fc.constantFrom(true, true, false);

/** Copies, then the end of the stream somewhere, and looks in between; nothing is dropped. */
function actsOf(copies: number): fc.Arbitrary<readonly Act[]> {
  return fc
    .record({
      before: fc.array(fc.constantFrom<Act>("copy", "copy", "look"), { maxLength: copies }),
      closes: mostly,
      awaits: mostly,
      after: fc.boolean(),
    })
    .map(({ before, closes, awaits, after }) => [
      ...before,
      ...(closes ? (["close"] as const) : []),
      ...(awaits ? (["await"] as const) : []),
      ...(after ? (["look"] as const) : []),
    ]);
}

/** Programs that keep their handle; some wait for a result that cannot come. */
export const feedingPrograms: fc.Arbitrary<Program<Target>> = fc.record({
  kind: fc.constantFrom<Target>("file", "append", "read-only file", "socket", "used socket"),
  acts: actsOf(3),
});

/** Programs for which there is a function that uses the handle up. */
export const consumingPrograms: fc.Arbitrary<Program<Target>> = fc.record({
  kind: fc.constantFrom<Target>("file", "read-only file", "whole socket"),
  acts: actsOf(3),
});

export const drainingPrograms: fc.Arbitrary<Program<Source>> = fc.record({
  kind: fc.constantFrom<Source>("reader", "receiver"),
  acts: actsOf(3),
});

/** Who listens accepts once at most: one connection is there. */
export const listeningPrograms: fc.Arbitrary<Program<Source>> = fc.record({
  kind: fc.constant<Source>("listener"),
  acts: fc.constantFrom<readonly Act[]>(["copy"], ["copy", "look"], ["look", "copy"]),
});

/** Hosts that differ in what the designs have nothing to do with. */
export const hosts: fc.Arbitrary<Settings> = fc.record({
  pin: fc.constantFrom("value", "op"),
  detect: fc.constantFrom("lazy", "eager"),
  check: fc.constantFrom("first-copy", "call"),
  apply: fc.constantFrom("applied", "buffered"),
  chunk: fc.constantFrom("whole", "part"),
  order: fc.constantFrom("both", "stream-first", "future-first"),
});

/** The same program with the handle dropped before one of its acts, or after all of them. */
export function dropping<K extends Target | Source>(program: Program<K>, at: number): Program<K> {
  const { kind, acts } = program;
  const i = at % (acts.length + 1);
  return { kind, acts: [...acts.slice(0, i), "drop", ...acts.slice(i)] };
}
