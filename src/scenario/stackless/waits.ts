// What the tasks of a component of the split ABI wait for, in words. Mirrors spec/11.

import type { Ctx } from "../../canon/machine.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { Engine } from "./engine.ts";
import { type Call, type Executor, executorIn, type Task, type Wait } from "./state.ts";

const wholeName = (half: string): string => half.replace(/-isyswasfa-start$/, "");

/** The function that a call is of, as the application has it. */
function calleeOf({ program }: Ctx, { linked }: Engine, { at: [code, pc] }: Call): string {
  const instr = linked[code]?.code.instrs[pc];
  const call = instr?.op === "start-call" ? instr.start.import : null;
  const func = call?.tag === "lower" ? program.funcs[call.func] : undefined;
  return wholeName(func?.name ?? "a function");
}

/** `S.f`, `one of S.f, S.g`; null: it can go on. */
function waitsFor(on: Wait, calleeAt: (call: number) => string): string | null {
  if (on.tag === "turn") return null;
  if (on.tag === "call") return calleeAt(on.call);
  return `one of ${on.calls.map(calleeAt).join(", ")}`;
}

function explainTask(
  task: Task,
  name: string,
  open: readonly string[],
  calleeAt: (call: number) => string,
): readonly string[] {
  const { state, spawned } = task;
  const who = spawned ? `a task that ${name} spawned` : name;
  if (state.tag === "cancelled") return [`${who} is cancelled, and waits for ${open.join(", ")}`];
  const what = state.tag === "waiting" ? waitsFor(state.on, calleeAt) : null;
  return what === null ? [] : [`${who} waits for ${what}`];
}

/** One sentence for each task of a component that waits: `G.foo waits for host.slow`. */
export function explainTasks(c: Ctx, engine: Engine, instance: InstanceId): readonly string[] {
  const x: Executor = executorIn(c, instance);
  const calleeAt = (n: number): string => {
    const call = x.calls[n];
    return call ? calleeOf(c, engine, call) : "a call";
  };
  return x.tasks.flatMap((task, n) => {
    if (task === null) return [];
    const open = x.calls.flatMap((call, i) => (call?.task === n ? [calleeAt(i)] : []));
    return explainTask(task, wholeName(engine.entries[task.entry]?.name ?? ""), open, calleeAt);
  });
}
