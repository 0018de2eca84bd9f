// The official WASI test suite: Rust components of wasm32-wasip3, run as they are. Skipped without CANON_WASI_TESTSUITE.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { profiles } from "../../src/model/profiles.ts";
import { componentScenario } from "../../src/scenario/binary.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { outcomeOf, showEnd } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import type { FolderEntry, Given } from "../../src/wasi/given.ts";

/** A checkout of the branch prod/testsuite-all of WebAssembly/wasi-testsuite. */
const checkout = process.env.CANON_WASI_TESTSUITE;

const folder = join(checkout ?? "", "tests/rust/testsuite/wasm32-wasip3");

/** What a test says about how it is run. */
interface Manifest {
  readonly dirs?: readonly string[];
  readonly operations?: readonly {
    readonly type: string;
    readonly env?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
    readonly payload?: string;
    readonly exit_code?: number;
  }[];
}

/** Tests that end otherwise than they ask for: how, and why that is right or what is not offered. */
const otherwise: Readonly<Record<string, { readonly end: RegExp; readonly why: string }>> = {
  "sockets-tcp-connect": {
    end: /^traps guest.unreachable$/,
    why: "whether a bound socket stands in the way is open (bind-conflict); the suite changed it in its #242",
  },
  "sockets-udp-send": {
    end: /^traps guest.unreachable$/,
    why: "port 0 is invalid-argument in WASI 0.3.0, address-not-bindable in this test; changed in its #243",
  },
  "sockets-echo": { end: /^stuck run$/, why: "the peer is outside, and the world has none" },
  "http-fields": { end: /^traps host.unknown-import$/, why: "wasi:http is not offered" },
  "http-request": { end: /^traps host.unknown-import$/, why: "wasi:http is not offered" },
  "http-response": { end: /^traps host.unknown-import$/, why: "wasi:http is not offered" },
  "http-service": { end: /^traps guest.unreachable$/, why: "a service: its run is a stub" },
};

function manifestOf(name: string): Manifest {
  try {
    return JSON.parse(readFileSync(join(folder, `${name}.json`), "utf8")) as Manifest;
  } catch {
    return {};
  }
}

function entriesOf(dir: string): readonly FolderEntry[] {
  return readdirSync(join(folder, dir)).map((path) => {
    return { tag: "file", path, data: readFileSync(join(folder, dir, path)) };
  });
}

function givenFor(name: string, { dirs = [], operations = [] }: Manifest): Given {
  const started = operations.find(({ type }) => type === "run");
  const written = operations.find(({ type }) => type === "write");
  return {
    args: [`${name}.wasm`, ...(started?.args ?? [])],
    env: Object.entries(started?.env ?? {}),
    stdin: written?.payload === undefined ? null : new TextEncoder().encode(written.payload),
    folders: dirs.map((dir) => ({ name: dir, entries: entriesOf(dir) })),
  };
}

/** How the default run ends, in one line: the log's part that tells an exit code, and the end. */
function endOf(name: string, manifest: Manifest): string {
  const bytes = readFileSync(join(folder, `${name}.wasm`));
  const given = givenFor(name, manifest);
  const scenario = componentScenario(bytes, { invoke: [], unknownImports: "trap", given });
  const selection = select("d1daf829", [], []);
  const system = systemOf(scenario, selection, profiles.full);
  const { store } = run(system, defaultPolicy, { bound: Number.POSITIVE_INFINITY });
  const { log, end } = outcomeOf(store);
  const said = log.filter((line) => /^(?:run = |exit )/.test(line));
  return [...said, showEnd(end)].filter((part) => part !== "").join(" ");
}

/** What a test's exit code looks like here. */
const failing = ["run = err", "exit error traps host.exited"];

const names =
  checkout === undefined
    ? []
    : readdirSync(folder).flatMap((file) => {
        return file.endsWith(".wasm") ? [file.slice(0, -".wasm".length)] : [];
      });

describe.skipIf(checkout === undefined)(
  "WASI's test suite (skipped without CANON_WASI_TESTSUITE)",
  () => {
    it("has the tests that end otherwise", () => {
      expect(Object.keys(otherwise).filter((name) => !names.includes(name))).toEqual([]);
    });

    it.each(names)("%s", { timeout: 60_000 }, (name) => {
      const manifest = manifestOf(name);
      const end = endOf(name, manifest);
      const known = otherwise[name];
      if (known !== undefined) expect(end, known.why).toMatch(known.end);
      else if (manifest.operations?.some((one) => one.exit_code === 1))
        expect(failing).toContain(end);
      else expect(end).toBe("run = ok");
    });
  },
);
