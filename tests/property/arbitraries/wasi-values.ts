// Arguments of the WASI host's functions, drawn by their WIT types: what a program would pass, and what it would not.

import type { WitCase, WitType } from "../../../src/wit/resolved.ts";

/** Draws: one of some things, the sensible first, so that shrinking goes there. */
export interface Picks {
  one<T>(of: readonly [T, ...T[]]): T;
}

/** Numbers that decide, one after the other; when they are used up, the first of everything. */
export function picksOf(choices: readonly number[]): Picks {
  let next = 0;
  return {
    one: (of) => {
      const size = Math.max(choices.length, 1);
      const n = choices[next % size] ?? 0;
      // further rounds begin elsewhere, so that long calls do not repeat themselves
      const turn = Math.floor(next / size);
      next += 1;
      return of[(n + turn) % of.length] ?? of[0];
    },
  };
}

const texts = [
  ...["a", "d", "d/b", "new", "d/new", "s", "gone", "a", "d", "new", "."],
  ...["", "/", "/a", "..", "d/..", "d/../..", "d/../a", "a/", "d/", "new/", "a/b", "a/..", "./a"],
  ...["loop", "out", "root", "dangling", "d/up", "//", "h", "ro", "e"],
  ...["__proto__", "constructor", "toString", "d/__proto__", "hasOwnProperty/x"],
  ...["\\0", "a\\0b", "ä", "\\u{10ffff}", "listen", "connect", "bind", "create"],
] as const;

/** One component is too long, the other path is long but well. */
const long = ["n".repeat(256), `${"./".repeat(300)}a`] as const;

const numbers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  bool: ["false", "true"],
  u8: ["1", "0", "2", "64", "255"],
  u16: ["80", "90", "0", "81", "1", "49152", "65535"],
  u32: ["1", "0", "2", "7", "999999999", "1000000000", "4294967295"],
  u64: [
    ...(["0", "1", "2", "4", "5", "100", "1048576", "1048577", "4294967296"] as const),
    ...["9223372036854775807", "9223372036854775808", "18446744073709551615"],
  ],
  s64: ["1", "0", "-1", "9223372036854775807", "(-9223372036854775807 - 1)"],
};

const ipv4: readonly [string, ...string[]] = [
  "127, 0, 0, 1",
  "0, 0, 0, 0",
  "10, 0, 0, 1",
  "224, 0, 0, 1",
  "255, 255, 255, 255",
];
const ipv6: readonly [string, ...string[]] = [
  "0, 0, 0, 0, 0, 0, 0, 1",
  "0, 0, 0, 0, 0, 0, 0, 0",
  "0, 0, 0, 0, 0, 65535, 32512, 1",
  "65282, 0, 0, 0, 0, 0, 0, 1",
  "8193, 3512, 0, 0, 0, 0, 0, 1",
];

/** Mostly where somebody may be: at random no two would meet. */
function address(p: Picks): string {
  const port = p.one(["80", "80", "81", "90", "0", "49152", "65535"]);
  const family = p.one(["meeting", "meeting", "ipv4", "ipv6"]);
  if (family === "meeting") return `ipv4({port: ${port}, address: (127, 0, 0, 1)})`;
  if (family === "ipv4") return `ipv4({port: ${port}, address: (${p.one(ipv4)})})`;
  return `ipv6({port: ${port}, flow-info: 0, address: (${p.one(ipv6)}), scope-id: 1})`;
}

/** An address of a socket is drawn whole. */
function isAddress(cases: readonly WitCase[]): boolean {
  return cases.some(({ label, t }) => label === "ipv4" && t?.tag === "record");
}

function variant(cases: readonly WitCase[], p: Picks): string {
  if (isAddress(cases)) return address(p);
  const [first, ...rest] = cases;
  if (first === undefined) return "none";
  const { label, t } = p.one([first, ...rest]);
  return t === null ? label : `${label}(${plainValue(t, p)})`;
}

function flags(labels: readonly string[], p: Picks): string {
  const set = labels.filter(() => p.one([false, true, false]));
  return `{${set.join(", ")}}`;
}

/** A value without handles, as a scenario writes it. */
export function plainValue(t: WitType, p: Picks): string {
  switch (t.tag) {
    case "string":
      return `"${p.one([...texts, ...long])}"`;
    case "list":
      return p.one(['"x"', '""', '"hello"', "[0, 255]"]);
    case "record": {
      const fields = t.fields.map(({ label, t: of }) => `${label}: ${plainValue(of, p)}`);
      return `{${fields.join(", ")}}`;
    }
    case "tuple":
      return `(${t.ts.map((of) => plainValue(of, p)).join(", ")})`;
    case "variant":
      return variant(t.cases, p);
    case "enum":
      return p.one([t.labels[0] ?? "", ...t.labels]);
    case "flags":
      return flags(t.labels, p);
    case "option":
      return p.one([true, false]) ? `some(${plainValue(t.t, p)})` : "none";
    default:
      return p.one(numbers[t.tag] ?? ["0"]);
  }
}
