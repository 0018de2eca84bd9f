// The commands on components: what runs, what is explored, and what they say of bytes and calls that are wrong.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { assembleFile } from "../../src/cli/assembler.ts";
import { cli } from "../unit/cli-harness.ts";

const folder = mkdtempSync(join(tmpdir(), "canon-async-"));

/** A file of the folder, as messages name it. */
const named = (name: string): string => relative(process.cwd(), join(folder, name));

const account = "docs/account.wat";

/** A component that traps, one call that waits for ever, and one that never comes back. */
const troubles = `
;; troubles
(component $Troubles
  (core func $new (canon waitable-set.new))
  (core module $Main
    (import "" "new" (func $new (result i32)))
    (func (export "trap") unreachable)
    (func (export "spin") (loop $again (br $again)))
    (func (export "wait") (result i32)
      (i32.or (i32.const 2 (; WAIT ;)) (i32.shl (call $new) (i32.const 4))))
    (func (export "on-event") (param i32 i32 i32) (result i32) unreachable))
  (core instance $main (instantiate $Main (with "" (instance (export "new" (func $new))))))
  (func (export "trap") (canon lift (core func $main "trap")))
  (func (export "spin") (canon lift (core func $main "spin")))
  (func (export "wait") async
    (canon lift (core func $main "wait") async (callback (func $main "on-event")))))`;

/** It imports what nobody has. */
const needy = `(component (import "a:b/c" (instance (export "f" (func)))))`;

beforeAll(async () => {
  const bytes = await assembleFile(account, readFileSync(account, "utf8"));
  writeFileSync(join(folder, "account.wasm"), bytes);
  writeFileSync(join(folder, "cut.wasm"), bytes.subarray(0, 200));
  writeFileSync(
    join(folder, "core.wasm"),
    await assembleFile("core", '(module (func (export "f")))'),
  );
  writeFileSync(join(folder, "troubles.wat"), troubles);
  writeFileSync(join(folder, "needy.wat"), needy);
  writeFileSync(join(folder, "wrong.wat"), "(component\n  (alias core export $x))");
});

const two = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];

describe("explore", () => {
  test("finds every outcome of two calls at once, also the lost update", async () => {
    const { code, out } = await cli(["explore", account, ...two, "--json"]);
    const [scenario] = JSON.parse(out).scenarios;
    expect(code).toBe(0);
    expect(scenario).toMatchObject({ file: account, invoke: ["deposit(100)", "deposit(20)"] });
    const texts = (i: number): string[] =>
      scenario.revisions[i].outcomes.map(({ text }: { readonly text: string }) => text).sort();
    // One after the other the second one sees the first: 100, 120 or 20, 120. When both have read the
    // balance before one writes it, each sees only itself. Who is resumed first logs first.
    expect(texts(0)).toEqual([
      "[deposit(100) = 100, deposit(20) = 120]",
      "[deposit(100) = 100, deposit(20) = 20]",
      "[deposit(100) = 120, deposit(20) = 20]",
      "[deposit(20) = 120, deposit(100) = 100]",
      "[deposit(20) = 20, deposit(100) = 100]",
      "[deposit(20) = 20, deposit(100) = 120]",
    ]);
    // None of it depends on what the amendments change.
    expect(texts(1)).toEqual(texts(0));
  });

  test("gives each outcome a command that shows it again", async () => {
    const { out } = await cli(["explore", account, ...two, "--revision", "d1daf829"]);
    const row = out
      .split("\n")
      .find((line) => line.includes("[deposit(100) = 100, deposit(20) = 20]"));
    const schedule = row?.split(/ {2,}/).at(-1) ?? "";
    const again = await cli(["replay", account, ...two, "--schedule", schedule]);
    expect(again.code).toBe(0);
    expect(again.out).toContain("outcome [deposit(100) = 100, deposit(20) = 20]\n");
    const command = `canon-async replay ${account} --invoke 'deposit(100)' --invoke 'deposit(20)' --schedule '${schedule}'`;
    expect(again.out).toContain(command);
  });

  test("says why a call does not return", async () => {
    const { code, out } = await cli([
      "explore",
      join(folder, "troubles.wat"),
      "--invoke",
      "wait()",
    ]);
    expect(code).toBe(0);
    expect(out).toContain("[] stuck wait");
    expect(out).toContain("wait waits for Troubles.wait to resolve\n");
    expect(out).toContain("waits for an event in Troubles/set1; it has no members\n");
  });

  test("searches with several threads, and goes on from parts", async () => {
    const alone = await cli(["explore", account, ...two]);
    expect((await cli(["explore", account, ...two, "--workers", "2"])).out).toBe(alone.out);
    const parts = [1, 2].map((i) => join(folder, `part${i}.json`));
    for (const [i, output] of parts.entries()) {
      const shard = ["--shard", `${i + 1}/2`, "--output", output];
      expect((await cli(["explore", account, ...two, ...shard])).code).toBe(0);
    }
    expect((await cli(["merge", ...parts])).out).toBe(alone.out);
  });
});

