// Which error codes each function of the WASI host gives to somebody: what the interfaces document, no more
// and, but for what a small machine cannot meet, no less.

import { describe, expect, test } from "vitest";
import { wasiInterfaces } from "../../src/wasi/interfaces.ts";
import type { WitType } from "../../src/wit/resolved.ts";
import { exploreText } from "./scenario-harness.ts";

/** Statements of a guest, and the host that they meet. */
interface Situation {
  readonly host?: readonly string[];
  readonly lines: readonly string[];
}

const disk = [
  'file "a" "abcd"',
  'directory "d"',
  'file "d/b" "bb"',
  'directory "e"',
  'symlink "loop" "loop"',
  'symlink "out" "/a"',
];

const imports = [
  ...["wasi:filesystem/types", "wasi:filesystem/preopens", "wasi:sockets/types"],
  ...["wasi:cli/types", "wasi:cli/stdin", "wasi:cli/stdout", "wasi:cli/stderr"],
  "wasi:clocks/monotonic-clock",
  "canon-async:testing/fixture",
];

/** Every outcome: calls are over at once, copies whole, and all answers are tried. */
function outcomesOf({ host = [], lines }: Situation): readonly string[] {
  const text = [
    'scenario "calls"',
    "wasi {",
    ...disk,
    ...["calls at-once", "chunk whole", "order stream-first", "errors any"].map((s) => `set ${s}`),
    ...host,
    "}",
    "component A {",
    "memory 262144",
    ...imports.map((name) => `import ${name}`),
    "export run: async func() stackful {",
    "let dirs = preopens.get-directories()",
    "let p = dirs[0][0]",
    ...lines,
    "task.return",
    "}",
    "}",
    "run A.run",
  ].join("\n");
  return exploreText(text).outcomes;
}

/** Every result that some run logs, by its function. */
function logged(situation: Situation): readonly (readonly [string, string])[] {
  const outcomes = outcomesOf(situation);
  // a script that went wrong would leave out what follows
  expect(outcomes.filter((outcome) => / traps |bug /.test(outcome))).toEqual([]);
  const results = outcomes.join("\n").matchAll(/([a-z-]+\.[a-z-]+) (ok|error\([a-z-]+\))/g);
  return [...results].map(([, func = "", result = ""]) => [func, result]);
}

let count = 0;

/** A new variable. */
function fresh(): string {
  count += 1;
  return `x${count}`;
}

/** Calls a function and logs what it gives. */
function says(func: string, ...args: readonly string[]): string {
  const v = fresh();
  return `let ${v} = ${func}(${args.join(", ")})\nlog "${func} {${v}}"`;
}

function told(func: string, result: string, future: string): readonly string[] {
  const [v, at] = [fresh(), fresh()];
  return [
    `let _, ${at} = future.read<${result}> ${future}`,
    `let ${v} = load ${result} ${at}`,
    `log "${func} {${v}}"`,
  ];
}

const resultOf = (func: string): string => {
  if (func.startsWith("std")) return "result<_, cli.error-code>";
  return `result<_, ${func.startsWith("tcp") ? "sockets" : "filesystem"}.error-code>`;
};

/** Reads from a stream of the host, and then what its future says. */
function reads(func: string, ...args: readonly string[]): string {
  const v = fresh();
  const element = func.endsWith("read-directory") ? "directory-entry" : "u8";
  return [
    `let ${v} = ${func}(${args.join(", ")})`,
    `stream.read<${element}> ${v}[0] 4`,
    ...told(func, resultOf(func), `${v}[1]`),
  ].join("\n");
}

/** Writes to a stream that the host takes in, and then reads what its future says. */
function writes(func: string, ...args: readonly string[]): string {
  const [r, w, f] = [fresh(), fresh(), fresh()];
  const all = args.map((arg) => (arg === "DATA" ? r : arg)).join(", ");
  return [
    `let ${r}, ${w} = stream.new`,
    `let ${f} = ${func}(${all})`,
    `async stream.write ${w} "wxyz"`,
    ...told(func, resultOf(func), f),
  ].join("\n");
}

