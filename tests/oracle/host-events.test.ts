// Calls of the host's functions in a trace: which function is meant, and whether the values in WAVE are of its types.

import { describe, expect, it } from "vitest";
import { stringValue } from "../../src/canon/values/strings.ts";
import type { FuncType } from "../../src/model/types.ts";
import type { Value } from "../../src/model/values.ts";
import { JudgeError } from "../../src/oracle/errors.ts";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import {
  answerOf,
  callFits,
  hostEventChecker,
  namesOfImport,
} from "../../src/oracle/host-functions.ts";
import { recordedScenario, recordedSystem } from "./host-functions-harness.ts";

const u8 = { tag: "u8" } as const;

const ft: FuncType = {
  async: true,
  params: [
    { name: "who", t: { tag: "string" } },
    { name: "at", t: { tag: "option", t: u8 } },
    { name: "x", t: { tag: "f32" } },
  ],
  result: { tag: "result", ok: u8, error: null },
};
const func = { name: "a:b/c@1.0.0 f", ft };

const some = (value: Value): Value => ({ tag: "case", label: "some", value });
const args: readonly Value[] = [stringValue("me", "utf8"), some(7), Number.NaN];

const called = (texts?: readonly (string | null)[], name = "f") => {
  const event = { event: "host-call", func: name } as const;
  return texts === undefined ? event : { ...event, args: texts };
};
const returned = (value?: string) => {
  const event = { event: "host-return", func: "f" } as const;
  return value === undefined ? event : { ...event, value };
};

describe("the name of an imported function", () => {
  it("is that of its instance and its own, as much of it as one likes", () => {
    const names = ["a:b/c@1.0.0 f", "a:b/c@1.0.0#f", "a:b/c#f", "f"];
    expect(namesOfImport("a:b/c@1.0.0 f")).toEqual(names);
    for (const name of names) expect(callFits(called(undefined, name), func, args)).toBe(true);
  });

  it("is not that of another", () => {
    for (const name of ["g", "c#f", "a:b/c@2.0.0#f", "F"]) {
      expect(callFits(called(undefined, name), func, args)).toBe(false);
    }
  });
});

describe("the arguments of a call of the host", () => {
  it("fit in every way in which WAVE writes them", () => {
    // an option may be written as its payload alone, and a character by its number
    for (const texts of [
      ['"me"', "some(7)", "nan"],
      ['"\\u{6d}e"', "7", "nan"],
    ]) {
      expect(callFits(called(texts), func, args)).toBe(true);
    }
  });

  it("fit where they are not known", () => {
    expect(callFits(called([null, "7", null]), func, args)).toBe(true);
  });

  it("do not fit where one is another value, or there are more or fewer", () => {
    for (const texts of [
      ['"me"', "8", "nan"],
      ['"me"', "none", "nan"],
      ['"me"', "7"],
    ]) {
      expect(callFits(called(texts), func, args)).toBe(false);
    }
  });
});

describe("the end of a call of the host", () => {
  it("is the value that the event says", () => {
    expect(answerOf(returned("ok(3)"), func, false)).toEqual({
      tag: "returned",
      value: { tag: "case", label: "ok", value: 3 },
    });
  });

  it("is cancelled only if its caller asked for that", () => {
    const event = { event: "host-return", func: "f", cancelled: true } as const;
    expect(answerOf(event, func, true)).toEqual({ tag: "cancelled" });
    expect(answerOf(event, func, false)).toBe(null);
  });

  it("is a trap where the function threw", () => {
    const event = { event: "host-return", func: "f", trapped: true } as const;
    expect(answerOf(event, func, false)).toEqual({ tag: "trapped" });
  });

  it("is not said by the event of another function, nor by one without a value that is needed", () => {
    expect(answerOf({ event: "host-return", func: "g", value: "ok(3)" }, func, false)).toBe(null);
    expect(answerOf(returned(), func, false)).toBe(null);
    expect(answerOf(returned("ok(300)"), func, false)).toBe(null);
  });
});

describe("what no schedule could explain", () => {
  async function fault(event: TraceEvent): Promise<string> {
    const check = hostEventChecker(recordedSystem(await recordedScenario(["one(3)"])).program);
    try {
      check(event, 4);
      return "nothing";
    } catch (error) {
      if (!(error instanceof JudgeError)) throw error;
      expect(error.event?.index).toBe(4);
      return error.message.replace("event 5: ", "");
    }
  }

  it("is said with the function, the value and the place in it", async () => {
    expect(await fault({ event: "host-return", func: "slow", value: "four" })).toBe(
      "the result of slow: expected u32, found four, at character 1 of four (async func(n: u32) -> u32)",
    );
    expect(await fault({ event: "host-call", func: "slow", args: ["-1"] })).toBe(
      "argument 1 of slow: -1 is no u32: 0 to 4294967295, at character 1 of -1 (async func(n: u32) -> u32)",
    );
  });

  it("is said of results that are missing, or too much, and of arguments", async () => {
    expect(await fault({ event: "host-return", func: "slow" })).toMatch(
      /^the result of slow is needed: u32/,
    );
    expect(await fault({ event: "host-call", func: "slow", args: [] })).toMatch(
      /^the arguments of slow: there are 1, here are 0/,
    );
  });

  it("is said of functions that nobody imports", async () => {
    expect(await fault({ event: "host-call", func: "slo" })).toBe(
      "no function of the host that is recorded is called slo (did you mean `slow`?)",
    );
  });

  it("is not said of what fits, is not known, or is no call of the host", async () => {
    expect(await fault({ event: "host-call", func: "slow", args: ["4"] })).toBe("nothing");
    expect(await fault({ event: "host-call", func: "slow", args: [null] })).toBe("nothing");
    expect(await fault({ event: "host-return", func: "a:b/c#now", value: "none" })).toBe("nothing");
    expect(await fault({ event: "log", line: "slo" })).toBe("nothing");
  });
});