const hello = "tests/components/hello.wat";

describe("a program of WASI", () => {
  test("is run without a word, and what it prints is part of the outcome", async () => {
    const { code, out } = await cli(["run", hello]);
    expect(code).toBe(0);
    expect(out).toContain('outcome [run = ok, stdout "hello\\n"]\n');
    expect(out).toContain(`canon-async replay ${hello} --schedule default\n`);
  });

  test("prints the same however much the host takes at a time, and has choice points", async () => {
    const { out } = await cli(["explore", hello, "--json", "--with", "order=stream-first"]);
    const [{ title, revisions }] = JSON.parse(out).scenarios;
    expect(title).toBe("run()");
    for (const { revision, outcomes } of revisions) {
      expect(revision).toMatch(/ with order stream-first$/);
      expect(outcomes.map(({ text }: { readonly text: string }) => text)).toEqual([
        '[run = ok, stdout "hello\\n"]',
      ]);
    }
  });

  test("is refused where a variant of the host does not have what it imports", async () => {
    const { code, err } = await cli(["explore", hello, "--with", "variant=V3"]);
    expect(code).toBe(2);
    expect(err).toContain("wasi:cli/stdout@0.3.0");
  });

  test("says why an object of the host is open", async () => {
    const { out } = await cli(["run", hello, "--why-alive", "/"]);
    expect(out).toContain("file / is open because ");
  });
});

/** Its thread.yield has an immediate that CM#716 took away. */
const old = `(component
  (core func $yield (canon thread.yield cancellable))
  (core module $Main
    (import "" "yield" (func $yield (result i32)))
    (func (export "f") (result i32) (call $yield)))
  (core instance $main (instantiate $Main (with "" (instance (export "yield" (func $yield))))))
  (func (export "f") async (result u32) (canon lift (core func $main "f"))))`;

describe("a component that is valid at one revision only", () => {
  test("is run and explored there, and refused where it is asked for elsewhere", async () => {
    const file = join(folder, "old.wat");
    writeFileSync(file, old);
    const { code, out } = await cli(["explore", file, "--invoke", "f()"]);
    expect(code).toBe(0);
    expect(out).toContain("  6d28164: 1 outcome ");
    expect(out).not.toContain("d1daf829");
    expect((await cli(["run", file, "--invoke", "f()"])).out).toContain("--revision 6d28164");
    const newest = await cli(["explore", file, "--invoke", "f()", "--revision", "d1daf829"]);
    expect([newest.code, newest.out]).toEqual([2, ""]);
    expect(newest.err).toContain("`thread.yield` has no `cancellable` immediate any more");
  });
});

describe("other commands", () => {
  test("run makes one run of a binary and shows its result", async () => {
    const file = join(folder, "account.wasm");
    const { code, out } = await cli(["run", file, "--invoke", "deposit(7)"]);
    expect(code).toBe(0);
    expect(out).toContain("deposit(7)  ");
    expect(out).toContain("\n  log deposit = 7\n");
  });

  test("a trap is an outcome with its code", async () => {
    const { code, out } = await cli(["run", join(folder, "troubles.wat"), "--invoke", "trap()"]);
    expect(code).toBe(0);
    expect(out).toContain("outcome [] traps guest.unreachable\n");
  });

  test("fuel bounds a call that does not come back, and then nothing is certain", async () => {
    const file = join(folder, "troubles.wat");
    const { code, out } = await cli(["run", file, "--invoke", "spin()", "--fuel", "1000"]);
    expect(code).toBe(3);
    expect(out).toContain("limit 1000 core instructions without a call out");
    expect(out).toContain("--fuel 1000 --schedule default");
  });

  test("trace names components, functions and built-ins", async () => {
    const { out } = await cli(["trace", account, "--invoke", "deposit(7)"]);
    const rows = out.split("\n").map((line) => line.trim().split(/ {2,}/).slice(1).join(" | "));
    expect(rows).toEqual(
      expect.arrayContaining([
        "deposit | host.call | Account.deposit(7)",
        "Account.deposit | context.set | slot=0 value=7",
        "Account.deposit | wait-until | waits for the exclusive lock of Account, which is free",
        "Account.deposit | context.get | slot=0 = 7",
        "Account.deposit | task.return | 7",
        "Account.deposit | task.resolve | Account.deposit returns 7",
      ]),
    );
  });

  test("simulate, minimize and diff take components too", async () => {
    const sampled = await cli(["simulate", account, ...two, "--runs", "200"]);
    expect(sampled.code).toBe(3);
    expect(sampled.out).toContain("200 runs (portfolio, seed 1): 6 outcomes");
    const target = ["--target", "[deposit(100) = 100, deposit(20) = 20]"];
    const schedule = ["--schedule", "resume deposit(20)#1; go-on Account.deposit#2#1"];
    const made = await cli(["minimize", account, ...two, ...schedule, ...target]);
    expect(made.out).toContain("1 deviation instead of 2");
    const moves = await cli(["diff", account, ...two, "--from", "6d28164", "--to", "d1daf829"]);
    expect(moves.out).toBe("from 6d28164 to d1daf829: 1 scenario; none moves\n");
  });
});