const opened = (name: string, path: string, how = "{}", flags = "{}"): string => {
  const v = fresh();
  return `let ${v} = descriptor.open-at(p, {}, "${path}", ${how}, ${flags})\nlet ${name} = ${v}.ok`;
};

/** No path, no name, no way: what a path may be beside the name of something. */
const badPaths = [
  ...['""', '"gone/x"', '"/a"', '".."', '"d/../.."', '"a\\0b"', '"loop/x"', '"a/b"', '"out/x"'],
  `"${"n".repeat(256)}"`,
];

/** The functions with paths, with arguments around a path in one place. */
const pathCalls: readonly ((base: string, path: string) => string)[] = [
  (d, path) => says("descriptor.stat-at", d, "{}", path),
  (d, path) => says("descriptor.set-times-at", d, "{}", path, "no-change", "now"),
  (d, path) => says("descriptor.create-directory-at", d, path),
  (d, path) => says("descriptor.link-at", d, "{}", path, d, '"new"'),
  (d, path) => says("descriptor.link-at", d, "{}", '"a"', "p", path),
  (d, path) => says("descriptor.open-at", d, "{}", path, "{}", "{read}"),
  (d, path) => says("descriptor.readlink-at", d, path),
  (d, path) => says("descriptor.remove-directory-at", d, path),
  (d, path) => says("descriptor.rename-at", d, path, d, '"new"'),
  (d, path) => says("descriptor.rename-at", d, '"a"', "p", path),
  (d, path) => says("descriptor.symlink-at", d, '"a"', path),
  (d, path) => says("descriptor.unlink-file-at", d, path),
  (d, path) => says("descriptor.metadata-hash-at", d, "{}", path),
];

const changes = [
  says("descriptor.set-times", "p", "no-change", "now"),
  says("descriptor.set-times-at", "p", "{}", '"a"', "no-change", "now"),
  says("descriptor.create-directory-at", "p", '"new"'),
  says("descriptor.link-at", "p", "{}", '"a"', "p", '"new"'),
  says("descriptor.open-at", "p", "{}", '"new"', "{create}", "{}"),
  says("descriptor.remove-directory-at", "p", '"e"'),
  says("descriptor.rename-at", "p", '"a"', "p", '"new"'),
  says("descriptor.symlink-at", "p", '"a"', '"new"'),
  says("descriptor.unlink-file-at", "p", '"a"'),
];

const huge = "18446744073709551615";

