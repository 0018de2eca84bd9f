// Symmetry of roots: the image of a store is the store that the permuted schedule reaches.

import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { systemOf } from "../../src/scenario/verify.ts";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { arrangement } from "../../src/scheduler/encoding/permutation.ts";
import { rootSymmetry, SymmetryError } from "../../src/scheduler/encoding/root-symmetry.ts";
import { type Action, enabled, macrostep, type System } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { random } from "../../src/scheduler/sampling/random.ts";

/** Threads, subtasks, a stream and a lock, so that there is something to change places. */
const busy = `
scenario "three that are alike"
component B {
  export f: async func(n: u32) sync {
    thread.yield
    log n
  }
}
component A {
  import B
  var turns = 0
  func more(n) {
    thread.yield
    turns = turns + n
  }
  export run: async func() stackful {
    let t = thread.new-indirect more 1
    thread.resume-later t
    let r, w = stream.new
    async stream.write w "ab"
    let s, sub = async B.f(turns)
    thread.yield
    log stream.read r 1
    task.return
  }
}
run A.run as zero
run A.run as one
run A.run as two
run B.f(7) as three
symmetric zero, two, one
`;

function systemFor(text: string): System {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return systemOf(scenario, parseRevision("d1daf829"));
}

const system = systemFor(busy);
const model = machineModel(system, { symmetry: true });

function image(store: Store, k: number): string {
  const out = new Encoding();
  model.symmetry?.encode(store, k, out);
  return out.ints.subarray(0, out.length).join();
}

function encoding(store: Store): string {
  const out = new Encoding();
  model.encode(store, out);
  return out.ints.subarray(0, out.length).join();
}

/** The same move in a permuted run: a thread by the image of its path, a pick by its place. */
function imageOf(action: Action, actions: readonly Action[], others: readonly Action[], k: number) {
  if (action.tag !== "host") return others[actions.indexOf(action)];
  const path = rootSymmetry(system)
    ?.permutation(k)
    .path(action.id?.slice("resume ".length) ?? "");
  return others.find((other) => other.tag === "host" && other.id === `resume ${path}`);
}

describe("the images of a store", () => {
  test("are 6 for three roots, the first one the store itself", () => {
    expect(model.symmetry?.size).toBe(6);
    expect(image(model.initial, 0)).toBe(encoding(model.initial));
  });

  test("are what the permuted schedules reach, and all different once they have parted", () => {
    let apart = 0;
    for (let seed = 0; seed < 20; seed++) {
      const k = seed % 6;
      const next = random(seed);
      let store = model.initial;
      let other = model.initial;
      for (;;) {
        const actions = enabled(system, store);
        const action = actions[next() % Math.max(actions.length, 1)];
        if (action === undefined) break;
        const same = imageOf(action, actions, enabled(system, other), k);
        if (same === undefined) throw new Error(`no image of ${action.name}`);
        store = macrostep(system, store, action);
        other = macrostep(system, other, same);
        expect(image(store, k)).toBe(encoding(other));
        const all = [0, 1, 2, 3, 4, 5].map((i) => image(store, i));
        if (new Set(all).size === 6) apart += 1;
      }
    }
    expect(apart).toBeGreaterThan(100);
  });

  test("are arranged in every way, each once", () => {
    const all = [0, 1, 2, 3, 4, 5].map((k) => arrangement([4, 7, 9], k).join(" "));
    expect(all).toEqual(["4 7 9", "4 9 7", "7 4 9", "7 9 4", "9 4 7", "9 7 4"]);
  });

  test("go by the first number of a path only, also beyond 9", () => {
    const many = Array.from({ length: 12 }, (_, i) => i);
    const symmetric = { ...manyAlike(12), symmetric: [[1, 11]] };
    const swap = rootSymmetry(symmetric)?.permutation(1);
    expect(["0.1", "1.1.0", "a11.1", "a10"].map((path) => swap?.path(path))).toEqual([
      ...["0.1", "a11.1.0", "1.1", "a10"],
    ]);
    expect(many.map((i) => swap?.source(i))).toEqual([0, 11, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1]);
  });
});

function manyAlike(n: number): System {
  const runs = Array.from({ length: n }, (_, i) => `run A.f as r${i}`);
  return systemFor(
    `scenario "alike"\ncomponent A { export f: func() {} }\n${runs.join("\n")}\nrun A.f as last\n`,
  );
}

describe("a declaration of symmetry", () => {
  test("that says nothing is none", () => {
    expect(rootSymmetry({ ...system, symmetric: [[1]] })).toBeNull();
    expect(machineModel(system).symmetry).toBeUndefined();
  });

  test("is refused where roots differ, do not exist or are listed twice", () => {
    const declared =
      (...symmetric: number[][]) =>
      () =>
        rootSymmetry({ ...system, symmetric });
    expect(declared([0, 3])).toThrow(new SymmetryError("the runs zero and three are not alike"));
    expect(declared([0, 4])).toThrow(new SymmetryError("there is no run number 4"));
    expect(declared([0, 1], [2, 1])).toThrow(new SymmetryError("run number 1 is listed twice"));
  });

  test("is refused beyond 720 permutations", () => {
    const alike = manyAlike(7);
    expect(rootSymmetry({ ...alike, symmetric: [[0, 1, 2, 3, 4, 5]] })?.size).toBe(720);
    expect(() =>
      rootSymmetry({
        ...alike,
        symmetric: [
          [0, 1, 2, 3, 4, 5],
          [6, 7],
        ],
      }),
    ).toThrow(new SymmetryError("1440 permutations of runs are too many: at most 720"));
  });
});
