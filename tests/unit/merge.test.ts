// `explore --shard` and `merge`: the same report as without shards, and clear words for what cannot be merged.

import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { cli } from "./cli-harness.ts";
import { folder, scaleFile, withoutSteps } from "./scale-harness.ts";

const at = folder();
const shards = [1, 2, 3].map((i) => at(`${i}.json`));
const [one = "", two = "", three = ""] = shards;

async function writeShard(i: number, of: number, to: string, ...more: readonly string[]) {
  return cli(["explore", scaleFile, "--shard", `${i}/${of}`, "--output", to, ...more]);
}

/** One part of a file changed, with the hash that it would have. */
function change(from: string, to: string, part: RegExp, by: string): string {
  const text = readFileSync(from, "utf8");
  expect(text).toMatch(part);
  writeFileSync(to, text.replace(part, by));
  return to;
}

beforeAll(async () => {
  for (const [i, path] of shards.entries()) await writeShard(i + 1, 3, path);
}, 60_000);

describe("shards of three explorations", () => {
  test("say what they did, and leave nothing but their file behind", async () => {
    const said = await writeShard(2, 3, at("again.json"), "--only", "SCALE-3");
    expect(said).toEqual({
      code: 0,
      out: `shard 2 of 3: 2 searches, 4 states; written to ${at("again.json")}\n`,
      err: "",
    });
    expect(readdirSync(dirname(one)).filter((name) => name.includes("tmp"))).toEqual([]);
  });

  test("are the same bytes each time", async () => {
    await writeShard(2, 3, at("two-again.json"));
    expect(readFileSync(at("two-again.json"))).toEqual(readFileSync(two));
  });

  test("are merged to the same text and the same exit code, in any order", async () => {
    const plain = await cli(["explore", scaleFile]);
    expect(plain.code).toBe(1);
    expect(plain.out).toContain("3448 states, 7572 transitions");
    expect(plain.out).toContain("3346 states, 7676 transitions");
    expect(await cli(["merge", one, two, three])).toEqual(plain);
    expect(await cli(["merge", three, one, two])).toEqual(plain);
  });

  test("are merged to the same JSON, but for the number of steps", async () => {
    const plain = await cli(["explore", scaleFile, "--json"]);
    const merged = await cli(["merge", ...shards, "--json"]);
    expect(merged.code).toBe(1);
    expect(withoutSteps(merged.out)).toEqual(withoutSteps(plain.out));
  });

  test("keep the options they were made with", async () => {
    const more = [
      "--revision",
      "6d28164 + CM#707",
      "--profile",
      "deterministic",
      "--no-properties",
    ];
    const chosen = [...more, "--only", "SCALE-2", "--reduce", "macrosteps,dead"];
    const plain = await cli(["explore", scaleFile, ...chosen]);
    const files = [at("a.json"), at("b.json")];
    for (const [i, path] of files.entries()) await writeShard(i + 1, 2, path, ...chosen);
    expect(await cli(["merge", ...files])).toEqual(plain);
  });

  test("that met a bound are merged to a report that says so", async () => {
    const files = [at("c.json"), at("d.json")];
    for (const [i, path] of files.entries()) {
      const said = await writeShard(i + 1, 2, path, "--only", "SCALE-1", "--max-states", "1500");
      expect(said.code).toBe(3);
      expect(said.out).toContain("; 2 searches incomplete; ");
    }
    const merged = await cli(["merge", ...files]);
    expect(merged.code).toBe(1);
    expect(merged.out).toContain("stopped at 1500 states");
    expect(merged.out).toContain("bounded never stuck");
  });

  test("write nothing if they are interrupted", async () => {
    const argv = ["explore", scaleFile, "--shard", "1/2", "--output", at("none.json")];
    const said = await cli(argv, { stopped: () => true });
    const err = `interrupted: ${at("none.json")} is not written\n`;
    expect(said).toEqual({ code: 3, out: "", err });
    expect(existsSync(at("none.json"))).toBe(false);
  });
});