const names: readonly Situation[] = [
  ...pathCalls.map((call) => ({ lines: badPaths.map((path) => call("p", path)) })),
  { lines: [opened("f", "a"), ...pathCalls.map((call) => call("f", '"b"'))] },
  {
    lines: [
      says("descriptor.create-directory-at", "p", '"d"'),
      says("descriptor.link-at", "p", "{}", '"a"', "p", '"d/b"'),
      says("descriptor.link-at", "p", "{}", '"d"', "p", '"new"'),
      says("descriptor.link-at", "p", "{symlink-follow}", '"a"', "p", '"new"'),
      says("descriptor.symlink-at", "p", '"x"', '"a"'),
      says("descriptor.symlink-at", "p", '"/x"', '"new"'),
      says("descriptor.readlink-at", "p", '"a"'),
      says("descriptor.remove-directory-at", "p", '"d"'),
      says("descriptor.remove-directory-at", "p", '"d/."'),
      says("descriptor.rename-at", "p", '"e"', "p", '"d"'),
      says("descriptor.rename-at", "p", '"a"', "p", '"d"'),
      says("descriptor.rename-at", "p", '"d"', "p", '"d/x"'),
      says("descriptor.rename-at", "p", '"."', "p", '"new"'),
      says("descriptor.unlink-file-at", "p", '"d"'),
      says("descriptor.set-times-at", "p", "{}", '"a"', "now", wrongTime()),
      says("descriptor.stat-at", "p", "{symlink-follow}", '"loop"'),
      says("descriptor.metadata-hash-at", "p", "{symlink-follow}", '"loop"'),
    ],
  },
  {
    lines: [
      says("descriptor.open-at", "p", "{}", '"a"', "{create, exclusive}", "{}"),
      says("descriptor.open-at", "p", "{}", '"d"', "{create}", "{}"),
      says("descriptor.open-at", "p", "{}", '"d"', "{}", "{write}"),
      says("descriptor.open-at", "p", "{}", '"d"', "{directory, truncate}", "{}"),
    ],
  },
  { host: ['preopen "/" "." read-only'], lines: changes },
  { host: ['preopen "/" "." read-only', "set read-only-error not-permitted"], lines: changes },
  {
    host: ["set unlink windows"],
    lines: [
      opened("f", "a"),
      opened("g", "e"),
      says("descriptor.rename-at", "p", '"a"', "p", '"new"'),
      says("descriptor.unlink-file-at", "p", '"a"'),
      says("descriptor.remove-directory-at", "p", '"e"'),
    ],
  },
];

function wrongTime(): string {
  return "timestamp({seconds: 0, nanoseconds: 1000000000})";
}

const stores = [
  writes("descriptor.write-via-stream", "f", "DATA", "0"),
  writes("descriptor.append-via-stream", "f", "DATA"),
];

/** A file that is opened for everything. */
const both = opened("f", "a", "{}", "{read, write}");

const contents: readonly Situation[] = [
  {
    lines: [
      reads("descriptor.read-via-stream", "p", "0"),
      says("descriptor.advise", "p", "0", "0", "normal"),
      says("descriptor.set-times", "p", "now", wrongTime()),
      both,
      reads("descriptor.read-via-stream", "f", huge),
      reads("descriptor.read-directory", "f"),
      says("descriptor.set-size", "f", huge),
    ],
  },
  { lines: [both, writes("descriptor.write-via-stream", "f", "DATA", huge)] },
  {
    host: ['preopen "/" "." read-only'],
    lines: ["sync", "sync-data", "get-flags", "get-type", "stat", "metadata-hash"].map((name) =>
      says(`descriptor.${name}`, "p"),
    ),
  },
  { lines: [opened("f", "a"), says("descriptor.set-size", "f", "1")] },
  ...["first-copy", "call"].map((check) => ({
    host: [`set check ${check}`],
    lines: [
      opened("g", "a", "{}", "{write}"),
      reads("descriptor.read-via-stream", "g", "0"),
      opened("f", "a"),
      ...stores,
    ],
  })),
  { lines: ["let f = p", ...stores] },
  ...["read-only", "not-permitted"].map((code) => ({
    host: ['preopen "/" "." read-only', `set read-only-error ${code}`],
    lines: [opened("f", "a"), says("descriptor.set-size", "f", "1"), ...stores],
  })),
  { host: ["quota 6"], lines: [both, says("descriptor.set-size", "f", "5"), ...stores] },
  { lines: [both, "descriptor.set-size(f, 1048576)", stores[1] ?? ""] },
  { lines: [both, writes("descriptor.write-via-stream", "f", "DATA", "1048576")] },
  { host: ['garbled "e"'], lines: [opened("f", "e"), reads("descriptor.read-directory", "f")] },
  ...[
    reads("descriptor.read-via-stream", "f", "0"),
    reads("descriptor.read-directory", "p"),
    ...stores,
  ].map((line) => ({ host: ["set faults 1"], lines: [both, line] })),
];

const at = (port: number, ip = "127, 0, 0, 1"): string => `ipv4({port: ${port}, address: (${ip})})`;
const at6 = "ipv6({port: 80, flow-info: 0, address: (0, 0, 0, 0, 0, 0, 0, 1), scope-id: 0})";

