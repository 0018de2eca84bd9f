// Recorded traces, judged: with switches of threads and arguments, and with results of calls only.

import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import type { RecordedTrace, TraceEvent } from "../src/oracle/format/trace.ts";
import { judgeSystem } from "../src/oracle/judging/judge.ts";
import { recordRun } from "../src/oracle/record.ts";
import { componentScenario } from "../src/scenario/binary.ts";
import { parseRevision } from "../src/scenario/revision.ts";
import { systemOf } from "../src/scenario/verify.ts";
import type { System } from "../src/scheduler/machine.ts";
import { uniform } from "../src/scheduler/sampling/policies.ts";
import { seconds } from "./measure.ts";
import { demand, type Figure } from "./workload.ts";

/** Two callers, each with a callee that gives way before it returns: they take turns in every order. */
const twoLoops = `(component
  (component $Callee
    (core func $return (canon task.return (result u32)))
    (core module $M
      (import "" "return" (func $return (param i32)))
      (global $x (mut i32) (i32.const 0))
      (func (export "f") (param i32) (result i32)
        (global.set $x (local.get 0))
        (i32.const 1))
      (func (export "event") (param i32 i32 i32) (result i32)
        (call $return (i32.add (global.get $x) (i32.const 1)))
        (i32.const 0)))
    (core instance $m (instantiate $M (with "" (instance (export "return" (func $return))))))
    (func (export "f") async (param "x" u32) (result u32)
      (canon lift (core func $m "f") async (callback (func $m "event")))))
  (component $Caller
    (import "f" (func $f async (param "x" u32) (result u32)))
    (core func $f (canon lower (func $f)))
    (core func $return (canon task.return (result u32)))
    (core module $M
      (import "" "f" (func $f (param i32) (result i32)))
      (import "" "return" (func $return (param i32)))
      (func (export "run") (param $n i32) (local $i i32)
        (loop $again
          (local.set $i (call $f (local.get $i)))
          (br_if $again (i32.lt_u (local.get $i) (local.get $n))))
        (call $return (local.get $i))))
    (core instance $m (instantiate $M
      (with "" (instance (export "f" (func $f)) (export "return" (func $return))))))
    (func (export "run") async (param "n" u32) (result u32) (canon lift (core func $m "run") async)))
  (instance $callee1 (instantiate $Callee))
  (instance $callee2 (instantiate $Callee))
  (instance $caller1 (instantiate $Caller (with "f" (func $callee1 "f"))))
  (instance $caller2 (instantiate $Caller (with "f" (func $callee2 "f"))))
  (export "one" (func $caller1 "run"))
  (export "two" (func $caller2 "run")))`;

const bytes = await parse(twoLoops);

interface Run {
  readonly system: System;
  readonly trace: RecordedTrace & { readonly events: readonly TraceEvent[] };
}

/** A run of both loops, `n` times round each, in an order that comes of chance. */
function recorded(n: number): Run {
  const scenario = componentScenario(bytes, { invoke: [`one(${n})`, `two(${n})`] });
  const system = systemOf(scenario, parseRevision("d1daf829"));
  const trace = recordRun(system, uniform(7), { maxChoices: Number.POSITIVE_INFINITY });
  demand(trace.outcome.end.tag === "ok", "both loops come to their end");
  return { system, trace };
}

/** Only what calls returned, without saying where. */
function resultsOf({ header, events }: RecordedTrace): Run["trace"] {
  const omits = ["enter", "leave", "call", "invoke", "result"] as const;
  const kept = [...events].flatMap((event): TraceEvent[] => {
    if (event.event === "end") return [event];
    if (event.event !== "return") return [];
    const { func, results } = event;
    return [{ event: "return", ...(func && { func }), ...(results && { results }) }];
  });
  return { header: { ...header, omits }, events: kept };
}

function judgeAll(system: System, { header, events }: Run["trace"]): void {
  const { verdict, explained } = judgeSystem(system, { header, events });
  demand(verdict === "allowed", "a run of the model is allowed");
  demand(explained === events.length, "all of it is explained");
}

function figure(
  name: string,
  bound: number,
  n: number,
  part: (trace: RecordedTrace) => Run["trace"] = (trace) => ({
    ...trace,
    events: [...trace.events],
  }),
): Figure {
  const measure = (small: boolean): number => {
    const { system, trace } = recorded(small ? 3 : n);
    const judged = part(trace);
    judgeAll(system, judged);
    return judged.events.length / seconds(() => judgeAll(system, judged));
  };
  const target = { of: "value", is: "at least", bound } as const;
  return { tag: "figure", name, unit: "events/s", target, measure };
}

export const judgingFigures: readonly Figure[] = [
  figure("judge-all", 50_000, 10_000),
  figure("judge-results", 1000, 2500, resultsOf),
];