describe("merge refuses", () => {
  async function refused(why: string, ...files: readonly string[]): Promise<void> {
    expect(await cli(["merge", ...files])).toEqual({ code: 2, out: "", err: `${why}\n` });
  }

  test("too few shards and the same one twice", async () => {
    await refused("shard 2 of 3 is missing", one, three);
    await refused(`${one} and ${one} are both shard 1 of 3`, one, two, three, one);
  });

  test("shards of different numbers of shards, options and scenarios", async () => {
    const together = `${one} and ${at("x.json")} do not go together`;
    await writeShard(2, 4, at("x.json"));
    await refused(`${together}: one is of 3 shards, one of 4`, one, at("x.json"), three);
    await writeShard(2, 3, at("x.json"), "--profile", "deterministic");
    await refused(`${together}: --profile differs`, one, at("x.json"), three);
    await writeShard(2, 3, at("x.json"), "--revision", "6d28164");
    await refused(`${together}: --revision differs`, one, at("x.json"), three);
    await writeShard(2, 3, at("x.json"), "--only", "SCALE-3");
    await refused(`${together}: --only differs`, one, at("x.json"), three);
    const tour = "tests/unit/fixtures/tour.scn";
    await cli(["explore", tour, "--shard", "2/3", "--output", at("x.json")]);
    const why = `${tour} is not the same, or only one of them has it`;
    await refused(`${together}: ${why}`, one, at("x.json"), three);
  });

  test("a scenario that has changed", async () => {
    const scenario = at("own.scn");
    copyFileSync(scaleFile, scenario);
    const argv = ["explore", scenario, "--only", "SCALE-3", "--shard", "1/1"];
    await cli([...argv, "--output", at("own.json")]);
    expect((await cli(["merge", at("own.json")])).code).toBe(0);
    writeFileSync(scenario, `${readFileSync(scaleFile, "utf8")}\n`);
    const said = await cli(["merge", at("own.json")]);
    expect(said.code).toBe(2);
    expect(said.err).toMatch(
      /^the shards are of something else: \S+own.scn is not the same, or only one of them has it\n$/,
    );
  });

  test("a file that is damaged, cut off, or something else", async () => {
    const damaged = (path: string) => `${path} is damaged: it is not as canon-async wrote it`;
    const x = change(one, at("x.json"), /"keys":"...../, '"keys":"AAAAA');
    await refused(damaged(x), x, two, three);
    change(one, x, /"properties":true/, '"properties":false');
    await refused(damaged(x), x, two, three);
    writeFileSync(x, readFileSync(one, "utf8").slice(0, 1000));
    await refused(damaged(x), x, two, three);
    change(one, x, /"format":1/, '"format":2');
    await refused(`${x} has format 2; this version reads 1`, x, two, three);
    writeFileSync(x, "{}");
    await refused(`${x} is no shard of canon-async`, x, two, three);
    await refused(`cannot read ${at("no.json")}: there is no such file or folder`, at("no.json"));
  });
});

describe("the options of shards", () => {
  test.each([
    [["--output", "x"], "--output is for --shard: a report goes to standard output"],
    [["--shard", "1/2"], "--shard needs --output FILE, for merge"],
    [["--shard", "1/2", "--output", "x", "--json"], "--json is for merge: a shard has no report"],
    [
      ["--shard", "1/2", "--output", "x", "--exact"],
      "--exact does not go with --shard: only the states' hashes are kept",
    ],
    [
      ["--shard", "1/2", "--output", "x", "--max-deviations", "3"],
      "--max-deviations does not go with --shard: no part knows the fewest deviations to a state",
    ],
    [
      ["--shard", "1/2", "--output", "x", "--checkpoint", "x"],
      "--checkpoint and --output are two files",
    ],
  ])("%j are refused", async (more, why) => {
    expect(await cli(["explore", scaleFile, ...more])).toEqual({
      code: 2,
      out: "",
      err: `${why}\n`,
    });
  });

  test.each(["0/2", "3/2", "1", "1/0", "a/b"])("--shard %s is refused", async (text) => {
    const said = await cli(["explore", scaleFile, "--output", "x", "--shard", text]);
    expect(said.code).toBe(2);
    expect(said.err).toContain("it is written i/n, with i from 1 to n: 1/4, 2/4, 3/4, 4/4");
  });

  test("a file that cannot be written is said before anything is searched", async () => {
    const said = async (...more: readonly string[]) => {
      const stopped = () => {
        throw new Error("it was searched");
      };
      return cli(["explore", scaleFile, ...more], { stopped });
    };
    const path = at("no/x.json");
    const err = `cannot write ${path}: there is no such file or folder\n`;
    expect(await said("--shard", "1/1", "--output", path)).toEqual({ code: 2, out: "", err });
    expect(await said("--checkpoint", path)).toEqual({ code: 2, out: "", err });
    const folderErr = `cannot write ${dirname(one)}: it is no file\n`;
    expect(await said("--checkpoint", dirname(one))).toEqual({ code: 2, out: "", err: folderErr });
  });
});
