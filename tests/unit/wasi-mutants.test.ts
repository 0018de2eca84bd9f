// Mutants of the WASI host: each defect is caught by a scenario of the book or by a law, or cannot be told at all.

import { describe, expect, test, vi } from "vitest";

vi.mock("../../src/wasi/pins.ts", async (original) => {
  const { mutatedPins } = await import("./wasi-mutants/seam.ts");
  return mutatedPins(await original());
});
vi.mock("../../src/wasi/settle.ts", async (original) => {
  const { mutatedSettle } = await import("./wasi-mutants/seam.ts");
  return mutatedSettle(await original());
});
vi.mock("../../src/wasi/files/close.ts", async (original) => {
  const { mutatedClose } = await import("./wasi-mutants/seam.ts");
  return mutatedClose(await original());
});
vi.mock("../../src/wasi/sockets/tcp-close.ts", async (original) => {
  const { mutatedTcpClose } = await import("./wasi-mutants/seam.ts");
  return mutatedTcpClose(await original());
});
vi.mock("../../src/canon/subtasks.ts", async (original) => {
  const { mutatedSubtasks } = await import("./wasi-mutants/seam.ts");
  return mutatedSubtasks(await original());
});

import type { Scenario } from "../../src/scenario/ast.ts";
import { revisionsOf, verify } from "../../src/scenario/verify.ts";
import { readBook } from "../book/files.ts";
import { walk } from "../property/laws.ts";
import { stepLaws } from "../property/wasi-steps.ts";
import { endings, files, releases, streams } from "./wasi-mutants/behaviour.ts";
import { holdersPutIn, holdersTakenOut } from "./wasi-mutants/holders.ts";
import type { Mutant } from "./wasi-mutants/seam.ts";

const all = [...holdersTakenOut, ...holdersPutIn, ...releases, ...endings, ...files, ...streams];

const { entries } = readBook();

/** The scenario whose title begins so: `V12 V2`. */
function titled(beginning: string): Scenario {
  const found = entries.filter(({ file }) => file.startsWith("spec/wasi/"));
  const [first] = found.filter(({ scenario }) => `${scenario.title} `.startsWith(`${beginning} `));
  if (first === undefined) throw new Error(`no scenario begins with ${beginning}`);
  return first.scenario;
}

/** How many states a mutant may need to show itself. */
const maxStates = 1500;

/**
 * How a scenario catches what the host does wrong: `claim`, the name of a standing property, or `fails`
 * where the host runs into something that cannot be.
 */
function catches(scenario: Scenario): readonly string[] {
  const how = new Set<string>();
  for (const revision of revisionsOf(scenario).filter(({ label }) => label.startsWith("d1da"))) {
    try {
      const { checks, findings } = verify(scenario, revision, { maxStates });
      if (checks.some(({ verdict }) => verdict === "violated")) how.add("claim");
      for (const { property } of findings) how.add(property);
    } catch {
      how.add("fails");
    }
  }
  return [...how].sort();
}

/** What a law of steps says of a run of a scenario, or `fails` as above; null: nothing. */
function stepsBroken(scenario: Scenario, seed: number): string | null {
  const law = stepLaws();
  let broken: string | null = null;
  try {
    walk(scenario, "d1daf829", seed, (step) => {
      broken ??= law(step);
    });
  } catch {
    broken ??= "fails";
  }
  return broken;
}

/** Seeds of the random runs that laws of steps look at. */
const seeds = [1, 2, 3];

function mutated<T>({ enter }: Mutant, run: () => T): T {
  const leave = enter();
  try {
    return run();
  } finally {
    leave();
  }
}

