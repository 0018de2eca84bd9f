// WASI in scenarios: what imports bring into sight, the world of a block, waiting for idleness, settings.

import { describe, expect, test } from "vitest";
import type { Thread } from "../../src/model/thread.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseRevision, type Selection, withSettings } from "../../src/scenario/revision.ts";
import { simulateScenario } from "../../src/scenario/simulated.ts";
import { checksFor, revisionsOf, systemOf, verify } from "../../src/scenario/verify.ts";
import { AccessSet } from "../../src/scheduler/access.ts";
import type { Action } from "../../src/scheduler/machine.ts";
import { machineModel } from "../../src/scheduler/machine-model.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { SettingError } from "../../src/wasi/choice-points.ts";
import { worldKey } from "../../src/wasi/guest.ts";
import type { World } from "../../src/wasi/world.ts";
import { exploreText, failure } from "./scenario-harness.ts";

const newest = parseRevision("");

function only(text: string): Scenario {
  const [scenario] = checkedScenarios(text, "test.scn");
  if (scenario === undefined) throw new Error("no scenario");
  return scenario;
}

function outcomes(scenario: Scenario, revision: Selection = newest): readonly string[] {
  return verify(scenario, revision).outcomes.map((o) => showOutcome(o.outcome));
}

describe("an imported interface", () => {
  test("has the same types in every component: one opens, another reads", () => {
    const scenario = only(`scenario "t"
component Reader {
  import wasi:filesystem/types
  import wasi:filesystem/preopens
  export open: async func() -> result<descriptor, error-code> sync {
    let dirs = preopens.get-directories()
    let root = dirs[0][0]
    let opened = descriptor.open-at(root, {}, "a", {}, {read})
    resource.drop<descriptor> root
    return opened
  }
  export size: async func(d: borrow<descriptor>) -> u64 sync {
    let all = descriptor.stat(d)
    resource.drop<descriptor> d
    return all.ok.size
  }
}
component A {
  import wasi:filesystem/types@0.3.0
  import Reader
  export run: async func() sync {
    let d = Reader.open()
    log Reader.size(d.ok)
    resource.drop<descriptor> d.ok
  }
}
wasi {
  file "a" "abc"
  set calls at-once
}
run A.run
exactly { [3] }
never leaks own
`);
    for (const revision of revisionsOf(scenario)) expect(failure(scenario, revision)).toBeNull();
  });

  test("names two types alike: the package tells them apart", () => {
    const scenario = only(`scenario "t"
type codes = tuple<filesystem.error-code, cli.error-code>
component B {
  export show: func(both: codes) { log both }
}
component A {
  import B
  import wasi:filesystem/types
  import wasi:cli/stdin
  export run: func() {
    B.show((no-entry, pipe))
    let pipe = "a local hides the case"
    log pipe
  }
}
run A.run
exactly { [[no-entry, pipe], "a local hides the case"] }
`);
    expect(failure(scenario, newest)).toBeNull();
  });

  test("gives cases that carry something, in code and in constants", () => {
    const scenario = only(`scenario "t"
component A {
  import wasi:sockets/types
  export run: func(address: ip-address) { log address }
}
run A.run(ipv4((127, 0, 0, 1)))
exactly { [ipv4((127, 0, 0, 1))] }
`);
    expect(failure(scenario, newest)).toBeNull();
  });

  test("is there for the host without an import", () => {
    const scenario = only(`scenario "t"
wasi {}
host {
  process p {
    let dirs = preopens.get-directories()
    log descriptor.create-directory-at(dirs[0][0], "d")
    log fixture.exists("d")
  }
}
exactly { [ok, true] }
`);
    expect(failure(scenario, newest)).toBeNull();
  });
});

function worldOf(text: string): World {
  const { initial } = systemOf(only(text), newest);
  return initial.entities.instance[0]?.globals[worldKey] as World;
}

