// The functions of wasi:filesystem on a small disk: what each gives, and every way in which each fails.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stringValue } from "../../src/canon/values/strings.ts";
import type { FlagsValue, Value } from "../../src/model/values.ts";
import type { Settings } from "../../src/wasi/choice-points.ts";
import { largestFile } from "../../src/wasi/files/content.ts";
import { fileFunctions } from "../../src/wasi/files/functions.ts";
import { fileOperations } from "../../src/wasi/files/operations.ts";
import {
  addDirectory,
  addFile,
  addHardLink,
  addPreopen,
  addSymlink,
  newWorld,
} from "../../src/wasi/first-world.ts";
import type { Host, Next } from "../../src/wasi/host.ts";
import { wasiInterfaces } from "../../src/wasi/interfaces.ts";
import type { Consumer, Producer } from "../../src/wasi/operation.ts";
import type { Operation, OperationKind, World } from "../../src/wasi/world.ts";
import { externName } from "../../src/wit/names.ts";

const types = "wasi:filesystem/types";

/** A host without a machine beneath: functions that answer within a step need none. */
const hostOf = (world: World): Host => ({ world, instance: 0 as never, c: null as never });

const flags = (...labels: readonly string[]): FlagsValue => ({ tag: "flags", labels });
const follow = flags("symlink-follow");
const none = flags();

function answer(next: Next): Value {
  if (next.do !== "return") throw new Error(`the step goes on: ${next.do}`);
  return next.values[0] ?? "nothing";
}

/** Calls a function that answers at once: `descriptor.stat`. */
function call(world: World, name: string, ...args: readonly Value[]): Value {
  const body = fileFunctions[`${types}.${name}`] ?? fileFunctions[name];
  const step = body?.begin ?? body?.start;
  const state = { at: "begin", args, options: ["now"] };
  const next = step?.run(hostOf(world), state, { pick: 0, ret: null });
  if (next === undefined) throw new Error(`there is no ${name}`);
  return answer(next);
}

/** The code of an error; `ok` and what it carries. */
function said(result: Value): unknown {
  if (typeof result !== "object" || !("tag" in result) || result.tag !== "case") return result;
  const { label, value } = result;
  if (label === "ok") return value ?? "ok";
  return typeof value === "object" && value !== null && "label" in value ? value.label : label;
}

/** What is in `ok(record)`. */
function fieldsOf(result: Value): Readonly<Record<string, Value>> {
  const value = said(result);
  if (typeof value !== "object" || value === null || !("fields" in value)) {
    throw new Error(`${String(value)} is no record`);
  }
  return value.fields as Readonly<Record<string, Value>>;
}

/**
 * A disk: a (7 bytes) = d/a2, d/e/f, empty directory g, links: s to a, sd to d, up to "..", abs to
 * "/a", dangling to "gone", loop to itself; "ro" is a preopened directory that is read-only.
 */
function disk(settings: Settings = {}): {
  readonly world: World;
  readonly root: Value;
  readonly ro: Value;
} {
  const world = newWorld(settings);
  addFile(world, "a", Uint8Array.from([1, 2, 3, 4, 5, 6, 7]));
  addDirectory(world, "d");
  addDirectory(world, "d/e");
  addFile(world, "d/e/f", new Uint8Array());
  addHardLink(world, "d/a2", "a");
  addDirectory(world, "g");
  addSymlink(world, "s", "a");
  addSymlink(world, "sd", "d");
  addSymlink(world, "up", "..");
  addSymlink(world, "abs", "/a");
  addSymlink(world, "dangling", "gone");
  addSymlink(world, "loop", "loop");
  addPreopen(world, "/", "", false);
  addPreopen(world, "/ro", "d", true);
  const dirs = call(world, "wasi:filesystem/preopens.get-directories");
  const [[root = 0] = [], [ro = 0] = []] = dirs as readonly (readonly Value[])[];
  return { world, root, ro };
}

