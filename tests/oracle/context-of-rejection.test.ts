// The context that comes with a rejection: the earlier events that it contradicts, and no others.

import { expect, test } from "vitest";
import type { TraceEvent } from "../../src/oracle/format/trace.ts";
import type { Rejection } from "../../src/oracle/judging/judgement.ts";
import { recordRun } from "../../src/oracle/record.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { defaultPolicy } from "../../src/scheduler/run.ts";
import { judgedNow, newest, scenarioOf } from "./judge-harness.ts";

/** A run by default in which one line says something else; and why that is rejected. */
function rejectionOf(scenario: Scenario, line: string, other: string): Rejection | null {
  const { events } = recordRun(systemOf(scenario, newest), defaultPolicy);
  const place = events.findIndex((event) => event.event === "log" && event.line === line);
  const trace: readonly TraceEvent[] = events.with(place, { event: "log", line: other });
  return judgedNow(scenario, trace).rejection;
}

/** The lines of a context, and the kinds of its other events. */
function saidIn(rejection: Rejection | null): readonly string[] | undefined {
  return rejection?.context.map(({ event }) => ("line" in event ? event.line : event.event));
}

const sum = scenarioOf(`
scenario "three choices and their parity"
component C {
  var x = 0
  var y = 0
  var z = 0
  export run: async func() stackful {
    choose { x = 1 } or { x = 0 }
    log "x {x}"
    choose { y = 1 } or { y = 0 }
    log "y {y}"
    log "both {x + y}"
    choose { z = 1 } or { z = 0 }
    log "z {z}"
    if x + y + z == 3 { log "all" }
    task.return
  }
}
run C.run
`);

test("holds nothing if no run at all gets there", () => {
  expect(rejectionOf(sum, "x 1", "x 2")).toMatchObject({ context: [], shortest: true });
});

test("holds the one event that contradicts", () => {
  // Whatever x and y are, they do not add up to 3 without z.
  const rejection = rejectionOf(sum, "z 1", "z 0");
  expect(rejection).toMatchObject({ event: { event: { event: "log", line: "all" } } });
  expect(saidIn(rejection)).toEqual(["z 0"]);
  expect(rejection?.shortest).toBe(true);
});

test("holds two events that contradict a third one only together", () => {
  const rejection = rejectionOf(sum, "both 2", "both 1");
  expect(saidIn(rejection)).toEqual(["x 1", "y 1"]);
  expect(rejection?.shortest).toBe(true);
});
