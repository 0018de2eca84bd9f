// The differences between the two ABIs, as the command line shows them: none of the witnesses is empty.

import { describe, expect, test } from "vitest";
import { readDesignRules } from "../book/files.ts";
import { cli } from "./cli-harness.ts";

const file = "spec/history/differences.scn";
const between = ["diff", file, "--abi", "native", "--abi", "split"];

const ids = readDesignRules()
  .map(({ id }) => id)
  .filter((id) => id.startsWith("ABI-"));

/** Shows in no outcome unless the host does as it was built. */
const falseAlarm = "ABI-17";

describe("diff --abi native --abi split", () => {
  test("names every difference but the one that needs an option", async () => {
    const { code, out, err } = await cli(between);
    const moved = [...out.matchAll(/^ABI-\d+/gm)].map(([id]) => id);
    expect({ code, err, moved }).toEqual({
      code: 0,
      err: "",
      moved: ids.filter((id) => id !== falseAlarm),
    });
    expect(out).toContain("from d1daf829 with abi native to d1daf829 with abi split: 20 scenarios");
    expect(out).toContain("20 scenarios; 19 move (settings: 19)");
  });

  test("shows what goes and what comes", async () => {
    const { out } = await cli([...between, "--only", "ABI-02"]);
    expect(out.split("\n").slice(1, 4)).toEqual([
      "  by settings",
      // lent until the call resolves
      "    - [R has 7] traps resource.drop.lent  default",
      // lent until the start half is over
      "    + [R has 7, drop 7, R is done]  default",
    ]);
  });

  test("a false alarm is a difference to a run that goes well", async () => {
    const { out } = await cli([
      ...[...between, "--only", falseAlarm],
      ...["--with", "lost-round=as-built"],
    ]);
    expect(out.split("\n").slice(2, 4)).toEqual([
      "    - [S goes on]  default",
      "    + [] traps isyswasfa.no-host-tasks  default",
    ]);
  });

  test("has nothing to say of a program of the class", async () => {
    const { out } = await cli([
      ...["diff", "spec/history/stackless.scn", "--only", "NST-02"],
      ...["--abi", "native", "--abi", "split"],
    ]);
    expect(out).toContain("1 scenario; none moves");
  });

  test("leaves out, with a word, what cannot be compiled for one side", async () => {
    const two = ["spec/history/stackless.scn", "--abi", "native", "--abi", "split"];
    const { code, out, err } = await cli(["diff", ...two]);
    expect(code).toBe(0);
    expect(err).toMatch(
      /^spec\/history\/stackless\.scn:\d+: left out: line \d+:\d+: `A\.run` is split/,
    );
    expect(out).not.toContain("NST-11");
    const alone = await cli(["diff", ...two, "--only", "NST-11"]);
    expect(alone.code).toBe(2);
    expect(alone.err).toContain("`A.run` is split, but its caller is not");
    const explored = await cli(["explore", "spec/history/stackless.scn", "--with", "abi=split"]);
    expect(explored.code).toBe(2);
    expect(explored.err).toMatch(/^spec\/history\/stackless\.scn:\d+: line \d+:\d+: `A\.run`/);
  });

  test.each([[["--abi", "native"]], [["--abi", "native", "--abi", "split", "--abi", "split"]]])(
    "wants both sides: %j",
    async (argv) => {
      const { code, err } = await cli(["diff", file, ...argv]);
      expect(code).toBe(2);
      expect(err).toContain("--abi is given twice, once for each side");
    },
  );
});
