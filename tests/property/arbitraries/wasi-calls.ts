// Random guests of the WASI host: calls of any of its functions, and what they do with what they get.

import fc from "fast-check";
import { choicePoints } from "../../../src/wasi/choice-points.ts";
import type { Interface } from "../../../src/wit/resolved.ts";
import { acts } from "./wasi-acts.ts";
import { Program, programImports } from "./wasi-program.ts";
import { picksOf } from "./wasi-values.ts";

/** One act to be, and numbers that decide what is open about it. */
interface Plan {
  readonly op: string;
  readonly picks: readonly number[];
  /** 0: with whatever is at hand, whether it fits or not */
  readonly odd: number;
}

/** How often what is done: mostly calls and copies. */
const ops = [
  ...new Array<string>(14).fill("call"),
  ...[
    "copy",
    "copy",
    "copy",
    "drain",
    "finish",
    "finish",
    "finish",
    "await-copy",
    "await-copy",
    "cancel-copy",
    "drop",
    "drop",
  ],
  ...["await-call", "await-call", "cancel-call", "new", "yield", "return"],
] as const;

/** The labels of an interface's `error-code`. */
export function errorCodes({ types }: Interface): readonly string[] {
  const found = types.get("error-code");
  if (found?.tag !== "value") return [];
  const { t } = found;
  if (t.tag === "enum") return t.labels;
  return t.tag === "variant" ? t.cases.map(({ label }) => label) : [];
}

/** Where the servers are. */
const home = "ipv4({port: 80, address: (127, 0, 0, 1)})";

/** Where a program begins: handles that the calls of chance seldom make. */
const beginnings: Readonly<Record<string, (s: Program) => void>> = {
  file: (s) => opened(s, '"a", {}, {read, write}'),
  reader: (s) => opened(s, '"a", {}, {read}'),
  writer: (s) => opened(s, '"d/b", {create}, {write}'),
  directory: (s) => opened(s, '"d", {directory}, {read, mutate-directory}'),
  pair: (s) => {
    const [a, b] = [s.local("tcp-socket"), s.local("tcp-socket")];
    const n = s.fresh();
    s.lines.push(
      `let v${n} = fixture.connected(90)`,
      `${a.name} = v${n}[0]`,
      `${b.name} = v${n}[1]`,
    );
  },
  listener: (s) => {
    const name = socket(s, "tcp-socket");
    const stream = s.local("rs:tcp-socket");
    const n = s.fresh();
    s.lines.push(
      `if ${name} != 0 {`,
      `tcp-socket.bind(${name}, ${home})`,
      `let v${n} = tcp-socket.listen(${name})`,
      `if failed(v${n}) == 0 { ${stream.name} = v${n}.ok }`,
      "}",
    );
  },
  tcp: (s) => {
    socket(s, "tcp-socket");
  },
  client: (s) => {
    const name = socket(s, "tcp-socket");
    s.lines.push(`if ${name} != 0 { tcp-socket.connect(${name}, ${home}) }`);
  },
  udp: (s) => {
    const name = socket(s, "udp-socket");
    s.lines.push(
      `if ${name} != 0 {`,
      `udp-socket.bind(${name}, ${home})`,
      `udp-socket.send(${name}, "me", some(${home}))`,
      "}",
    );
  },
};

function opened(s: Program, how: string): void {
  const file = s.local("descriptor");
  const base = s.locals[0]?.name ?? "";
  const n = s.fresh();
  s.lines.push(
    `let v${n} = descriptor.open-at(${base}, {}, ${how})`,
    `if failed(v${n}) == 0 { ${file.name} = v${n}.ok }`,
  );
}

function socket(s: Program, kind: "tcp-socket" | "udp-socket"): string {
  const { name } = s.local(kind);
  const n = s.fresh();
  s.lines.push(`let v${n} = ${kind}.create(ipv4)`, `if failed(v${n}) == 0 { ${name} = v${n}.ok }`);
  return name;
}

/** A host and a guest. */
interface Shape {
  readonly variant: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly world: readonly string[];
  readonly setups: readonly string[];
  readonly plans: readonly Plan[];
}