describe("a wasi block", () => {
  test("says what the world is before the first step", () => {
    const world = worldOf(`scenario "t"
wasi {
  directory "d"
  file "d/a" "\\u{e9}\\x00"
  link "b" "d/a"
  symlink "s" "d"
  preopen "/data" "d" read-only
  stdin "in" closed
  quota 7
  deny listen
  profile wasmtime
  set pin value
}
`);
    const { inodes, root, preopens, files, stdin, quota, denied, settings } = world;
    const at = (id: number | undefined) => inodes[id ?? -1];
    const names = at(root)?.entries ?? {};
    expect(Object.keys(names)).toEqual(["d", "b", "s"]);
    expect(at(names.b)).toMatchObject({ type: "regular-file", links: 2 });
    // U+00E9 is two bytes of UTF-8
    expect([...(at(names.b)?.data ?? [])]).toEqual([0xc3, 0xa9, 0]);
    expect(at(names.s)).toMatchObject({ type: "symbolic-link", target: "d" });
    expect(preopens.map((p) => [p.name, files[p.file]?.inode])).toEqual([["/data", names.d]]);
    expect(files[preopens[0]?.file ?? -1]?.readOnly).toBe(true);
    expect([stdin.data, stdin.closed, quota, denied]).toEqual([[105, 110], true, 7, ["listen"]]);
    // the last line about a choice point counts
    expect([settings.pin, settings.readahead]).toEqual(["value", "whole"]);
  });

  test("is implied by an import: an empty disk whose root is preopened", () => {
    const world = worldOf(`scenario "t"
component A {
  import wasi:cli/stdin
}
`);
    expect(world.preopens.map((p) => [p.name, world.files[p.file]?.inode])).toEqual([
      ["/", world.root],
    ]);
    expect([world.inodes[world.root]?.entries, world.stdin.data]).toEqual([{}, []]);
  });

  test("is not there otherwise", () => {
    expect(worldOf('scenario "t"\ncomponent A {}\n')).toBeUndefined();
  });
});

const isIdle = (t: Readonly<Thread>): boolean =>
  t.state.tag === "waiting" && t.state.ready.tag === "idle";

/** Two that wait for idleness; one of them sets something going that is neither. */
const idlers = `scenario "t"
host {
  var go = 0
  process a { await idle; log "a"; go = 1; await idle; log "a again" }
  process b { await idle; log "b" }
  process c { await go; choose { log "c" } or { log "d" }; await idle; log "c again" }
}
`;

describe("await idle", () => {
  test("goes on only when nothing else can happen", () => {
    const scenario = only(`scenario "t"
component B {
  export f: async func() stackful { log 1; thread.yield; log 2; thread.yield; log 3; task.return }
}
host {
  process last { await idle; log "idle" }
}
run B.f
exactly { [1, 2, 3, "idle"] }
`);
    expect(failure(scenario, newest)).toBeNull();
  });

  test("is woken one at a time, and what that sets going comes first", () => {
    const logs = outcomes(only(idlers)).map((text) => text.replace(/^\[|\]$/g, "").split(", "));
    expect(logs.length).toBeGreaterThan(8);
    for (const log of logs) {
      const [a, c] = [log.indexOf("a"), Math.max(log.indexOf("c"), log.indexOf("d"))];
      // nothing can be idle between the moment in which `a` lets `c` go and its log
      expect([log, c]).toEqual([log, a + 1]);
    }
  });

  test("loses no outcome to the reductions", () => {
    const scenario = only(idlers);
    const reduced = outcomes(scenario);
    const off = { macrosteps: false, dead: false, coin: false, sleep: false };
    const whole = verify(scenario, newest, { reduce: off });
    expect(reduced).toEqual(whole.outcomes.map((o) => showOutcome(o.outcome)));
  });

  test("depends on whatever another thread does: no reduction takes it for independent", () => {
    const scenario = only(`scenario "t"
component A {
  export f: func() { let x = 1 }
}
component B {
  export f: func() { let x = 1 }
}
host {
  process a { await idle; A.f() }
  process b { await idle; B.f() }
  process c { await idle }
}
`);
    const { initial, enabled, step } = machineModel(systemOf(scenario, newest), {
      macrosteps: false,
    });
    let store = initial;
    while (store.entities.thread.some((t) => t?.state.tag === "waiting" && !isIdle(t))) {
      store = step(store, enabled(store)[0] as Action);
    }
    while (store.stack.length > 0) store = step(store, enabled(store)[0] as Action);
    const moves = enabled(store);
    expect(moves.map(({ name }) => name)).toEqual(["resume a", "resume b", "resume c"]);
    const [a, b] = moves.map((move) => {
      const access = new AccessSet();
      step(store, move, access);
      return access;
    });
    expect(a?.conflicts(b as AccessSet)).toBe(true);
  });

  test("is the same for runs at random, which keep a list of what is ready", () => {
    const scenario = only(idlers);
    const known = new Set(outcomes(scenario));
    const { simulation } = simulateScenario(scenario, newest, { runs: 200, seed: 1 });
    expect(simulation.outcomes.length).toBe(known.size);
    for (const { outcome } of simulation.outcomes) expect(known).toContain(showOutcome(outcome));
  });

  test("comes before any clock, and clocks by their time", () => {
    const scenario = only(`scenario "t"
wasi { set calls at-once }
host {
  process a { monotonic-clock.wait-for(20); log "20 {monotonic-clock.now()}" }
  process b { monotonic-clock.wait-for(10); log "10 {monotonic-clock.now()}" }
  process c { await idle; log "idle {monotonic-clock.now()}" }
}
exactly { ["idle 0", "10 10", "20 20"] }
`);
    expect(failure(scenario, newest)).toBeNull();
  });

  test("says what it waits for when it never goes on", () => {
    const text = `scenario "t"
host {
  var x = 0
  process p { await x }
}
`;
    expect(exploreText(text).outcomes).toEqual(["[] stuck p  by default"]);
  });
});

