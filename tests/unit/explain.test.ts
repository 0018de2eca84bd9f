// Why nothing moves, in words: one small stuck system for each kind of waiting.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { explainStuck } from "../../src/scheduler/explain.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";

/** The explanation of the default run of a scenario with this cast. */
function why(cast: string, revision = "d1daf829"): readonly string[] {
  const [scenario] = checkedScenarios(`scenario "stuck"\n${cast}\nrun A.run as main\n`, "x.scn");
  const system = systemOf(scenario!, parseRevision(revision));
  return explainStuck(system, run(system, defaultPolicy).store);
}

/** A component A whose body is `body`, after others. */
function a(body: string, others = ""): string {
  return `${others}\ncomponent A {\n${others === "" ? "" : "import B\n"}func nap() { thread.suspend }
  export run: async func() stackful {\n${body}\ntask.return }\n}`;
}

describe("explainStuck", () => {
  test("is silent when every invocation has returned", () => {
    expect(why(a('log "x"'))).toEqual([]);
  });

  test("names the members of a set, and their peers", () => {
    const body =
      "let r, w = stream.new<u8>; let ws = waitable-set.new; async stream.read r 1; waitable.join r ws; waitable-set.wait ws";
    expect(why(a(body))).toEqual([
      "main waits for A.run to resolve",
      "A.run waits for an event in A/set3; its only member: A/r1 has a read pending; its peer A/w2 is idle",
    ]);
    expect(why(a("let ws = waitable-set.new; waitable-set.wait ws")).at(-1)).toBe(
      "A.run waits for an event in A/set1; it has no members",
    );
  });

  test("says what a sync copy waits for", () => {
    expect(why(a("let r, w = future.new<u8>; future.read r")).at(-1)).toBe(
      "A.run waits for its read on A/fr1; its peer A/fw2 is idle",
    );
  });

  test("follows a call into its callee, and a lock to its holder", () => {
    const b =
      "component B { export f: async func() sync { let r, w = stream.new<u8>; stream.write w 1 } }";
    const body = "let s, i = async B.f()\nB.f()";
    expect(why(a(body, b))).toEqual([
      "main waits for A.run to resolve",
      "A.run waits for B.f to resolve",
      "B.f#2 waits to enter B: the exclusive lock of B is held by B.f",
      "B.f waits for its write on B/w2; its peer B/r1 is idle",
    ]);
  });

  test("names backpressure", () => {
    const b =
      "component B { export on: func() { backpressure.inc }\nexport f: async func() stackful { task.return } }";
    expect(why(a("B.on()\nB.f()", b)).at(-1)).toBe("B.f waits to enter B: backpressure of B is 1");
  });

  test("tells a thread that suspended itself from one that never ran", () => {
    expect(why(a("thread.suspend")).at(-1)).toBe(
      "A.run suspended itself, and no thread resumes it",
    );
    const b = `component B { func g(x) { log x }
      export f: async func() callback { on start() { thread.new-indirect g 1; exit }
on event(e, i, p) { exit } } }`;
    expect(why(a("B.f()", b)).at(-1)).toBe(
      "B.f/thread was created suspended, and no thread resumes it",
    );
  });

  test("says what the host waits for", () => {
    const host = `host { var x = 0\nprocess never { await x == 2 } }\n`;
    expect(why(host + a('log "x"'))).toEqual(["never waits until x is 2; it is 0"]);
  });

  test("says that a peer is gone", () => {
    const body =
      "let r, w = stream.new<u8>; let ws = waitable-set.new; waitable.join w ws; stream.drop-readable r; waitable-set.wait ws";
    expect(why(a(body), "6d28164").at(-1)).toBe(
      "A.run waits for an event in A/set3; its only member: A/w2 is idle; its peer is gone",
    );
  });
});