/** A socket of this name. */
const tcp = (name: string): string =>
  `let ${name}-made = tcp-socket.create(ipv4)\nlet ${name} = ${name}-made.ok`;
const udp = (name: string): string =>
  `let ${name}-made = udp-socket.create(ipv4)\nlet ${name} = ${name}-made.ok`;

/** Two sockets with a connection; a side that is dropped with data that it has not read resets it. */
const pair = ["let both = fixture.connected(90)", "let s = both[0]", "let peer = both[1]"];

/** Something has come from the peer. */
const fed = ["let r0, w0 = stream.new", "tcp-socket.send(peer, r0)", 'async stream.write w0 "x"'];

const options: readonly (readonly [string, string])[] = [
  ...(["keep-alive-idle-time", "keep-alive-interval", "keep-alive-count", "hop-limit"] as const),
  ...(["receive-buffer-size", "send-buffer-size"] as const),
].map((name) => [name, "0"] as const);

/** Every method that answers in its call, on a socket in some state. */
const tcpMethods = [
  says("tcp-socket.bind", "s", at(80)),
  says("tcp-socket.connect", "s", at(80)),
  says("tcp-socket.listen", "s"),
  says("tcp-socket.get-local-address", "s"),
  says("tcp-socket.get-remote-address", "s"),
  says("tcp-socket.set-listen-backlog-size", "s", "1"),
  says("tcp-socket.get-keep-alive-enabled", "s"),
  says("tcp-socket.set-keep-alive-enabled", "s", "false"),
  ...options.flatMap(([name]) => [
    says(`tcp-socket.get-${name}`, "s"),
    says(`tcp-socket.set-${name}`, "s", "1"),
  ]),
];

/** Nobody listens there: the socket is closed. */
const refused = [tcp("s"), says("tcp-socket.connect", "s", at(81))];

const transfers = [reads("tcp-socket.receive", "s"), writes("tcp-socket.send", "s", "DATA")];

const streamsOf = (setup: readonly string[], host: readonly string[] = []): readonly Situation[] =>
  transfers.map((line) => ({ host, lines: [...setup, line] }));