/** Opens a file; throws if that fails. */
function open(world: World, base: Value, path: string, how: FlagsValue, more = none): Value {
  const handle = said(call(world, "descriptor.open-at", base, none, path, more, how));
  if (typeof handle === "string") throw new Error(`${path}: ${handle}`);
  return handle as Value;
}

/** What the tables below expect. */
const seen = new Set<string>();

/** Rows of a table: a name and its outcome. */
function table(rows: Readonly<Record<string, string>>, run: (row: string) => Value): void {
  for (const expected of Object.values(rows)) seen.add(expected);
  test.each(Object.entries(rows))("%s: %s", (row, expected) => {
    expect(said(run(row))).toBe(expected);
  });
}

describe("the table of functions", () => {
  test("has each function of the WIT under every variant, and no other", () => {
    const keys = new Set(["wasi:filesystem/preopens.get-directories", `${types}.descriptor.drop`]);
    for (const variant of ["V2", "V5"]) {
      const funcs = wasiInterfaces(variant).get("wasi:filesystem/types@0.3.0")?.funcs ?? [];
      for (const f of funcs) keys.add(`${types}.${externName(f).replace(/^\[.*\]/, "")}`);
    }
    expect(Object.keys(fileFunctions).sort()).toEqual([...keys].sort());
  });
});

describe("a path", () => {
  const code = (path: string, how: FlagsValue): Value => {
    const { world, root } = disk();
    const result = call(world, "descriptor.stat-at", root, how, path);
    return typeof said(result) === "string" ? result : stringValue("found").s;
  };
  describe("resolves beneath its base, where links are followed", () => {
    table(
      {
        a: "found",
        "./d//e/../a2": "found",
        "d/": "found",
        "d/e/..": "found",
        "sd/e/f": "found",
        s: "found",
        "": "no-entry",
        nothing: "no-entry",
        "nothing/a": "no-entry",
        "a/b": "not-directory",
        "a/": "not-directory",
        "s/": "not-directory",
        "a/..": "not-directory",
        "..": "not-permitted",
        "d/../..": "not-permitted",
        "../d/a2": "not-permitted",
        "/a": "not-permitted",
        up: "not-permitted",
        "up/d": "not-permitted",
        "d/../up": "not-permitted",
        abs: "not-permitted",
        dangling: "no-entry",
        loop: "loop",
        "loop/a": "loop",
        "a\0b": "invalid",
        ["n".repeat(255)]: "no-entry",
        ["n".repeat(256)]: "name-too-long",
        ["é".repeat(128)]: "name-too-long",
        constructor: "no-entry",
        __proto__x: "no-entry",
      },
      (path) => code(path, follow),
    );
  });
  describe("shows its last link, where links are not followed", () => {
    table(
      {
        s: "found",
        loop: "found",
        abs: "found",
        up: "found",
        "sd/a2": "found",
        "sd/": "found",
        "up/d": "not-permitted",
      },
      (path) => code(path, none),
    );
  });
  test("follows forty links and no more", () => {
    const { world, root } = disk();
    addSymlink(world, "l1", "a");
    for (let i = 2; i <= 41; i += 1) addSymlink(world, `l${i}`, `l${i - 1}`);
    const size = (path: string): Value => call(world, "descriptor.stat-at", root, follow, path);
    expect(fieldsOf(size("l40")).size).toBe(7n);
    expect(said(size("l41"))).toBe("loop");
  });
  test("cannot leave a directory by its parent", () => {
    const { world, root } = disk();
    const d = open(world, root, "d", flags("read"), flags("directory"));
    expect(said(call(world, "descriptor.stat-at", d, none, "../a"))).toBe("not-permitted");
    expect(said(call(world, "descriptor.stat-at", d, none, "e/../a2"))).not.toBe("not-permitted");
  });
  test("starts at a directory", () => {
    const { world, root } = disk();
    const a = open(world, root, "a", flags("read"));
    expect(said(call(world, "descriptor.stat-at", a, none, "b"))).toBe("not-directory");
    expect(said(call(world, "descriptor.open-at", a, none, "b", none, none))).toBe("not-directory");
  });
});

