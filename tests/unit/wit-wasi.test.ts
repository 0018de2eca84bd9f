// The interfaces of WASI 0.3 as they are published; CANON_WASI names a checkout of WebAssembly/WASI.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { ResourceTypeId } from "../../src/model/ids.ts";
import type { WitFile } from "../../src/wit/ast.ts";
import { externName } from "../../src/wit/names.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { printWit } from "../../src/wit/print.ts";
import { interfaces, resolve } from "../../src/wit/resolve.ts";
import { sameWit } from "../../src/wit/strip.ts";
import { funcType } from "../../src/wit/val-types.ts";

const checkout = process.env.CANON_WASI;
const proposals = ["cli", "clocks", "filesystem", "http", "random", "sockets"];

/** Every .wit file of the proposals, without copies of each other that they may have in `deps`. */
function files(root: string): readonly WitFile[] {
  return proposals.flatMap((proposal) => {
    const folder = join(root, "proposals", proposal, "wit");
    const names = readdirSync(folder).filter((name) => name.endsWith(".wit"));
    return names.sort().map((name) => {
      const file = join(folder, name);
      return parseWit(readFileSync(file, "utf8"), file);
    });
  });
}

test.skipIf(checkout === undefined)("each file means the same when printed", () => {
  const parsed = files(checkout ?? "");
  expect(parsed.length).toBeGreaterThanOrEqual(24);
  for (const file of parsed) {
    const text = printWit(file);
    const again = parseWit(text, file.file);
    expect(sameWit(file, again), file.file).toBe(true);
    expect(printWit(again)).toBe(text);
  }
});

test.skipIf(checkout === undefined)("the interfaces of 0.3.0 resolve", () => {
  const found = interfaces(files(checkout ?? ""));
  const resources = (id: string): readonly string[] | undefined => found.get(id)?.resources;
  expect(resources("wasi:filesystem/types@0.3.0")).toEqual(["descriptor"]);
  expect(resources("wasi:sockets/types@0.3.0")).toEqual(["tcp-socket", "udp-socket"]);
  expect(resources("wasi:cli/terminal-input@0.3.0")).toEqual(["terminal-input"]);
  expect(resources("wasi:clocks/monotonic-clock@0.3.0")).toEqual([]);
});

test.skipIf(checkout === undefined)("reading a file gives a stream and a future", () => {
  const types = interfaces(files(checkout ?? "")).get("wasi:filesystem/types@0.3.0");
  const read = types?.funcs.find((f) => externName(f) === "[method]descriptor.read-via-stream");
  const code = types?.types.get("error-code");
  const type = read === undefined ? null : funcType(read, () => 1 as ResourceTypeId);
  expect(type).toEqual({
    params: [
      { name: "self", t: { tag: "borrow", rt: 1 } },
      { name: "offset", t: { tag: "u64" } },
    ],
    result: {
      tag: "tuple",
      ts: [
        { tag: "stream", t: { tag: "u8" } },
        {
          tag: "future",
          t: { tag: "result", ok: null, error: code?.tag === "value" ? code.t : null },
        },
      ],
    },
    async: false,
  });
});

test.skipIf(checkout === undefined)(
  "the command world imports every interface of its parts",
  () => {
    const command = resolve(files(checkout ?? ""))
      .packages.get("wasi:cli@0.3.0")
      ?.worlds.get("command");
    const imported = command?.imports.map((extern) => extern.name);
    expect(command?.exports.map((extern) => extern.name)).toEqual(["wasi:cli/run@0.3.0"]);
    expect(imported).toContain("wasi:filesystem/preopens@0.3.0");
    expect(imported).toContain("wasi:sockets/ip-name-lookup@0.3.0");
    // a gate keeps it out: `@unstable(feature = clocks-timezone)`
    expect(imported).not.toContain("wasi:clocks/timezone@0.3.0");
  },
);
