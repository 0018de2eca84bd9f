// A host's script that does what no host may do ends in a trap, never in a failed assertion.

import { describe, expect, test } from "vitest";
import { amendmentNames } from "../../src/model/amendments.ts";
import type { Store } from "../../src/model/store.ts";
import { buildSystem } from "../../src/scenario/build.ts";
import { checkScenario } from "../../src/scenario/check.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";

const guest = `component A {
  import host
  var sub = 0
  export call: async func() stackful {
    log host.f()
    task.return
  }
  export begin: async func() stackful {
    let state, s, p = async host.f()
    sub = s
    task.return
  }
  export cancel: async func() stackful {
    log subtask.cancel sub
    task.return
  }
  export take: async func(r: stream<u8>, s: stream<u8>) stackful {
    task.return
  }
}`;

function end(start: string, host: string): Store {
  const text = `scenario "misuse"\n${guest}\nhost {\n${host}\n}\nrun A.${start}`;
  const [scenario] = parseScenarios(text, "misuse");
  checkScenario(scenario!, "misuse");
  return run(buildSystem(scenario!, { amendments: amendmentNames }), defaultPolicy).store;
}

const idle = "func f: async func() -> u32 { return 1 }";
const process = (lines: string): string =>
  `${idle}\nprocess p {\nlet r, w = stream.new\n${lines}\n}`;

const misuses: readonly (readonly [what: string, host: string, code: string])[] = [
  ["a function that returns nothing", 'func f: async func() -> u32 { log "x" }', "guest.type"],
  [
    "a function that returns twice",
    "func f: async func() -> u32 {\ntask.return 1\ntask.return 2\n}",
    "task.return.already-resolved",
  ],
  [
    "a function that confirms a cancellation which nobody requested",
    "func f: async func() -> u32 { task.cancel }",
    "task.cancel.not-delivered",
  ],
  [
    "an argument that is copying",
    process("let s, v = stream.new\nasync stream.read r 1\nA.take(r, s)"),
    "lift-stream.not-idle",
  ],
  ["an end given twice", process("A.take(r, r)"), "lift-stream.not-an-end"],
  ["an end given away before", process("async A.take(r, r)"), "lift-stream.not-an-end"],
  ["a writable end", process("A.take(r, w)"), "lift-stream.not-an-end"],
  [
    "a stream of another type",
    process("let s, v = stream.new<u32>\nA.take(r, s)"),
    "lift-stream.wrong-type",
  ],
];

describe("a host that misuses what it has", () => {
  test.each(misuses)("traps on %s", (_what, host, code) => {
    expect(end("call", host).ending).toMatchObject({ tag: "trap", code });
  });

  test("runs on after a cancel by a guest that it called itself", () => {
    const host = `var go = 0
      func f: async func() -> u32 cancellable {
        await go == 1
        A.cancel()
        log "on"
      }
      process p { go = 1 }`;
    const { ending, log } = end("begin", host);
    expect(ending).toBeNull();
    expect(log).toEqual(["CANCELLED_BEFORE_RETURNED", "on"]);
  });
});