const sockets: readonly Situation[] = [
  { host: ["deny create"], lines: ["tcp", "udp"].map((k) => says(`${k}-socket.create`, "ipv4")) },
  { lines: [...refused, ...tcpMethods] },
  {
    lines: [
      tcp("s"),
      says("tcp-socket.bind", "s", at6),
      says("tcp-socket.bind", "s", at(80, "224, 0, 0, 1")),
      says("tcp-socket.bind", "s", at(80, "10, 0, 0, 1")),
      says("tcp-socket.connect", "s", at6),
      says("tcp-socket.connect", "s", at(0)),
      says("tcp-socket.set-listen-backlog-size", "s", "0"),
      ...options.map(([name, value]) => says(`tcp-socket.set-${name}`, "s", value)),
      says("tcp-socket.get-local-address", "s"),
      `tcp-socket.bind(s, ${at(80)})`,
      "tcp-socket.listen(s)",
      says("tcp-socket.set-listen-backlog-size", "s", "1"),
      tcp("other"),
      says("tcp-socket.bind", "other", at(80)),
    ],
  },
  {
    lines: [
      ...[tcp("s"), tcp("other")],
      ...[`tcp-socket.bind(s, ${at(80)})`, `tcp-socket.bind(other, ${at(80)})`],
      ...[says("tcp-socket.listen", "s"), says("tcp-socket.listen", "other")],
    ],
  },
  {
    host: ["deny bind", "deny listen", "deny connect"],
    lines: [
      tcp("s"),
      says("tcp-socket.bind", "s", at(80)),
      says("tcp-socket.listen", "s"),
      says("tcp-socket.connect", "s", at(80)),
      udp("u"),
      says("udp-socket.bind", "u", at(80)),
      says("udp-socket.connect", "u", at(80)),
    ],
  },
  { lines: [tcp("s"), says("tcp-socket.connect", "s", at(80, "10, 0, 0, 1"))] },
  ...streamsOf([tcp("s")]),
  ...streamsOf([...pair, "fixture.reset(90)"]),
  ...streamsOf([...pair, ...fed], ["set faults 1"]),
  { lines: [...pair, "resource.drop<tcp-socket> peer", twice()] },
  {
    lines: [
      udp("u"),
      says("udp-socket.get-unicast-hop-limit", "u"),
      says("udp-socket.get-receive-buffer-size", "u"),
      says("udp-socket.get-send-buffer-size", "u"),
      says("udp-socket.get-local-address", "u"),
      says("udp-socket.get-remote-address", "u"),
      says("udp-socket.disconnect", "u"),
      says("udp-socket.receive", "u"),
      says("udp-socket.send", "u", '"x"', "none"),
      says("udp-socket.send", "u", "list-at 0 65536", `some(${at(80)})`),
      says("udp-socket.send", "u", '"x"', `some(${at(80, "10, 0, 0, 1")})`),
      says("udp-socket.bind", "u", at(80)),
      says("udp-socket.connect", "u", at(0)),
      says("udp-socket.set-unicast-hop-limit", "u", "0"),
      says("udp-socket.set-receive-buffer-size", "u", "0"),
      says("udp-socket.set-send-buffer-size", "u", "0"),
      udp("other"),
      says("udp-socket.bind", "other", at6),
      says("udp-socket.bind", "other", at(80, "10, 0, 0, 1")),
      says("udp-socket.bind", "other", at(81)),
      udp("third"),
      says("udp-socket.bind", "third", at(81)),
    ],
  },
  { host: ["deny send"], lines: [udp("u"), says("udp-socket.send", "u", '"x"', "none")] },
];

/** A peer that is gone shows when it answers the first bytes. */
function twice(): string {
  return [
    "let r, w = stream.new",
    "let f = tcp-socket.send(s, r)",
    'async stream.write w "wx"',
    "fixture.idle()",
    "let ws = waitable-set.new",
    "waitable.join w ws",
    "waitable-set.poll ws",
    "waitable.join w 0",
    'async stream.write w "yz"',
    ...told("tcp-socket.send", resultOf("tcp"), "f"),
  ].join("\n");
}

const stdio: readonly Situation[] = [
  { lines: ["fixture.stdin-fail()", reads("stdin.read-via-stream")] },
  { lines: ["fixture.stdout-break()", writes("stdout.write-via-stream", "DATA")] },
  ...[
    writes("stdout.write-via-stream", "DATA"),
    writes("stderr.write-via-stream", "DATA"),
    reads("stdin.read-via-stream"),
  ].map((line) => ({ host: ['stdin "in"', "set faults 1"], lines: [line] })),
];

const isError = (t: WitType | null): boolean =>
  (t?.tag === "variant" && t.cases.some(({ label }) => label === "other")) || t?.tag === "enum";

/** Whether a result, or the future in it, may be an error. */
function mayFail(t: WitType | null): boolean {
  if (t?.tag === "tuple") return t.ts.some(mayFail);
  if (t?.tag === "future") return mayFail(t.t);
  return t?.tag === "result" && isError(t.error);
}

function fallible(): readonly string[] {
  const all = [...wasiInterfaces("V2").values()];
  return all.flatMap(({ funcs, name }) =>
    funcs.filter(({ result }) => mayFail(result)).map((f) => `${f.resource ?? name}.${f.name}`),
  );
}