/** Compares texts: a case can be looked into only when it is known. */
function failedFunc(codes: Iterable<string>): readonly string[] {
  const tests = [...codes].map((code) => `t == "error(${code})"`);
  const lines: string[] = [];
  for (let i = 0; i < tests.length; i += 8) {
    lines.push(`if ${tests.slice(i, i + 8).join(" or ")} { return 1 }`);
  }
  return ["func failed(value) {", 'let t = "{value}"', ...lines, "return 0", "}"];
}

const over = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => `c == DROPPED|${n}`).join(" or ");

/** The program as a scenario without claims. */
export function programText({ variant, settings, world, setups, plans }: Shape): string {
  const s = new Program(variant);
  const base = s.local("descriptor");
  s.lines.push("let dirs = preopens.get-directories()", `${base.name} = dirs[0][0]`);
  for (const setup of setups) beginnings[setup]?.(s);
  for (const { op, picks, odd } of plans) acts[op]?.(s, picksOf(picks), odd === 0);
  if (!s.returned) s.lines.push("task.return");
  return [
    'scenario "calls"',
    "wasi {",
    `variant ${variant}`,
    ...world,
    ...Object.entries(settings).map(([name, value]) => `set ${name} ${value}`),
    "}",
    "component A {",
    "memory 262144",
    ...programImports.map((name) => `import ${name}`),
    ...failedFunc(new Set(s.interfaces.flatMap(errorCodes))),
    `func over(c) { if ${over} { return 1 }; return 0 }`,
    "export run: async func() stackful {",
    ...s.lines,
    "}",
    "}",
    "run A.run",
    "",
  ].join("\n");
}

const plan: fc.Arbitrary<Plan> = fc.record({
  op: fc.constantFrom(...ops),
  picks: fc.noBias(fc.array(fc.nat(2310), { minLength: 3, maxLength: 9, size: "max" })),
  odd: fc.noBias(fc.nat(120).map((n) => 120 - n)),
});

const kept = new Set(["variant", "faults"]);

const anySettings: fc.Arbitrary<Readonly<Record<string, string>>> = fc
  .record(
    Object.fromEntries(
      Object.entries(choicePoints)
        .filter(([name]) => !kept.has(name))
        .map(([name, { values }]) => [name, fc.constantFrom(...values, "any")]),
    ),
    { requiredKeys: [] },
  )
  .map((of) => of as Readonly<Record<string, string>>);

const disk = [
  'file "a" "abcd"',
  'directory "d"',
  'file "d/b" "bb"',
  'directory "e"',
  'symlink "s" "a"',
  'symlink "loop" "loop"',
  'symlink "out" "../x"',
  'symlink "root" "/a"',
  'symlink "dangling" "gone"',
  'symlink "d/up" "../a"',
  'link "h" "a"',
  'garbled "d"',
] as const;

const more = [
  'preopen "/" "d"',
  'preopen "/" "."',
  'preopen "/" "." read-only',
  'stdin "input"',
  'stdin "input" closed',
  "quota 12",
  "deny listen",
  "deny connect",
  "deny bind",
  "set faults 1",
  "set faults 2",
] as const;

const variants: readonly string[] = choicePoints.variant.values;

/** Hosts of all kinds with a guest each. */
export const anyProgram: fc.Arbitrary<Shape> = fc.record({
  variant: fc.constantFrom(...variants),
  settings: anySettings,
  world: fc
    .tuple(fc.subarray([...disk.slice(1)]), fc.array(fc.constantFrom(...more), { maxLength: 2 }))
    .map(([files, others]) => fitting([disk[0], ...files], others)),
  setups: fc.noBias(fc.subarray(Object.keys(beginnings))),
  plans: fc.noBias(fc.array(plan, { minLength: 1, maxLength: 32, size: "max" })),
});

/** What is in a directory needs it. */
function fitting(files: readonly string[], others: readonly string[]): readonly string[] {
  const needs =
    files.some((line) => /"d\/|garbled/.test(line)) || others.includes('preopen "/" "d"');
  const all = needs && !files.includes('directory "d"') ? ['directory "d"', ...files] : files;
  const sorted = disk.filter((line) => all.includes(line));
  return [...sorted, ...others];
}
