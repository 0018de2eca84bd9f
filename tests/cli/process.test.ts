// The built executable as a process: exit codes, closed pipes, Ctrl-C.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";

const tour = "tests/unit/fixtures/tour.scn";
const large = "tests/cli/fixtures/large.scn";

beforeAll(() => {
  execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"]);
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(...argv: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["dist/cli.js", ...argv], { stdio: ["ignore", "pipe", "pipe"] });
}

function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ["", ""];
  child.stdout?.on("data", (text) => {
    out += text;
  });
  child.stderr?.on("data", (text) => {
    err += text;
  });
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, out, err }));
  });
}

describe("the executable", () => {
  test("prints to its streams and exits with the code of its command", async () => {
    const good = await ended(start("explore", tour, "--only", "ONE-1"));
    expect(good).toMatchObject({ code: 0, err: "" });
    expect(good.out).toContain("proved never stuck");
    const bad = await ended(start("explore", tour));
    expect(bad.code).toBe(1);
    expect(await ended(start("run", "no.scn"))).toEqual({
      code: 2,
      out: "",
      err: "cannot read no.scn: there is no such file\n",
    });
  });

  test("does not mind that nobody reads on", async () => {
    const child = start("trace", tour, "--only", "ONE-1", "--verbose");
    child.stdout?.destroy();
    expect((await ended(child)).err).toBe("");
  });

  test("stops a search at the first Ctrl-C and prints what it found", async () => {
    const child = start("explore", large, "--progress");
    child.stderr?.once("data", () => child.kill("SIGINT"));
    const { code, out } = await ended(child);
    expect(out).toContain("interrupted)");
    expect(out).toMatch(/bounded never stuck/);
    expect(code).toBe(3);
  });
});
