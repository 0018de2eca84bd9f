// What the static checker lets pass: the counterpart of tests/invalid.

import { describe, expect, test } from "vitest";
import { checkScenario } from "../../src/scenario/check.ts";
import type { CheckOptions } from "../../src/scenario/check-names.ts";
import { formatScenarioError, ScenarioError } from "../../src/scenario/errors.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";

/** The error of a text, or null. */
function verdict(text: string, options: CheckOptions = {}): string | null {
  try {
    for (const s of parseScenarios(text, "t.scn")) checkScenario(s, "t.scn", options);
    return null;
  } catch (error) {
    if (error instanceof ScenarioError) return formatScenarioError(error, text);
    throw error;
  }
}

describe("names", () => {
  test("components may import each other, nested ones are known by name", () => {
    const text = `scenario "t"
component A {
  import B
  export f: func() { B.f(); B.Inner.g(); Own.h() }
  component Own { export h: func() {} }
}
component B {
  import A
  export f: func() { A.f(); Inner.g() }
  component Inner { import A; export g: func() { A.f() } }
}
run A.f
run B.Inner.g`;
    expect(verdict(text)).toBe(null);
  });

  test("what is kept anywhere is a variable of the instance everywhere", () => {
    const text = `scenario "t"
component P {
  export put: func() { log stream.write w "a" }
  export open: func() -> stream<u8> { let r, w = stream.new; keep w; return r }
}`;
    expect(verdict(text)).toBe(null);
  });

  test("a name can be bound again in the same block", () => {
    expect(
      verdict('scenario "t"\ncomponent A { export f: func() { let x = 1; let x = x + 1; log x } }'),
    ).toBe(null);
  });

  test("a function's name is a value: its index in the table", () => {
    const lines =
      "func w(c) { log c }; export f: func() { let t = thread.new-indirect w 5; log w }";
    expect(verdict(`scenario "t"\ncomponent A { ${lines} }`)).toBe(null);
  });

  test("resources are named by their component from outside", () => {
    const text = `scenario "t"
type held = option<B.r>
component B {
  resource r { drop(rep) { log rep } }
  export mk: func(n: u32) -> r { return resource.new<r> n }
}
component A {
  import B
  export f: func() -> held { resource.drop<B.r> (B.mk(1)); return none }
}`;
    expect(verdict(text)).toBe(null);
  });
});

describe("bodies", () => {
  test("a callback body may end in every branch of an if, or not at all", () => {
    const text = `scenario "t"
component A {
  export f: async func() callback {
    on start() { let ws = waitable-set.new; keep ws; if ws == 1 { wait ws } else { yield } }
    on event(e, i, p) { while true { choose { exit } or { log e } } }
  }
}`;
    expect(verdict(text)).toBe(null);
  });

  test("the host awaits, calls what it likes, and waits for its calls", () => {
    const text = `scenario "t"
component A {
  import host
  export f: async func() stackful { let st, sub, p = async host.slow(1); log load u32 p }
}
host {
  var go = 0
  func slow: async func(x: u32) -> u32 cancellable { await go == 1; return x }
  process driver { let t = async A.f(); wait t; go = 1; await cancel; await go }
}
never stuck driver`;
    expect(verdict(text)).toBe(null);
  });

  test("task.return may lie about its type", () => {
    const body = "task.return<u64> 1; task.return<_>; task.return 1";
    expect(
      verdict(`scenario "t"\ncomponent A { export f: async func() -> u32 stackful { ${body} } }`),
    ).toBe(null);
  });
});

describe("claims", () => {
  const run = 'scenario "t"\ncomponent A { export f: func() {} }\nrun A.f\n';

  test("trap codes are only known when they are given", () => {
    const text = `${run}never traps no.such-trap`;
    expect(verdict(text)).toBe(null);
    expect(verdict(text, { trapCodes: new Set(["no.such-tarp"]) })).toContain(
      "did you mean `no.such-tarp`?",
    );
    expect(verdict(`${run}exactly {\n  [] traps x\n}`, { trapCodes: new Set() })).toContain("5:3");
  });

  test("expectations and leaks can be given too", () => {
    const options = { expects: new Set(["bugs"]), leaks: new Set(["thread"]) };
    expect(verdict(`${run}expect bugs\nnever leaks thread`, options)).toBe(null);
    expect(verdict(`${run}expect bug`, options)).toContain("did you mean `bugs`?");
    expect(verdict(`${run}never leaks task`, options)).toContain("`task`");
  });

  test("amendments that go together make a revision", () => {
    expect(verdict(`${run}under 6d28164 + CM#719 + CM#708: always ok`)).toBe(null);
    expect(verdict(`${run}under d1daf829 - CM#726: always ok`)).toBe(null);
    expect(verdict(`${run}under 6d28164: exactly {\n[]\n}\nexactly {\n[]\n}`)).toBe(null);
  });
});