/** `open-at` of "path: path-flags: open-flags: flags". */
function opening(row: string, of: "root" | "ro" = "root", settings: Settings = {}): Value {
  const { world, ...bases } = disk(settings);
  const [path = "", ...rest] = row.split(": ");
  const [p = none, o = none, f = none] = rest.map((labels) =>
    flags(...labels.split(" ").filter((label) => label !== "")),
  );
  const result = call(world, "descriptor.open-at", bases[of], p, path, o, f);
  return typeof said(result) === "string" ? result : "opened";
}

describe("open-at", () => {
  describe("of a base that may be changed", () => {
    table(
      {
        "a: : : read": "opened",
        "a: : : write": "opened",
        "a: : truncate: ": "opened",
        "a: : exclusive: ": "opened",
        "new: : create exclusive: write": "opened",
        "d/e: : directory: read mutate-directory": "opened",
        "new: : : read": "no-entry",
        "a: : create exclusive: write": "exist",
        "s: symlink-follow: create exclusive: write": "exist",
        "dangling: symlink-follow: create exclusive: write": "exist",
        "s: : : read": "loop",
        "s: symlink-follow: : read": "opened",
        "dangling: symlink-follow: create: write": "opened",
        "a: : directory: read": "not-directory",
        "d: : directory create: read": "invalid",
        "d: : directory exclusive: read": "invalid",
        "d: : directory truncate: read": "invalid",
        "d: : create: read": "is-directory",
        "d: : truncate: ": "is-directory",
        "d: : : write": "is-directory",
        "new/: : create: write": "is-directory",
        "a/: : : read": "not-directory",
        "../x: : create: write": "not-permitted",
      },
      (row) => opening(row),
    );
  });
  describe("of a base that is read-only", () => {
    table(
      {
        "a2: : : read": "opened",
        "a2: : : write": "read-only",
        "a2: : truncate: ": "read-only",
        "new: : create: ": "read-only",
        "e: : directory: mutate-directory": "read-only",
      },
      (row) => opening(row, "ro"),
    );
  });
  test("says not-permitted instead where the host does", () => {
    expect(said(opening("a2: : : write", "ro", { "read-only-error": "not-permitted" }))).toBe(
      "not-permitted",
    );
  });
  test("of a directory to write to it may be granted", () => {
    expect(opening("d: : : write", "root", { errors: "second" })).toBe("opened");
  });
  test("cuts off a file for everybody, if it is told to", () => {
    const { world, root } = disk();
    const before = open(world, root, "a", flags("read"));
    open(world, root, "d/a2", flags("write"), flags("truncate"));
    expect(fieldsOf(call(world, "descriptor.stat", before)).size).toBe(0n);
  });
  test("creates what a dangling link names, beside the link", () => {
    const { world, root } = disk();
    call(world, "descriptor.open-at", root, follow, "dangling", flags("create"), flags("write"));
    expect(fieldsOf(call(world, "descriptor.stat-at", root, none, "gone")).size).toBe(0n);
  });
  test("gives flags that follow from what was asked", () => {
    const { world, root } = disk();
    const got = (path: string, how: FlagsValue, more = none): unknown =>
      said(call(world, "descriptor.get-flags", open(world, root, path, how, more)));
    expect(got("a", none)).toEqual(flags("read"));
    expect(got("a", flags("write"))).toEqual(flags("write"));
    expect(got("new", none, flags("create"))).toEqual(flags("read", "write"));
    expect(got("a", flags("mutate-directory"))).toEqual(flags("read"));
    expect(got("d", flags("mutate-directory"))).toEqual(flags("read", "mutate-directory"));
    expect(got("a", flags("write", "data-integrity-sync"))).toEqual(
      flags("write", "data-integrity-sync"),
    );
  });
  test("of a base without mutate-directory gives nothing that changes anything", () => {
    const { world, root } = disk();
    const d = open(world, root, "d", flags("read"), flags("directory"));
    const f = open(world, d, "e/f", flags("read"));
    const now = { tag: "case", label: "now", value: null } as const;
    expect(said(call(world, "descriptor.set-times", f, now, now))).toBe("read-only");
    expect(said(call(world, "descriptor.set-size", f, 0n))).toBe("read-only");
    expect(said(call(world, "descriptor.create-directory-at", d, "x"))).toBe("read-only");
    expect(said(call(world, "descriptor.open-at", d, none, "e/f", none, flags("write")))).toBe(
      "read-only",
    );
  });
});