test("diff names the amendment that moves an outcome of a component", async () => {
  const idle = "tests/components/idle.wat";
  const range = ["--from", "6d28164", "--to", "d1daf829"];
  const { out } = await cli(["diff", idle, "--invoke", "event()", ...range]);
  // The writer is idle when its reader leaves: since CM#720 that is an event for it.
  expect(out).toContain("  by CM#720: An idle end learns that its peer dropped.\n");
  expect(out).toContain("    - [event = nothing]  default\n");
  expect(out).toContain("    + [event = stream-write]  default\n");
});

describe("errors", () => {
  const said = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await cli(argv);
    expect([code, out]).toEqual([2, ""]);
    return err;
  };

  test("without a call, what could be called is listed as WIT has it", async () => {
    expect(await said("run", account)).toBe(
      `${account}: there is no wasi:cli/run to call; say --invoke 'CALL' of\n` +
        "  deposit: async func(amount: u32) -> u32\n",
    );
  });

  test("a call that is wrong is shown with the place", async () => {
    expect(await said("explore", account, "--invoke", "deposit(-1)")).toBe(
      `${account} --invoke:1:9: -1 is no u32: 0 to 4294967295\n` +
        "1 | deposit(-1)\n" +
        "  |         ^\n",
    );
    expect(await said("explore", account, "--invoke", "deposti(1)")).toContain(
      "hint: did you mean `deposit`?\n",
    );
  });

  test("bytes that are none of a component are refused with kind and offset", async () => {
    const cut = await said("run", join(folder, "cut.wasm"), "--invoke", "f()");
    expect(cut).toMatch(/cut\.wasm: malformed at byte \d+ \(0x[0-9a-f]+\): /);
    expect(await said("run", join(folder, "core.wasm"), "--invoke", "f()")).toBe(
      `${named("core.wasm")}: malformed at byte 4 (0x4): this is a core module, not a component\n`,
    );
  });

  test("a file whose name says that it is a component is read as one", async () => {
    writeFileSync(join(folder, "zeros.wasm"), new Uint8Array(8));
    writeFileSync(join(folder, "core.wat"), "(module)");
    // "magic header not detected" is what the core suite's binary.wast has for it
    expect(await said("explore", join(folder, "zeros.wasm"))).toBe(
      `${named("zeros.wasm")}: malformed at byte 0 (0x0): magic header not detected\n`,
    );
    expect(await said("explore", join(folder, "core.wat"))).toBe(
      `${named("core.wat")}: malformed: this is a core module, not a component\n`,
    );
    writeFileSync(join(folder, "empty.wat"), "");
    expect(await said("explore", join(folder, "empty.wat"))).toMatch(/empty\.wat:1:1: /);
  });

  test("an import that nobody satisfies is named with its type", async () => {
    const text = await said("run", join(folder, "needy.wat"), "--invoke", "f()");
    expect(text).toContain(
      'unlinkable: nothing is given for the import "a:b/c", an instance with f',
    );
  });

  test("text that does not assemble is refused with line and column", async () => {
    expect(await said("run", join(folder, "wrong.wat"))).toMatch(/wrong\.wat:2:\d+: /);
  });

  test("--invoke and --fuel are for components, --with for a WASI host", async () => {
    expect(await said("explore", "README.md", "--invoke", "f()")).toBe(
      "--invoke is for components, and README.md is none\n",
    );
    expect(await said("explore", "README.md", "--fuel", "9")).toBe(
      "--fuel is for components, and README.md is none\n",
    );
    expect(await said("explore", account, ...two, "--with", "pin=op")).toBe(
      "no scenario here has a WASI host, so nothing of it is set\n",
    );
  });
});
