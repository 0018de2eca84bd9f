// Stackless bodies: how they are written, what their executor leaves behind, and that splitting adds no outcome.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf, verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";

const file = new URL("../../spec/history/stackless.scn", import.meta.url);
const book = checkedScenarios(readFileSync(file, "utf8"), "stackless.scn");

const native = parseRevision("d1daf829");
const split = parseRevision("d1daf829 with abi split");

/** Scenarios that claim something of the split ABI. */
const both = book.filter(({ checks }) => checks.some(({ settings }) => settings.length > 0));

const everything = `scenario "all of it"
component S {
  export f: async func(x: u32) -> u32 stackless { return x }
}
component A {
  import S
  export run: async func(s: stream<u8>) -> u32 stackless {
    let start = start S.f(1)
    let first = start S.f(2)
    let i = await first start, first
    await start
    let n, at = await stream.read s 4
    log [await S.f(3), (await first first, first)]
    cancel first
    drop start
    spawn {
      yield
      if i == 0 { await start }
    }
    return await S.f(await S.f(i) + 1)
  } on cancel {
    return 3
  }
}
run A.run(0)
never stuck
`;

/** Without positions. */
function bare(node: unknown): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) => {
      if (key === "pos") return undefined;
      return typeof value === "bigint" ? String(value) : value;
    }),
  );
}

describe("a stackless body as text", () => {
  test("every statement of it is read as it was printed", () => {
    const [scenario] = parseScenarios(everything, "all.scn");
    if (scenario === undefined) throw new Error("no scenario");
    const [again] = parseScenarios(printScenario(scenario), "again.scn");
    expect(bare(again)).toEqual(bare(scenario));
  });

  test("start is a name where no call follows, and cancel and drop where no name does", () => {
    const text = `scenario "names"
component A {
  func drop(x) { return x }
  func cancel(x) { return x }
  export run: func() {
    let start = 1
    let first = start
    log drop(start)
    log cancel(first) + start
  }
}
run A.run
exactly { [1, 2] }
`;
    const [scenario] = checkedScenarios(text, "names.scn");
    if (scenario === undefined) throw new Error("no scenario");
    expect(verify(scenario, native).verdict).toBe("proved");
  });
});

/** What the guests have left at the end of the default run. */
function leftBy(id: string, revision: typeof native): readonly unknown[] {
  const scenario = book.find((one) => one.id === id);
  if (scenario === undefined) throw new Error(`no ${id}`);
  const { store } = run(systemOf(scenario, revision), defaultPolicy);
  const { instance, handle, waitable, set } = store.entities;
  const [, ...guests] = instance;
  const globals = guests.flatMap((guest) => Object.keys(guest?.globals ?? {}));
  return [...globals, ...[handle, waitable, set].flat().filter((one) => one !== null)];
}

test("a body that is over leaves no record, no handle and no memory", () => {
  for (const id of ["NST-01", "NST-02", "NST-03", "NST-05", "NST-12", "NST-13"]) {
    expect(leftBy(id, native), id).toEqual([]);
    expect(leftBy(id, split), `${id} split`).toEqual([]);
  }
});

test("what a scenario of both ABIs allows when it is split it allows today", () => {
  // these are about a difference between the two
  const differing = new Set(["NST-07", "NST-08", "NST-09", "NST-18", "NST-20", "NST-23"]);
  const agreeing = both.filter(({ id }) => id?.startsWith("NST-") && !differing.has(id));
  expect(agreeing.length).toBeGreaterThan(8);
  for (const scenario of agreeing) {
    const texts = (revision: typeof native): readonly string[] =>
      verify(scenario, revision).outcomes.map((o) => showOutcome(o.outcome));
    expect(texts(native)).toEqual(expect.arrayContaining([...texts(split)]));
  }
});