/** Each mutant with what catches it: scenarios, and what of each of them breaks. */
const caughtBy: Readonly<Record<string, readonly string[]>> = {
  "K1: a descriptor does not hold": ["W-07: fails"],
  "K2: a preopened directory does not hold": ["L15: fails"],
  "K3: a read that runs does not hold": ["L03: fails"],
  "K4: the stream of a read does not hold": ["W-22: claim"],
  "K5: the future of a read does not hold": ["L02: claim"],
  "K6: a write that runs does not hold": ["L04: fails"],
  "K6: an append that runs does not hold": ["W-03: fails", "W-24: fails"],
  "K8: the future of a write does not hold": ["L05: claim"],
  "K8: the future of an append does not hold": ["W-22: claim"],
  "K9: a directory that is being read does not hold": ["L06: claim"],
  "K9: the stream of a directory does not hold": ["W-22: claim"],
  "K9: the future of a directory does not hold": ["L06: claim"],
  "K11: a TCP socket's handle does not hold": ["T07: fails"],
  "K12: a listen that runs does not hold": ["T16: fails", "T17: claim"],
  "K13: a send that runs does not hold": ["W-24: fails"],
  "K14: the future of a send does not hold": ["W-23: claim"],
  "K15: a receive that runs does not hold": ["T13: fails"],
  "K15: the stream of a receive does not hold": ["W-23: claim"],
  "K16: the future of a receive does not hold": ["T43: claim"],
  "K18: a UDP socket's handle does not hold": ["U10: fails"],
  "N1: what was opened holds the directory that it was opened through": ["L07: claim"],
  "N2: a directory holds what was opened through it": ["W-07: claim"],
  "N3: an accepted socket holds its listener": ["T21: claim"],
  "N4: a listener holds what it accepted": ["W-25: claim"],
  "N5: a connection that nobody accepted holds the listener": ["T19: claim"],
  "N9: values hold, whatever `pin` says": ["L03: claim", "T43: claim"],
  "an operation that is over goes on holding": ["L05: claim", "N07: claim"],
  "N10: an unlinked file goes although it is open": ["L11: fails", "F39: fails"],
  "released early: the last operation does not count": ["W-24: fails", "L02: claim"],
  "never released": ["T07: W02 claim", "L01: W02 claim"],
  "released one step late": ["L05: claim", "W-23: claim"],
  "dropping a handle closes": ["F13: fails", "L02: claim", "L04: W07 claim fails"],
  "K7: a write does not wait for its writer once the handle is gone": ["L04: claim"],
  "N8: an operation ends with the task that started it": ["S12: claim"],
  "dropping the future cancels the operation": ["F12: claim", "F23: claim"],
  "a future resolves before its operation is over": ["S02: W08 claim", "F29: W08 claim"],
  "a future is never resolved": ["F09: W03 claim"],
  "a lent handle comes back when the host is done": ["V07 V1: claim"],
  "an append goes to where the file ended at the call": ["F21: claim"],
  "locks outlive their open file": ["L01: W05 claim"],
  "the end of a file is waited for": ["F03: claim", "F16: claim"],
  "two reads of a file share their place": ["F14: claim"],
  "numbers of files are used again, and dropping a handle closes": ["W-26: claim"],
  "dropping a socket's handle ends its outgoing half": ["T13: claim"],
  "a socket closes without a word": ["T07: W09 claim", "T19: W09 claim"],
  "dropping a receive does not shut the incoming half": ["T15: claim"],
  "a socket may send again when its send is over": ["T06: claim"],
  "each view of stdin begins at the beginning": ["S03: claim"],
};

/**
 * Mutants that no guest can tell from the host, each with the scenarios that come closest. The handle of
 * a call is lent until the call is over, so that the call is never the last holder. A listen goes on
 * until its stream is dropped, so that the stream is never the last one either.
 */
const equivalent: Readonly<Record<string, readonly string[]>> = {
  "K10: a call on a descriptor does not hold": ["L17", "L18"],
  "K12: the stream of connections does not hold": ["T17", "T18"],
  "K17: a connect that runs does not hold": ["T30", "T32"],
  "K18: a call on a UDP socket does not hold": ["U07", "U08"],
};

/** A mutant whose second word the streams of the ABI swallow, so that only a law of steps sees it. */
const caughtByStep: Readonly<Record<string, readonly [scenario: string, law: RegExp]>> = {
  "a future resolves twice": ["S01", /^operation \d+ is told of twice$/],
  "released early: the last operation does not count": ["W-24", /^file \d+ is released, but held$/],
  "released one step late": ["N07", /is open for nobody$/],
};

const scenarioOf = (catcher: string): string => catcher.split(":")[0] ?? "";

function named(name: string): Mutant {
  const mutant = all.find((one) => one.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
  return mutant;
}

describe("a mutant of the WASI host is caught:", () => {
  for (const [name, catchers] of Object.entries(caughtBy)) {
    test(name, () => {
      const scenarios = catchers.map(scenarioOf);
      const caught = mutated(named(name), () =>
        scenarios.map((id) => `${id}: ${catches(titled(id)).join(" ")}`),
      );
      expect(caught).toEqual(catchers);
    });
  }
  for (const [name, [id, law]] of Object.entries(caughtByStep)) {
    test(`${name}, by a law of steps`, () => {
      const broken = mutated(named(name), () => seeds.map((seed) => stepsBroken(titled(id), seed)));
      expect(broken).toContainEqual(expect.stringMatching(law));
    });
  }
});

describe("a mutant of the WASI host cannot be told from it:", () => {
  for (const [name, scenarios] of Object.entries(equivalent)) {
    test(name, () => {
      const caught = mutated(named(name), () => scenarios.flatMap((id) => catches(titled(id))));
      expect(caught).toEqual([]);
    });
  }
});

describe("the mutants", () => {
  test("are all accounted for", () => {
    const known = [caughtBy, equivalent, caughtByStep].flatMap((table) => Object.keys(table));
    expect([...new Set(known)].sort()).toEqual(all.map(({ name }) => name).sort());
  });

  test("leave nothing behind: the host itself is caught by none of these", () => {
    const ids = new Set(Object.values(caughtBy).flat().map(scenarioOf));
    expect([...ids].filter((id) => catches(titled(id)).length > 0)).toEqual([]);
    const walked = Object.values(caughtByStep).map(([id]) => titled(id));
    const broken = walked.flatMap((scenario) => seeds.map((seed) => stepsBroken(scenario, seed)));
    expect(broken.filter((text) => text !== null)).toEqual([]);
  });
});