describe("making and removing names", () => {
  const at =
    (name: string, settings: Settings = {}) =>
    (row: string): Value => {
      const { world, root } = disk(settings);
      return call(world, `descriptor.${name}`, root, row);
    };
  describe("create-directory-at", () => {
    table(
      {
        n: "ok",
        "n/": "ok",
        "d/e/n": "ok",
        a: "exist",
        d: "exist",
        ".": "exist",
        dangling: "exist",
        "x/y": "no-entry",
        "a/y": "not-directory",
        "../n": "not-permitted",
      },
      at("create-directory-at"),
    );
  });
  describe("unlink-file-at", () => {
    table(
      {
        a: "ok",
        s: "ok",
        loop: "ok",
        x: "no-entry",
        d: "not-permitted",
        ".": "not-permitted",
        "a/": "not-directory",
      },
      at("unlink-file-at"),
    );
    table({ d: "is-directory" }, at("unlink-file-at", { errors: "second" }));
    table({ "d/": "access" }, at("unlink-file-at", { errors: "third" }));
  });
  describe("remove-directory-at", () => {
    table(
      {
        g: "ok",
        "g/": "ok",
        d: "not-empty",
        a: "not-directory",
        sd: "not-directory",
        ".": "invalid",
        "d/..": "invalid",
        x: "no-entry",
      },
      at("remove-directory-at"),
    );
    table({ ".": "access" }, at("remove-directory-at", { errors: "second" }));
  });
  describe("readlink-at", () => {
    table({ a: "invalid", x: "no-entry", abs: "not-permitted" }, at("readlink-at"));
    test("gives the text of a link", () => {
      const { world, root } = disk();
      expect(said(call(world, "descriptor.readlink-at", root, "up"))).toEqual(stringValue(".."));
    });
  });
  describe("symlink-at, of old and new", () => {
    table(
      {
        "anything/../.. n": "ok",
        "/a n": "not-permitted",
        " n": "no-entry",
        "a\0 n": "invalid",
        "a d": "exist",
        "a n/": "no-entry",
        "a x/n": "no-entry",
      },
      (row) => {
        const { world, root } = disk();
        const [old = "", path = ""] = row.split(" ");
        return call(world, "descriptor.symlink-at", root, old, path);
      },
    );
  });
  describe("link-at, of old and new", () => {
    const link =
      (how: FlagsValue, settings: Settings = {}) =>
      (row: string): Value => {
        const { world, root } = disk(settings);
        const [old = "", path = ""] = row.split(" ");
        return call(world, "descriptor.link-at", root, how, old, root, path);
      };
    table(
      {
        "a n": "ok",
        "s n": "ok",
        "x n": "no-entry",
        "a d": "exist",
        "a .": "exist",
        "d n": "not-permitted",
        "a n/": "no-entry",
        "a g/../../n": "not-permitted",
      },
      link(none),
    );
    table({ "d m": "access" }, link(none, { errors: "second" }));
    table({ "s m": "ok", "dangling m": "no-entry" }, link(follow));
    table({ "s k": "invalid" }, link(follow, { errors: "second" }));
  });
  describe("rename-at, of old and new", () => {
    const rename =
      (settings: Settings = {}) =>
      (row: string): Value => {
        const { world, root } = disk(settings);
        open(world, root, "d/e/f", flags("read"));
        const [old = "", path = ""] = row.split(" ");
        return call(world, "descriptor.rename-at", root, old, root, path);
      };
    table(
      {
        "a n": "ok",
        "a a": "ok",
        "a d/a2": "ok",
        "s a": "ok",
        "d n/": "ok",
        "d g": "ok",
        "a d/e/f": "ok",
        "x n": "no-entry",
        "a x/n": "no-entry",
        "a n/": "not-directory",
        "g d": "not-empty",
        "g a": "not-directory",
        "a g": "is-directory",
        "d d/e/n": "invalid",
        "d d/n": "invalid",
        "d/e d": "not-empty",
        ". n": "busy",
        "a .": "busy",
        "a ../n": "not-permitted",
      },
      rename(),
    );
    table({ ". n": "invalid" }, rename({ errors: "second" }));
    table({ ". n": "access" }, rename({ errors: "third" }));
    table({ "d/e/f n": "busy", "a d/e/f": "busy", "a n": "ok" }, rename({ unlink: "windows" }));
    table({ "d/e/f n": "access" }, rename({ unlink: "windows", errors: "second" }));
  });
  test("need a base that may be changed", () => {
    const { world, ro, root } = disk();
    const calls: readonly (readonly [string, ...Value[]])[] = [
      ["create-directory-at", ro, "n"],
      ["unlink-file-at", ro, "a2"],
      ["remove-directory-at", ro, "e"],
      ["symlink-at", ro, "x", "n"],
      ["rename-at", ro, "a2", root, "n"],
      ["rename-at", root, "a", ro, "n"],
      ["link-at", ro, none, "a2", root, "n"],
      ["link-at", root, none, "a", ro, "n"],
      ["set-times-at", ro, none, "a2", 0, 0],
      ["set-times", ro, 0, 0],
    ];
    const codes = calls.map(([name, ...args]) => said(call(world, `descriptor.${name}`, ...args)));
    expect(codes).toEqual(calls.map(() => "read-only"));
  });
  test("leave a removed directory empty for who has it open", () => {
    const { world, root } = disk();
    const g = open(world, root, "g", flags("read", "mutate-directory"), flags("directory"));
    call(world, "descriptor.remove-directory-at", root, "g");
    expect(said(call(world, "descriptor.create-directory-at", g, "n"))).toBe("no-entry");
    expect(said(call(world, "descriptor.rename-at", root, "a", g, "n"))).toBe("no-entry");
    expect(fieldsOf(call(world, "descriptor.stat", g))["link-count"]).toBe(0n);
  });
});

