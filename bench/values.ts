// Values that cross a call: a record of strings and lists, and 64 KiB of bytes.

import { writeBytes, writeInt } from "../src/model/memory.ts";
import type { FuncType, ValType } from "../src/model/types.ts";
import type { System } from "../src/scheduler/machine.ts";
import { finish } from "./finish.ts";
import type { Body, Home, Turn } from "./system.ts";
import { building, call, giveBack, peek, setVariable, variable } from "./system.ts";
import { demand, type Rate } from "./workload.ts";

const u32 = { tag: "u32" } as const;
const text: ValType = { tag: "string" };
const listOf = (t: ValType): ValType => ({ tag: "list", t, length: null });

const person: ValType = {
  tag: "record",
  fields: [
    { label: "name", t: text },
    { label: "tags", t: listOf(text) },
    { label: "scores", t: listOf(u32) },
    { label: "age", t: { tag: "u8" } },
  ],
};

const takes = (t: ValType): FuncType => ({
  params: [{ name: "value", t }],
  result: u32,
  async: false,
});

const rootType: FuncType = { params: [], result: u32, async: true };
const memoryBytes = 262144;
/** Where the allocator of the callee begins, before every call again. */
const heap = 1024;

/** Bumps; never frees. */
function allocator(home: Home): Body {
  return [
    ({ c, r: [, , align = 1, size = 0] }) => {
      const at = Math.ceil((variable(c, home, "used") + heap) / align) * align;
      setVariable(c, home, "used", at - heap + size);
      return giveBack(at);
    },
  ];
}

/** What a call passes, and what the callee makes of what arrives: the same number each time. */
interface Passing {
  readonly t: ValType;
  readonly args: readonly number[];
  readonly expected: number;
  /** Writes what `args` points to. */
  store(turn: Turn, home: Home): void;
  digest(turn: Turn, home: Home): number;
}

const ada = {
  name: "Ada Lovelace, née Byron",
  tags: ["analyst", "poet", "countess"],
  scores: [3, 1, 4, 1, 5, 9],
  age: 36,
} as const;
const utf8 = new TextEncoder();
const [nameAt, tagsAt, scoresAt, textAt] = [16, 64, 128, 256];

function storePerson({ c }: Turn, home: Home): void {
  const memory = c.edit.edit("memory", home.memory);
  writeBytes(memory, nameAt, utf8.encode(ada.name));
  for (const [i, score] of ada.scores.entries()) writeInt(memory, score, scoresAt + 4 * i, 4);
  for (const [i, tag] of ada.tags.entries()) {
    const at = textAt + 32 * i;
    writeBytes(memory, at, utf8.encode(tag));
    writeInt(memory, at, tagsAt + 8 * i, 4);
    writeInt(memory, tag.length, tagsAt + 8 * i + 4, 4);
  }
}

/** Lengths of all texts, the scores, the age, and the last byte of the last tag. */
function digestPerson(turn: Turn, home: Home): number {
  const [, nameLength = 0, tagsPtr = 0, tagCount = 0, scoresPtr = 0, scoreCount = 0, age = 0] =
    turn.r;
  let sum = nameLength + age;
  for (let i = 0; i < tagCount; i++) sum += peek(turn.c, home, tagsPtr + 8 * i + 4);
  for (let i = 0; i < scoreCount; i++) sum += peek(turn.c, home, scoresPtr + 4 * i);
  const last = tagsPtr + 8 * (tagCount - 1);
  const end = peek(turn.c, home, last) + peek(turn.c, home, last + 4) - 1;
  return sum + (peek(turn.c, home, end) & 255);
}

const personPassing: Passing = {
  t: person,
  args: [nameAt, 24, tagsAt, ada.tags.length, scoresAt, ada.scores.length, ada.age],
  expected: 24 + (7 + 4 + 8) + (3 + 1 + 4 + 1 + 5 + 9) + ada.age + "s".charCodeAt(0),
  store: storePerson,
  digest: digestPerson,
};

const blob = 65536;

const blobPassing: Passing = {
  t: listOf({ tag: "u8" }),
  args: [131072, blob],
  expected: blob + 7,
  store({ c }, { memory }) {
    writeBytes(c.edit.edit("memory", memory), 131072, new Uint8Array(blob).fill(7));
  },
  digest: (turn, home) =>
    (turn.r[1] ?? 0) + (peek(turn.c, home, (turn.r[0] ?? 0) + blob - 4) >>> 24),
};

function calling({ t, args, expected, store, digest }: Passing, n: number): System {
  const b = building();
  const to = b.home("C", memoryBytes);
  const callee: Body = [
    (turn) => {
      setVariable(turn.c, to, "used", 0);
      return giveBack(digest(turn, to));
    },
  ];
  const func = b.lift("C.f", to, callee, takes(t), { realloc: b.core(to, allocator(to)) });
  const home = b.home("D", memoryBytes);
  const next = (i: number): ReturnType<typeof call> =>
    i < n ? call({ tag: "lower", func, opts: home.opts }, args, 1, [i]) : giveBack(i);
  const body: Body = [
    (turn) => {
      store(turn, home);
      return next(0);
    },
    ({ r, got }) => {
      demand(got[0] === expected, `the callee sees the value (${got[0]})`);
      return next((r[0] ?? 0) + 1);
    },
  ];
  return b.system(b.lift("D.run", home, body, rootType));
}

function passed(
  name: string,
  passing: Passing,
  n: number,
  referenceN: number,
  bytes: number | null,
): Rate {
  const prepare = (times: number): (() => void) => {
    const system = calling(passing, times);
    return () => {
      finish(system, times);
    };
  };
  const unit = "values/s";
  return { tag: "rate", name, unit, n, referenceN, bytes, target: null, prepare };
}

export const valueRates: readonly Rate[] = [
  passed("value-record", personPassing, 2000, 500, null),
  passed("value-list-u8-64k", blobPassing, 200, 2, blob),
];
