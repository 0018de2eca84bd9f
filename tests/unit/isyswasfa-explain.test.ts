// Why a run of the split ABI is stuck: what its host waits for, and what the tasks of its components do.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { explainStuck } from "../../src/scheduler/explain.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";

function sentences(cast: string): readonly string[] {
  const [scenario] = checkedScenarios(`scenario "stuck"\n${cast}`, "stuck.scn");
  if (scenario === undefined) throw new Error(cast);
  const system = systemOf(scenario, parseRevision("d1daf829 with abi split"));
  return explainStuck(system, run(system, defaultPolicy).store);
}

describe("a root call that is stuck", () => {
  test("says what the host waits for, who waits for that, and which call is not made before", () => {
    const cast = `
      component A {
        import host
        import canon-async:testing/pollables
        export run: async func() stackless {
          let f = start host.f()
          let p = pollables.subscribe("never")
          await pollables.block(p)
        }
      }
      host {
        var never = 0
        func f: async func() { await never }
      }
      run A.run as one
      run A.run as two`;
    expect(sentences(cast)).toEqual([
      "one waits for host.f, the host's never; A.run waits for isyswasfa:io/poll.block",
      "two waits for another root call to end",
    ]);
  });
  test("names every task of every component, with its calls", () => {
    const cast = `
      component M {
        import S
        export run: async func() stackless {
          spawn { await S.f() }
          let a = start S.f()
          await first a
        }
      }
      component S {
        import host
        export f: async func() stackless { await host.slow() }
      }
      host {
        var never = 0
        func slow: async func() { await never }
      }
      run M.run as main`;
    const [sentence = ""] = sentences(cast);
    expect(sentence.split("; ")).toEqual([
      "main waits for host.slow, host.slow",
      "M.run waits for one of S.f",
      "a task that M.run spawned waits for S.f",
      "S.f waits for host.slow",
      "S.f waits for host.slow",
    ]);
  });
  test("names a task that is cancelled and cannot stop before its call has", () => {
    const cast = `
      component P {
        import host
        export g: async func() sync { host.slow() }
      }
      component Q {
        import P
        export h: async func() stackless { await P.g() }
      }
      component R {
        import Q
        import canon-async:testing/pollables
        export run: async func() stackless {
          let c = start Q.h()
          let p = pollables.subscribe("soon")
          await pollables.block(p)
          cancel c
          let n = pollables.subscribe("never")
          await pollables.block(n)
        }
      }
      host {
        var never = 0
        var soon = 0
        func slow: async func() { await never }
        process clock { await idle; soon = 1 }
      }
      run R.run as main`;
    const [sentence = ""] = sentences(cast);
    expect(sentence.split("; ")).toEqual([
      "main waits for P.g, the host's never",
      "Q.h is cancelled, and waits for P.g",
      "R.run waits for isyswasfa:io/poll.block",
    ]);
  });
});