test.each([
  ["stat", []],
  ["rename-at", ["a", "ro", "n"]],
  ["link-at", [none, "a", "ro", "n"]],
  ["is-same-object", ["ro"]],
] as const)("a call of %s that takes its time holds every descriptor that it has", (name, args) => {
  const { world, root, ro } = disk();
  const given = [root, ...args.map((arg) => (arg === "ro" ? ro : arg))];
  const step = fileFunctions[`${types}.descriptor.${name}`]?.begin;
  const state = { at: "begin", args: given, options: ["later"] };
  step?.run(hostOf(world), state, { pick: 0, ret: null });
  const bases = world.preopens.map(({ file }) => file);
  const [running] = Object.values(world.calls);
  expect(running?.objects.map(({ id }) => id)).toEqual(name === "stat" ? bases.slice(0, 1) : bases);
});

describe("metadata", () => {
  const time = (label: string, value: Value | null = null): Value => ({
    tag: "case",
    label,
    value,
  });
  const instant = (seconds: bigint, nanoseconds: number): Value => ({
    tag: "record",
    fields: { seconds, nanoseconds },
  });
  test("counts the names of a file and measures the text of a link in bytes", () => {
    const { world, root } = disk();
    addSymlink(world, "é", "éé");
    const a = fieldsOf(call(world, "descriptor.stat-at", root, follow, "s"));
    expect([a["link-count"], a.size]).toEqual([2n, 7n]);
    expect(fieldsOf(call(world, "descriptor.stat-at", root, none, "é")).size).toBe(4n);
  });
  test("of times: what is set, the time that it is, or what was", () => {
    const { world, root } = disk();
    const a = open(world, root, "a", flags("read"));
    world.now = 1_500_000_000n;
    call(world, "descriptor.set-times", a, time("now"), time("timestamp", instant(-2n, 5)));
    world.now = 3_000_000_000n;
    call(
      world,
      "descriptor.set-times-at",
      root,
      none,
      "d/a2",
      time("no-change"),
      time("no-change"),
    );
    const some = (value: Value): Value => ({ tag: "case", label: "some", value });
    const stat = fieldsOf(call(world, "descriptor.stat", a));
    expect(stat["data-access-timestamp"]).toEqual(some(instant(1n, 500_000_000)));
    expect(stat["data-modification-timestamp"]).toEqual(some(instant(-2n, 5)));
    expect(stat["status-change-timestamp"]).toEqual(some(instant(3n, 0)));
  });
  test("of times refuses a second that has too many nanoseconds", () => {
    const { world, root } = disk();
    const bad = time("timestamp", instant(0n, 1_000_000_000));
    expect(said(call(world, "descriptor.set-times", root, bad, time("now")))).toBe("invalid");
  });
  test("hashes change with what they are about, and are one for all names of a file", () => {
    const { world, root } = disk();
    const hash = (path: string): Value =>
      call(world, "descriptor.metadata-hash-at", root, none, path);
    const a = open(world, root, "a", flags("read", "write"));
    const before = hash("a");
    expect(hash("d/a2")).toEqual(before);
    expect(call(world, "descriptor.metadata-hash", a)).toEqual(before);
    expect(hash("d/e/f")).not.toEqual(before);
    call(world, "descriptor.set-size", a, 8n);
    expect(hash("a")).not.toEqual(before);
  });
  describe("set-size, of size and flags", () => {
    const resize =
      (settings: Settings = {}, quota: number | null = null) =>
      (row: string): Value => {
        const { world, root } = disk(settings);
        world.quota = quota;
        const [size = "", how = ""] = row.split(" ");
        return call(world, "descriptor.set-size", open(world, root, "a", flags(how)), BigInt(size));
      };
    table(
      {
        "0 write": "ok",
        "7 write": "ok",
        [`${largestFile} write`]: "ok",
        [`${largestFile + 1} write`]: "invalid",
        "1 read": "bad-descriptor",
      },
      resize(),
    );
    table(
      { [`${largestFile + 2} write`]: "file-too-large", "2 read": "invalid" },
      resize({ errors: "second" }),
    );
    table({ "3 read": "access" }, resize({ errors: "third" }));
    table({ "10 write": "ok", "11 write": "quota", "1 write": "ok" }, resize({}, 10));
    table({ "11 write": "insufficient-space" }, resize({ errors: "second" }, 10));
  });
  test("advice is for files; sync is for all", () => {
    const { world, root } = disk();
    const normal: Value = { tag: "case", label: "normal", value: null };
    const a = open(world, root, "a", flags("read"));
    expect(said(call(world, "descriptor.advise", root, 0n, 1n, normal))).toBe("bad-descriptor");
    expect(said(call(world, "descriptor.advise", a, 0n, 1n, normal))).toBe("ok");
    expect(said(call(world, "descriptor.sync", root))).toBe("ok");
    expect(said(call(world, "descriptor.sync-data", a))).toBe("ok");
  });
});