/** What the functions that may fail gave: codes and whether they were called at all. */
function codesOf(situations: readonly Situation[]): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>();
  for (const [func, result] of situations.flatMap(logged)) {
    const codes = found.get(func) ?? new Set();
    found.set(func, codes);
    if (result !== "ok") codes.add(result.slice("error(".length, -1));
  }
  return Object.fromEntries([...found].map(([func, codes]) => [func, [...codes].sort()]));
}

/** Sorted, each once. */
function unite(...lists: readonly string[]): readonly string[] {
  return [...new Set(lists.flatMap((list) => list.split(" ")))]
    .filter((code) => code !== "")
    .sort();
}

/**
 * A path may be empty or lead to nothing (`no-entry`), leave its base (`not-permitted`), hold a NUL
 * (`invalid`), pass a file (`not-directory`), go in circles (`loop`) or have a component of more than 255
 * bytes (`name-too-long`); a base may be no directory (`not-directory`).
 */
const ofPath = "invalid loop name-too-long no-entry not-directory not-permitted";

/** A base that must not be changed, by either name. */
const fixed = "read-only not-permitted";

/** A descriptor that was not opened for this, by any of the names that hosts have for it. */
const noRight = "bad-descriptor access not-permitted";

const ofNames: Readonly<Record<string, readonly string[]>> = {
  "descriptor.stat-at": unite(ofPath),
  "descriptor.metadata-hash-at": unite(ofPath),
  "descriptor.readlink-at": unite(ofPath),
  "descriptor.set-times-at": unite(ofPath, fixed),
  "descriptor.create-directory-at": unite(ofPath, fixed, "exist"),
  "descriptor.symlink-at": unite(ofPath, fixed, "exist"),
  // a directory has one name, which hosts refuse with one code or another
  "descriptor.link-at": unite(ofPath, fixed, "exist access"),
  "descriptor.open-at": unite(ofPath, fixed, "exist is-directory"),
  // `.` is no name; an open directory is busy where names belong to what is open
  "descriptor.remove-directory-at": unite(ofPath, fixed, "not-empty access busy"),
  "descriptor.rename-at": unite(ofPath, fixed, "not-empty is-directory access busy"),
  "descriptor.unlink-file-at": unite(ofPath, fixed, "is-directory access busy"),
};

const full = "quota insufficient-space";

const ofContents: Readonly<Record<string, readonly string[]>> = {
  // a directory; no right; an offset past all offsets; a device
  "descriptor.read-via-stream": unite("is-directory invalid io", noRight),
  "descriptor.write-via-stream": unite(
    ...["is-directory invalid io file-too-large", noRight, fixed, full],
  ),
  // an append has no offset
  "descriptor.append-via-stream": unite("is-directory io file-too-large", noRight, fixed, full),
  "descriptor.read-directory": unite("not-directory illegal-byte-sequence io"),
  "descriptor.set-size": unite("bad-descriptor access invalid file-too-large", fixed, full),
  "descriptor.set-times": unite("invalid", fixed),
  "descriptor.advise": unite("bad-descriptor"),
  "descriptor.sync": [],
  "descriptor.sync-data": [],
  "descriptor.get-flags": [],
  "descriptor.get-type": [],
  "descriptor.stat": [],
  "descriptor.metadata-hash": [],
};

const bindErrors =
  "access-denied invalid-state invalid-argument address-in-use address-not-bindable";

/** Every option of a TCP socket is refused once the socket is closed; none of its numbers may be 0. */
const ofOptions = Object.fromEntries(
  options.flatMap(([name]) => [
    [`tcp-socket.get-${name}`, unite("invalid-state")],
    [`tcp-socket.set-${name}`, unite("invalid-state invalid-argument")],
  ]),
);

