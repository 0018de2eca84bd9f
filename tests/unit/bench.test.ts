// The workloads of the benchmarks compute what they should; how fast is no test's business.

import { describe, expect, test } from "vitest";
import { finish } from "../../bench/finish.ts";
import { main } from "../../bench/main.ts";
import { measureRate, median } from "../../bench/measure.ts";
import { definitionsIn, NoReference, Reference } from "../../bench/reference.ts";
import { numbersOf, type Row, tableOf } from "../../bench/report.ts";
import { building, giveBack } from "../../bench/system.ts";
import type { Figure, Rate } from "../../bench/workload.ts";
import { workloads } from "../../bench/workloads.ts";

const rates = workloads.flatMap((w) => (w.tag === "rate" ? [w] : []));
const figures = workloads.flatMap((w) => (w.tag === "figure" ? [w] : []));

describe("every workload checks its own result", () => {
  for (const { name, prepare } of rates) {
    test(`${name} does 1, 2 and 5 iterations`, () => {
      for (const n of [1, 2, 5]) expect(prepare(n)).not.toThrow();
    });
  }
  for (const { name, measure } of figures) {
    test(`${name} gives a number`, () => {
      expect(measure(true)).toBeGreaterThanOrEqual(0);
    });
  }
  test("a system that returns something else is noticed", () => {
    const b = building();
    const home = b.home("A", 64);
    const ft = { params: [], result: { tag: "u32" }, async: true } as const;
    const system = b.system(b.lift("A.run", home, [() => giveBack(7)], ft));
    expect(finish(system, 7).ending).toBeNull();
    expect(() => finish(system, 8)).toThrow("it gave 7 instead of 8");
  });
});

const rate: Rate = {
  tag: "rate",
  name: "copy",
  unit: "copies/s",
  n: 3,
  referenceN: 1,
  bytes: 1000,
  target: { of: "ratio", is: "at least", bound: 100 },
  prepare: () => () => undefined,
};

const figure: Figure = {
  tag: "figure",
  name: "litmus",
  unit: "s",
  target: { of: "value", is: "at most", bound: 1 },
  measure: () => 1.25,
};

const compared: Row = { workload: rate, measured: { ours: 12_345.678, theirs: 100 } };
const alone: Row = { workload: rate, measured: { ours: 12_345.678, theirs: null } };
const timed: Row = { workload: figure, measured: { ours: 1.25, theirs: null } };

describe("the report", () => {
  test("is a flat object of numbers", () => {
    expect(numbersOf([compared, timed])).toEqual({
      copy: 12_350,
      "copy.bytes": 12_350_000,
      "copy.ratio": 123.5,
      litmus: 1.25,
    });
  });
  test("has no ratios without a reference", () => {
    expect(numbersOf([alone])).toEqual({ copy: 12_350, "copy.bytes": 12_350_000 });
  });
  test("is a table that says whether a target was met", () => {
    expect(tableOf([compared, timed])).toBe(
      [
        "workload    ours                       to reference  target",
        "copy      12 346  copies/s  12.3 MB/s          123x  >= 100x met",
        "litmus      1.25  s                                  <= 1 missed",
        "",
      ].join("\n"),
    );
  });
  test("says that ratios were skipped", () => {
    expect(tableOf([alone]).split("\n")[1]).toMatch(/ {2}skipped {2}>= 100x$/);
  });
});

describe("measuring", () => {
  test("takes the middle of several runs", () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });
  test("prepares as many iterations as the workload says, a warm-up and one for each round", async () => {
    const asked: number[] = [];
    const prepare = (n: number) => {
      asked.push(n);
      return () => undefined;
    };
    const { theirs } = await measureRate({ ...rate, prepare }, null, { rounds: 2, least: 1e-9 });
    expect(theirs).toBeNull();
    expect(asked).toEqual([3, 3, 3]);
  });
});

interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function bench(...args: readonly string[]): Promise<Said> {
  let [out, err] = ["", ""];
  const io = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
  };
  const code = await main(args, io, { rounds: 1, least: 1e-9 });
  return { code, out, err };
}

describe("npm run bench", () => {
  test("--json prints one object and nothing else", async () => {
    const { code, out } = await bench("--json", "--only", "stream-same");
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(out))).toEqual([
      "stream-same-1",
      "stream-same-64k",
      "stream-same-64k.bytes",
    ]);
  });
  test("prints a table without it", async () => {
    const { code, out } = await bench("--only", "call-eager");
    expect(code).toBe(0);
    expect(out).toMatch(/^workload .*\ncall-eager .* calls\/s .* skipped {2}>= 100x\n$/);
  });
  test.each([
    [["--fast"], "error: unknown option '--fast'"],
    [["now"], "error: too many arguments"],
    [["--reference"], "error: option '--reference <checkout>' argument missing"],
    [["--only", "strem"], 'error: no workload begins with "strem" (there are call-eager, '],
    [["--reference", "/nowhere"], "error: there is no /nowhere/design/mvp/canonical-abi/"],
  ])("%j is refused with exit code 2", async (args, message) => {
    const { code, out, err } = await bench(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(message);
  });
});

describe("the reference", () => {
  test("may be a file of Python", () => {
    expect(definitionsIn("bench/reference.py")).toBe("bench/reference.py");
    expect(() => definitionsIn("nowhere.py")).toThrow(NoReference);
  });
  test("needs python3", async () => {
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      const started = Reference.start("bench/reference.py", "definitions.py");
      await expect(started).rejects.toThrow("python3 does not run");
    } finally {
      process.env.PATH = PATH;
    }
  });
});