/** An operation on a file of `disk()` that was opened so. */
function operation(
  world: World,
  {
    kind,
    path,
    how,
    cursor = 0n,
  }: { kind: OperationKind; path: string; how: string; cursor?: bigint },
): Operation {
  const root = call(world, "wasi:filesystem/preopens.get-directories");
  const [[base = 0] = []] = root as readonly (readonly Value[])[];
  const handle = open(world, base, path, flags(how));
  const target = world.handles[(handle as { readonly rep: number }).rep] ?? null;
  const stream = { tag: "end", waitable: 0 as never } as const;
  return {
    kind,
    target,
    stream,
    future: null,
    cursor,
    status: "active",
    error: null,
    ahead: [],
    listing: null,
  };
}

describe("an operation", () => {
  const writer = (kind: "fs-write" | "fs-append"): Consumer => fileOperations[kind] as Consumer;
  const reader = fileOperations["fs-read"] as Producer;
  const lastOffset = (1n << 63n) - 1n;
  test("of writing takes what fits under the largest size, then nothing", () => {
    const { world } = disk();
    const h = hostOf(world);
    const at = BigInt(largestFile - 3);
    const op = operation(world, { kind: "fs-write", path: "a", how: "write", cursor: at });
    expect(writer("fs-write").room(h, op, 8)).toEqual({ tag: "some", n: 3 });
    op.cursor = BigInt(largestFile);
    const large = { tag: "error", error: "file-too-large" };
    expect(writer("fs-write").room(h, op, 8)).toEqual(large);
    op.cursor = lastOffset;
    expect(writer("fs-write").room(h, op, 8)).toEqual(large);
    op.cursor = lastOffset + 1n;
    expect(writer("fs-write").room(h, op, 8)).toEqual({ tag: "error", error: "invalid" });
  });
  test("of writing counts the gap that it fills against the quota", () => {
    const { world } = disk();
    world.quota = 10;
    const h = hostOf(world);
    const room = (cursor: bigint): unknown =>
      writer("fs-write").room(
        h,
        operation(world, { kind: "fs-write", path: "a", how: "write", cursor }),
        8,
      );
    expect(room(0n)).toEqual({ tag: "some", n: 8 });
    expect(room(4n)).toEqual({ tag: "some", n: 6 });
    expect(room(9n)).toEqual({ tag: "some", n: 1 });
    expect(room(10n)).toEqual({ tag: "error", error: "quota" });
  });
  test("of writing over what is there needs no space", () => {
    const { world } = disk();
    world.quota = 0;
    const op = operation(world, { kind: "fs-write", path: "a", how: "write", cursor: 5n });
    expect(writer("fs-write").room(hostOf(world), op, 8)).toEqual({ tag: "some", n: 2 });
  });
  test("that buffers reports at its end that the space has gone", () => {
    const { world, root } = disk({ apply: "buffered" });
    world.quota = 9;
    const h = hostOf(world);
    const op = operation(world, { kind: "fs-append", path: "a", how: "write" });
    expect(writer("fs-append").put(h, op, [8, 9])).toBe(null);
    expect(writer("fs-append").room(h, op, 1)).toEqual({ tag: "error", error: "quota" });
    call(world, "descriptor.set-size", open(world, root, "d/e/f", flags("write")), 1n);
    expect(writer("fs-append").dropped(h, op)).toBe("quota");
    expect(fieldsOf(call(world, "descriptor.stat-at", root, none, "a")).size).toBe(8n);
  });
  test("of reading beyond the end has nothing; of reading at no offset it fails", () => {
    const { world } = disk();
    const h = hostOf(world);
    const supply = (cursor: bigint): unknown =>
      reader.supply(h, operation(world, { kind: "fs-read", path: "a", how: "read", cursor }), 1);
    expect(supply(6n)).toEqual({ tag: "some", n: 1 });
    expect(supply(7n)).toEqual({ tag: "end", error: null });
    expect(supply(lastOffset)).toEqual({ tag: "end", error: null });
    expect(supply(lastOffset + 1n)).toEqual({ tag: "end", error: "invalid" });
  });
  test("needs the right, whatever the host calls the lack of it", () => {
    const codes = ["first", "second", "third"].map((errors) => {
      const { world } = disk({ errors });
      const write = operation(world, { kind: "fs-write", path: "a", how: "read" });
      const read = operation(world, { kind: "fs-read", path: "a", how: "write" });
      const h = hostOf(world);
      return [writer("fs-write").room(h, write, 1), reader.supply(h, read, 1)];
    });
    const both = (error: string): unknown => [
      { tag: "error", error },
      { tag: "end", error },
    ];
    expect(codes).toEqual(["bad-descriptor", "access", "not-permitted"].map(both));
  });
});

