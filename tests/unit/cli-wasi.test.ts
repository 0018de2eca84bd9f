// Settings of a WASI host on the command line: searches of their own, commands that repeat them, errors.

import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { cli, type Said } from "./cli-harness.ts";

const file = "tests/unit/wasi/copies.scn";

/** The revisions in front of their results, in order. */
function searches({ out }: Said): readonly string[] {
  return [...out.matchAll(/^ {2}(\S[^:]*): .*outcome/gm)].map(([, label = ""]) => label);
}

const partial = "d1daf829 with chunk part";

interface ResultJson {
  readonly revision: string;
  readonly settings: unknown;
  readonly outcomes: readonly { readonly text: string; readonly schedule: string }[];
}

/** What `explore --json` says of the first scenario. */
async function resultsOf(more: readonly string[]): Promise<readonly ResultJson[]> {
  const { out } = await cli(["explore", file, "--json", ...more]);
  return JSON.parse(out).scenarios[0].revisions;
}

/** The schedule of the run in which the copy takes one byte. */
async function oneByte(): Promise<string> {
  const [result] = await resultsOf(["--with", "chunk=part"]);
  return result?.outcomes.find(({ text }) => text === "[COMPLETED|1]")?.schedule ?? "";
}

describe("explore", () => {
  test("searches under the settings that claims name, besides the plain search", async () => {
    const said = await cli(["explore", file, "--only", "W-1"]);
    expect(said.code).toBe(0);
    expect(searches(said)).toEqual(["d1daf829", "6d28164", partial, "6d28164 with chunk part"]);
    expect(said.out).toContain(`6d28164 with chunk part: the same outcomes as ${partial}`);
    expect(said.out).toContain("proved with chunk part: sometimes [COMPLETED|1]  line 19");
  });

  test("searches under settings of one's own instead, where there is a host to set", async () => {
    const said = await cli(["explore", file, "--with", "chunk=any", "--with", "pin=op"]);
    expect(said.code).toBe(0);
    expect(searches(said)).toEqual([
      "d1daf829 with chunk any, pin op",
      "6d28164 with chunk any, pin op",
    ]);
    expect(said.out).toContain("1 scenario, 2 searches; no checks");
  });

  test("gives the settings of each search as JSON", async () => {
    const all = await resultsOf(["--only", "W-1"]);
    expect(all.map(({ revision }) => revision)).toEqual([
      "d1daf829",
      "6d28164",
      partial,
      "6d28164 with chunk part",
    ]);
    const set = [{ name: "chunk", value: "part" }];
    expect(all.map(({ settings }) => settings)).toEqual([[], [], set, set]);
  });

  test("keeps the settings in a shard, so that merge reports on the same searches", async () => {
    const shard = join(tmpdir(), `canon-async-wasi-${process.pid}.shard`);
    const command = ["explore", file, "--with", "chunk=part"];
    const whole = await cli(command);
    expect((await cli([...command, "--shard", "1/1", "--output", shard])).code).toBe(0);
    expect(readFileSync(shard, "utf8")).toContain('"with":"chunk part"');
    expect((await cli(["merge", shard])).out).toBe(whole.out);
    rmSync(shard);
  });
});

describe("one run", () => {
  test("is made under the settings, and its command repeats them", async () => {
    const one = await oneByte();
    const { code, out } = await cli([
      ...["run", file, "--only", "W-1", "--with", "chunk=part", "--schedule", one],
    ]);
    expect([code, out]).toEqual([0, expect.stringContaining("log COMPLETED|1")]);
    const command = `--revision '${partial}' --schedule '${one}'`;
    expect(out).toContain(`canon-async replay ${file} --only W-1 ${command}`);
    const again = await cli([
      ...["replay", file, "--only", "W-1", "--revision", partial, "--schedule", one],
    ]);
    expect(again).toEqual({ code, out, err: "" });
  });

  test("is traced, sampled and minimized under them", async () => {
    const one = await oneByte();
    const set = [file, "--only", "W-1", "--with", "chunk=part"];
    const traced = await cli(["trace", ...set, "--schedule", one]);
    expect(traced.out).toContain("outcome [COMPLETED|1]");
    const sampled = await cli(["simulate", ...set, "--runs", "50"]);
    expect(sampled.out).toContain(`${partial}: 50 runs (portfolio, seed 1): 2 outcomes`);
    const least = await cli(["minimize", ...set, "--schedule", one]);
    expect(least.out).toContain("shows [COMPLETED|1]");
  });
});

describe("diff", () => {
  test("compares two settings of one scenario", async () => {
    const command = ["diff", file, "--from", "d1daf829", "--to", partial];
    const { code, out } = await cli(command);
    expect(code).toBe(0);
    expect(out).toContain("  by settings\n    + [COMPLETED|1]  ");
    expect(out).toContain(`from d1daf829 to ${partial}: 1 scenario; 1 moves (settings: 1)`);
    const json = JSON.parse((await cli([...command, "--json"])).out);
    expect(json.scenarios[0].moves).toMatchObject([{ amendment: null, applied: true }]);
  });

  test("compares two revisions under the same settings", async () => {
    const { out } = await cli([
      ...["diff", file, "--from", "6d28164", "--to", "d1daf829", "--with", "chunk=part"],
    ]);
    expect(out).toBe(`from 6d28164 with chunk part to ${partial}: 1 scenario; none moves\n`);
  });
});

describe("a setting that means nothing", () => {
  test.each([
    ["chunk", "it is written NAME=VALUE"],
    ["chunk=part,whole", "it is written NAME=VALUE"],
    ["chunks=part", 'unknown setting "chunks"'],
    ["chunk=parts", "chunk is part, whole or any"],
    ["profile=wasmtim", 'unknown host profile "wasmtim"'],
    ["variant=any", "a search is about one variant, not any"],
  ])("%s", async (setting, why) => {
    const { code, err } = await cli(["explore", file, "--with", setting]);
    expect([code, err]).toEqual([2, expect.stringContaining(why)]);
  });

  test.each([
    ["explore"],
    ["diff", "--from", "d1daf829", "--to", "6d28164"],
    ["run"],
    ["simulate"],
  ])("%s of a scenario without such a host", async (command, ...rest) => {
    const { code, err } = await cli([
      ...[command, file, "--only", "W-2", "--with", "chunk=part", ...rest],
    ]);
    expect([code, err]).toEqual([2, expect.stringContaining("WASI host, so nothing of it is set")]);
  });
});
