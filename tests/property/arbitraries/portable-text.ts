// Portable programs as scenarios, to be pasted into a file: their components, and the host that they have in common.

import type { Body, Feeder, Keeper, Part, Portable, Takes, Wait } from "./portable.ts";
import { bodyLines, drainLines, hangLines, nameOf } from "./portable-bodies.ts";

const parameters: Readonly<Record<Takes, string>> = {
  nothing: "t: string, x: u32",
  borrow: "t: string, x: u32, h: borrow<K.r>",
  own: "t: string, x: u32, h: K.r",
};

function exportText(head: string, lines: readonly string[]): readonly string[] {
  return [`  export ${head} stackless {`, ...lines.map((line) => `    ${line}`), "  }"];
}

function partText(p: Portable, i: number, { bodies, hang }: Part): readonly string[] {
  const others = p.parts.slice(i + 1).map((_, k) => nameOf(i + 1 + k));
  const [keeper, feeder] = [p.keeper === null ? [] : ["K"], p.feeder === null ? [] : ["F"]];
  const imports = ["host", ...keeper, ...feeder, ...others];
  return [
    `component ${nameOf(i)} {`,
    "  var n = 0",
    ...imports.map((name) => `  import ${name}`),
    ...bodies.flatMap((body, k) => {
      const head = `f${k}: async func(${parameters[body.takes]}) -> u32`;
      return exportText(head, bodyLines(p, i, body));
    }),
    ...(hang === null ? [] : exportText("hang: async func(t: string)", hangLines(p, i, hang))),
    "}",
  ];
}

const waiting = (wait: Wait): readonly string[] =>
  wait === null ? [] : [`await host.${wait}("{t}.w", x)`];

function keeperText({ make, look, eat }: Keeper): readonly string[] {
  return [
    "component K {",
    "  import host",
    '  resource r { drop(rep) { log "K drops {rep}" } }',
    ...exportText("make: async func(t: string, x: u32) -> r", [
      ...waiting(make),
      'log "{t} makes {x}"',
      "return resource.new<r> x",
    ]),
    ...exportText("glance: async func(t: string, rep: borrow<r>) -> u32", [
      'log "{t} glances at {rep}"',
      "return rep",
    ]),
    ...exportText("look: async func(t: string, x: u32, rep: borrow<r>) -> u32", [
      'log "{t} looks at {rep}"',
      ...waiting(look),
      "return rep + x",
    ]),
    ...exportText("eat: async func(t: string, x: u32, h: r) -> u32", [
      ...waiting(eat),
      "let rep = resource.rep<r> h",
      'log "{t} eats {rep}"',
      "resource.drop<r> h",
      "return rep + x",
    ]),
    "}",
  ];
}

/** The writer shows nothing after its first byte: when it goes on depends on who keeps the bytes. */
function feederText({ bytes, before, yields, send }: Feeder): readonly string[] {
  const writes = [..."wxyz"].slice(0, bytes).flatMap((byte) => {
    return [...(yields ? ["  yield"] : []), `  await stream.write w "${byte}"`];
  });
  return [
    "component F {",
    "  import host",
    ...exportText("bytes: async func(t: string, x: u32) -> stream<u8>", [
      "let r, w = stream.new",
      "spawn {",
      ...waiting(before).map((line) => `  ${line}`),
      ...writes,
      "  stream.drop-writable w",
      "}",
      "return r",
    ]),
    ...exportText("number: async func(t: string, x: u32) -> future<u32>", [
      "let r, w = future.new<u32>",
      "spawn {",
      ...waiting(send).map((line) => `  ${line}`),
      "  await future.write<u32> w x",
      "  future.drop-writable<u32> w",
      "}",
      "return r",
    ]),
    ...exportText("drain: async func(t: string, x: u32, s: stream<u8>) -> u32", [
      ...drainLines("s"),
      "return x + 1",
    ]),
    "}",
  ];
}

function hostFunc(name: string, says: string, wait: string, adds: number): string {
  const body = `log "{t} ${says} {x}"; ${wait}return x + ${adds}`;
  return `  func ${name}: async func(t: string, x: u32) -> u32 { ${body} }`;
}

const hostText: readonly string[] = [
  "host {",
  "  var a = 0",
  "  var b = 0",
  "  var never = 0",
  hostFunc("now", "now", "", 10),
  hostFunc("gate-a", "a", "await a; ", 20),
  hostFunc("gate-b", "b", "await b; ", 30),
  hostFunc("late", "late", "await idle; ", 40),
  '  func never: async func(t: string) cancellable { log "{t} never"; await never }',
  "  process opens-a { a = 1 }",
  "  process opens-b { b = 1 }",
  "}",
];

/** Without a keeper there are no handles to give. */
function withoutHandles(part: Part): Part {
  return { ...part, bodies: part.bodies.map((body): Body => ({ ...body, takes: "nothing" })) };
}

/** The program as a scenario that claims nothing. */
export function portableText(given: Portable): string {
  const { keeper, feeder, roots } = given;
  const parts = keeper === null ? given.parts.map(withoutHandles) : given.parts;
  const p = { ...given, parts };
  const lines = [
    'scenario "a portable program"',
    ...parts.flatMap((part, i) => partText(p, i, part)),
    ...(keeper === null ? [] : keeperText(keeper)),
    ...(feeder === null ? [] : feederText(feeder)),
    ...hostText,
    ...['run A.f0("a", 1) as one', 'run A.f0("b", 2) as two'].slice(0, roots),
  ];
  return `${lines.join("\n")}\n`;
}