test("the tables reach every code that a call may give; io and illegal-byte-sequence come from streams", () => {
  const own = [...seen].filter((code) => !["ok", "found", "opened"].includes(code)).sort();
  expect(own).toEqual(
    [
      ...["access", "bad-descriptor", "busy", "exist", "file-too-large", "insufficient-space"],
      ...["invalid", "is-directory", "loop", "name-too-long", "no-entry", "not-directory"],
      ...["not-empty", "not-permitted", "quota", "read-only"],
    ].sort(),
  );
});

describe("any sequence of calls", () => {
  const name = fc.constantFrom("a", "b", "d", "e", "s", ".", "..", "__proto__", "constructor", "");
  const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((names) => names.join("/"));
  const labels = fc
    .subarray(["create", "directory", "exclusive", "truncate"])
    .map((l) => flags(...l));
  const rights = fc.subarray(["read", "write", "mutate-directory"]).map((l) => flags(...l));
  const how = fc.constantFrom(none, follow);
  type Call = (base: Value) => readonly [string, ...Value[]];
  const calls: fc.Arbitrary<Call> = fc.oneof(
    fc.tuple(how, path, labels, rights).map(
      ([p, at, o, f]): Call =>
        (base) => ["open-at", base, p, at, o, f],
    ),
    fc
      .tuple(
        fc.constantFrom(
          "create-directory-at",
          "unlink-file-at",
          "remove-directory-at",
          "readlink-at",
        ),
        path,
      )
      .map(
        ([what, at]): Call =>
          (base) => [what, base, at],
      ),
    fc.tuple(path, path).map(
      ([old, at]): Call =>
        (base) => ["rename-at", base, old, base, at],
    ),
    fc.tuple(path, path).map(
      ([old, at]): Call =>
        (base) => ["symlink-at", base, old, at],
    ),
    fc.tuple(how, path, path).map(
      ([p, old, at]): Call =>
        (base) => ["link-at", base, p, old, base, at],
    ),
  );
  /** The names of each inode, as the directories have them. */
  const namesOf = ({ inodes, root }: World): ReadonlyMap<number, number> => {
    const names = new Map([[root, 1]]);
    for (const { entries } of Object.values(inodes)) {
      for (const id of Object.values(entries)) names.set(id, (names.get(id) ?? 0) + 1);
    }
    return names;
  };
  const reachable = ({ inodes, root }: World): ReadonlySet<number> => {
    const found = new Set<number>();
    const visit = (id: number): void => {
      if (found.has(id)) throw new Error("two ways to one directory, or a circle");
      if (inodes[id]?.type === "directory") found.add(id);
      for (const child of Object.values(inodes[id]?.entries ?? {})) visit(child);
    };
    visit(root);
    return found;
  };
  test("leaves a tree: each link counted, no directory lost or its own parent", () => {
    fc.assert(
      fc.property(fc.array(calls, { minLength: 1, maxLength: 12 }), (sequence) => {
        const world = newWorld({});
        addPreopen(world, "/", "", false);
        const dirs = call(world, "wasi:filesystem/preopens.get-directories");
        const [[root = 0] = []] = dirs as readonly (readonly Value[])[];
        for (const each of sequence) {
          const [what, ...args] = each(root);
          call(world, `descriptor.${what}`, ...args);
        }
        const names = namesOf(world);
        const held = new Set(Object.values(world.files).map(({ inode }) => inode));
        for (const [id, { links }] of Object.entries(world.inodes)) {
          expect(links, `links of ${id}`).toBe(names.get(Number(id)) ?? 0);
          expect(links > 0 || held.has(Number(id)), `${id} is held`).toBe(true);
        }
        const directories = Object.entries(world.inodes).filter(
          ([, { type, links }]) => type === "directory" && links > 0,
        );
        expect(directories.every(([id]) => reachable(world).has(Number(id)))).toBe(true);
      }),
      { seed: 870, numRuns: 2000 },
    );
  });
});