const ofSockets: Readonly<Record<string, readonly string[]>> = {
  ...ofOptions,
  "tcp-socket.create": unite("access-denied"),
  "tcp-socket.bind": unite(bindErrors),
  "tcp-socket.connect": unite(
    "access-denied invalid-state invalid-argument connection-refused remote-unreachable timeout",
  ),
  "tcp-socket.listen": unite("access-denied invalid-state address-in-use"),
  "tcp-socket.send": unite("invalid-state connection-broken connection-reset timeout"),
  "tcp-socket.receive": unite("invalid-state connection-reset timeout"),
  "tcp-socket.get-local-address": unite("invalid-state"),
  "tcp-socket.get-remote-address": unite("invalid-state"),
  "tcp-socket.set-listen-backlog-size": unite("invalid-state invalid-argument not-supported"),
  "tcp-socket.get-keep-alive-enabled": unite("invalid-state"),
  "tcp-socket.set-keep-alive-enabled": unite("invalid-state"),
  "udp-socket.create": unite("access-denied"),
  "udp-socket.bind": unite(bindErrors),
  "udp-socket.connect": unite("access-denied invalid-argument"),
  "udp-socket.disconnect": unite("invalid-state"),
  "udp-socket.send": unite("access-denied invalid-argument datagram-too-large remote-unreachable"),
  "udp-socket.receive": unite("invalid-state"),
  "udp-socket.get-local-address": unite("invalid-state"),
  "udp-socket.get-remote-address": unite("invalid-state"),
  // UDP sockets have no state in which an option cannot be read
  "udp-socket.get-unicast-hop-limit": [],
  "udp-socket.get-receive-buffer-size": [],
  "udp-socket.get-send-buffer-size": [],
  "udp-socket.set-unicast-hop-limit": unite("invalid-argument"),
  "udp-socket.set-receive-buffer-size": unite("invalid-argument"),
  "udp-socket.set-send-buffer-size": unite("invalid-argument"),
};

const ofStdio: Readonly<Record<string, readonly string[]>> = {
  "stdin.read-via-stream": unite("io"),
  "stdout.write-via-stream": unite("io pipe"),
  "stderr.write-via-stream": unite("io"),
};

describe("the error codes that calls get", () => {
  test("are those of files and their names", () => {
    expect(codesOf([...names, ...contents])).toEqual({ ...ofNames, ...ofContents });
  });

  test("are those of sockets", () => {
    expect(codesOf(sockets)).toEqual(ofSockets);
  });

  test("are those of the standard streams", () => {
    expect(codesOf(stdio)).toEqual(ofStdio);
  });

  test("are known for every function that may fail", () => {
    const all = { ...ofNames, ...ofContents, ...ofSockets, ...ofStdio };
    expect(Object.keys(all).sort()).toEqual([...fallible()].sort());
  });

  test("are what closed a socket, on hosts that remember it", () => {
    const host = ["set closed-error stored"];
    const got = codesOf([{ host, lines: [...refused, ...tcpMethods] }]);
    const ofAll = new Set(Object.values(got).map((list) => list.join(" ")));
    expect(Object.keys(got).length).toBe(tcpMethods.length);
    expect([...ofAll]).toEqual(["connection-refused"]);
  });
});

describe("what no error code is for", () => {
  // a mark is a u64, and so is a duration: their sum need not be one
  test("is a wait beyond the last mark: it ends there", () => {
    const lines = [
      `monotonic-clock.wait-until(${BigInt(huge) - 5n})`,
      "monotonic-clock.wait-for(9)",
      "log monotonic-clock.now()",
    ];
    expect(outcomesOf({ lines })).toEqual([`[${huge}]  by default`]);
  });

  // ftruncate refuses what is no regular file, whatever it was opened for
  test("is not the size of a directory, even of one that a host opens for writing", () => {
    const lines = [
      opened("f", "d", "{directory}", "{write}"),
      says("descriptor.set-size", "f", "1"),
      says("descriptor.get-type", "f"),
    ];
    const outcomes = outcomesOf({ host: ["set errors second"], lines });
    expect(outcomes).toEqual([
      "[descriptor.set-size error(invalid), descriptor.get-type ok(directory)]  by default",
    ]);
  });
});