const settled = `scenario "t"
component A {
  import wasi:clocks/monotonic-clock
  export run: func() { log "x" }
}
wasi { set pin op }
run A.run
exactly { ["x"] }
with check call: sometimes ["x"]
with check call: never stuck
under 6d28164 with check call, pin value: always ok
under 6d28164 + CM#687: always ok
`;

describe("claims with settings", () => {
  test("are searches of their own, under each revision that they may be about", () => {
    expect(revisionsOf(only(settled)).map(({ label }) => label)).toEqual([
      "d1daf829",
      "6d28164",
      "d1daf829 with check call",
      "6d28164 with check call",
      "6d28164 with check call, pin value",
      "6d28164 + CM#687",
    ]);
  });

  test("do not apply elsewhere, nor do those without settings there", () => {
    const scenario = only(settled);
    const quantifiers = (text: string) =>
      checksFor(scenario, parseRevision(text)).map((check) => check.quantifier);
    expect(quantifiers("d1daf829")).toEqual(["exactly"]);
    expect(quantifiers("d1daf829 with check call")).toEqual(["sometimes", "never"]);
    expect(quantifiers("6d28164 with pin value, check call")).toEqual(["always"]);
    expect(quantifiers("d1daf829 with pin value, check call")).toEqual([]);
  });

  test("count more than those of the block", () => {
    const world = (text: string): World => {
      const { initial } = systemOf(only(settled), parseRevision(text));
      return initial.entities.instance[0]?.globals[worldKey] as World;
    };
    expect(world("").settings.pin).toBe("op");
    expect(world("with pin any").settings.pin).toBe("any");
    expect(world("with pin any, profile wasmtime").settings.pin).toBe("op");
  });
});

describe("a selection", () => {
  test("is read back from its label", () => {
    const label = "6d28164 + CM#687 with pin op, profile all";
    const selection = parseRevision(label);
    expect(selection.label).toBe(label);
    expect(parseRevision("with  pin op").label).toBe("d1daf829 with pin op");
    expect(withSettings(selection, [{ name: "pin", value: "any" }]).label).toBe(
      "6d28164 + CM#687 with profile all, pin any",
    );
  });

  test.each([
    ["with pin", "a setting is written NAME VALUE"],
    ["with pin op value", "a setting is written NAME VALUE"],
    ["with pins op", 'unknown setting "pins"'],
    ["with pin ops", "pin is value, op or any"],
    ["with profile wasmtim", 'unknown host profile "wasmtim"'],
  ])("%s is refused", (text, why) => {
    expect(() => parseRevision(text)).toThrow(SettingError);
    expect(() => parseRevision(text)).toThrow(why);
  });

  test("fits the scenario", () => {
    const plain = only('scenario "t"\ncomponent A {}\n');
    expect(() => systemOf(plain, parseRevision("with pin op"))).toThrow("no WASI host");
    const scenario = only(`scenario "t"
component A {
  import wasi:filesystem/types
  export run: func(d: borrow<descriptor>) { log descriptor.read-all(1, 0) }
}
wasi { variant V5 }
`);
    expect(() => systemOf(scenario, parseRevision("with variant V2"))).toThrow(
      "line 4:49: under variant V2, there is no function `descriptor.read-all`",
    );
    expect(() => systemOf(scenario, parseRevision("with variant any"))).toThrow("one variant");
  });
});
