// Scenarios that are judged, and traces written by hand.

import type { RecordedTrace, TraceEvent, TraceHeader } from "../../src/oracle/format/trace.ts";
import { judge } from "../../src/oracle/judging/judge.ts";
import type { JudgedUnder, JudgeOptions } from "../../src/oracle/judging/judgement.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { type Selection, select } from "../../src/scenario/revision.ts";

/** The only scenario of a text. */
export function scenarioOf(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "judged.scn");
  if (scenario === undefined) throw new Error("a text without a scenario");
  return scenario;
}

export function traceOf(
  events: Iterable<TraceEvent>,
  header: Partial<TraceHeader> = {},
): RecordedTrace {
  return { header: { format: "canon-async trace", version: 1, ...header }, events };
}

export const newest: Selection = select("d1daf829", [], []);
export const older: Selection = select("6d28164", [], []);

/** What the newest revision says. */
export function judgedNow(
  scenario: Scenario,
  events: Iterable<TraceEvent>,
  header: Partial<TraceHeader> = {},
  options: JudgeOptions = {},
): JudgedUnder {
  const trace = traceOf(events, header);
  const [judged] = judge(scenario, trace, { revisions: [newest], ...options }).revisions;
  if (judged === undefined) throw new Error("a judgement under nothing");
  return judged;
}

/** A reader takes four of eight bytes, then the write is cancelled. */
export const cancelledWrite: Scenario = scenarioOf(`
scenario "a write is cancelled behind a partial read"
component P {
  var w = 0
  export open: func() -> stream<u8> {
    let r, w2 = stream.new<u8>
    w = w2
    return r
  }
  export put: func() { let s = async stream.write w "12345678" }
  export stop: func() { let s = stream.cancel-write w }
}
component A {
  import P
  export run: async func() stackful {
    let r = P.open()
    P.put()
    let n = stream.read r 4
    P.stop()
    stream.drop-readable r
    task.return
  }
}
run A.run
always ok
`);

/** Two tasks give way once each, then say who they are. */
export const twoYield: Scenario = scenarioOf(`
scenario "two tasks yield"
component B {
  export f: async func() stackful {
    thread.yield
    log "f"
    task.return
  }
  export g: async func() stackful {
    thread.yield
    log "g"
    task.return
  }
}
run B.f
run B.g
always ok
`);

/** A task gives way until a variable changes, which nobody changes. */
export const yieldsForever: Scenario = scenarioOf(`
scenario "a task yields for ever"
component C {
  var stop = 0
  export spin: async func() stackful {
    while stop == 0 {
      thread.yield
    }
    task.return
  }
}
run C.spin
never ok
`);

/** A read that nobody answers. */
export const readsForever: Scenario = scenarioOf(`
scenario "a stream that nobody writes"
component D {
  export run: async func() stackful {
    let r, w = stream.new<u8>
    let n = stream.read r 1
    task.return
  }
}
run D.run
never ok
`);

/** An end is dropped that is none. */
export const dropsNothing: Scenario = scenarioOf(`
scenario "a handle that is none"
component E {
  export run: async func() stackful {
    stream.drop-readable 7
    task.return
  }
}
run E.run
never ok
`);
