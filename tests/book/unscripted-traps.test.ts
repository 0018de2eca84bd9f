// Reaches the trap codes that are beyond scenarios: by a guest that errs, or a table that is full.

import { describe, expect, test } from "vitest";
import type { Guest, GuestMove } from "../../src/canon/machine.ts";
import { maxTableLength } from "../../src/canon/table.ts";
import type { Store } from "../../src/model/store.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { select } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import type { System } from "../../src/scheduler/machine.ts";
import { outcomeOf } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { callsUnknown, exits, programSystem } from "../unit/component-program-harness.ts";
import { rogueRuns } from "../unit/isyswasfa-rogues.ts";
import { moveOf } from "../unit/wasm-run-harness.ts";
import { trapping } from "../unit/wasm-run-traps.ts";
import { unscripted } from "./unscripted.ts";

function systemFor(text: string): System {
  const [scenario] = parseScenarios(`scenario "t"\n${text}\nrun A.run`, "t.scn");
  return systemOf(scenario!, select("d1daf829", [], []));
}

/** The same system with guests whose moves are changed. */
function withMoves(system: System, change: (move: GuestMove) => GuestMove): System {
  const script = system.guests.script!;
  const guest: Guest = {
    start: (...args) => script.start(...args),
    advance: (...args) => {
      const { move, state } = script.advance(...args);
      return { move: change(move), state };
    },
  };
  return { ...system, guests: { script: guest } };
}

/** The trap that the default run ends with. */
function trapOf(system: System): string {
  const { end } = outcomeOf(run(system, defaultPolicy).store);
  return end.tag === "traps" ? end.code : end.tag;
}

const callback = `component A {
  export run: async func() callback { on start() { yield }; on event(e, i, p) { exit } }
}`;

const spilled = `component B { export f: func() -> tuple<u32, u32> { return (1, 2) } }
component A { import B; export run: func() { B.f() } }`;

const returns = "component A { export run: async func() stackful { task.return } }";

const newSet = "component A { export run: func() { waitable-set.new } }";

function withoutRoom(store: Store): Store {
  const instance = store.entities.instance.map((inst) => {
    const array = [null, ...(inst?.handles.array.slice(1) ?? [])];
    array.length = maxTableLength + 1;
    return inst && { ...inst, handles: { array, free: [] } };
  });
  return { ...store, entities: { ...store.entities, instance } };
}

/** What a component does to the host of the split ABI. */
function roguesEnd(code: string): () => string {
  const end = rogueRuns[code];
  if (end === undefined) throw new Error(`no component ends in ${code}`);
  return end;
}

/** What core code does that errs, by the last part of the code; scenarios reach two of them. */
const scripted = ["unreachable", "throw"];
const errs = Object.entries(trapping).filter(([reason]) => !scripted.includes(reason));
const cores = await Promise.all(
  errs.map(async ([reason, text]) => [`guest.${reason}`, await moveOf(text)] as const),
);

const programs = {
  "host.unknown-import": await programSystem(callsUnknown),
  "host.exited": await programSystem(exits),
};

const reached: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    Object.entries(programs).map(([code, system]) => [code, () => trapOf(system)]),
  ),
  "lift.callback.bad-code": () => {
    const bad: GuestMove = { tag: "return", values: [3] };
    return trapOf(withMoves(systemFor(callback), (move) => (move.tag === "return" ? bad : move)));
  },
  "lower-results.misaligned": () =>
    trapOf(
      withMoves(systemFor(spilled), (move) => {
        const calls = move.tag === "call" && move.import.tag === "lower";
        return calls ? { ...move, args: [2] } : move;
      }),
    ),
  "task.return.wrong-options": () =>
    trapOf(
      withMoves(systemFor(returns), (move) => {
        if (move.tag !== "call" || move.import.tag !== "builtin") return move;
        const opts = { ...move.import.opts, encoding: "utf16" } as const;
        return { ...move, import: { ...move.import, opts } };
      }),
    ),
  ...Object.fromEntries(
    cores.map(([code, move]) => [code, () => trapOf(withMoves(systemFor(returns), () => move))]),
  ),
  "table.full": () => {
    const system = systemFor(newSet);
    return trapOf({ ...system, initial: withoutRoom(system.initial) });
  },
  ...Object.fromEntries(
    ["unexpected-task-state", "cancel-without-listener", "no-room", "no-poll-function"]
      .map((reason) => `isyswasfa.${reason}`)
      .map((code) => [code, roguesEnd(code)]),
  ),
};

describe("trap codes beyond scenarios", () => {
  test("are all listed with a reason", () => {
    expect(Object.keys(reached).sort()).toEqual(Object.keys(unscripted).sort());
  });
  for (const [code, reach] of Object.entries(reached)) {
    test(`${code} is reached`, () => {
      expect(reach()).toBe(code);
    });
  }
});
