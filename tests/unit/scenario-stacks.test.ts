// The verbs of the host's stacks in the language: how they print, and which mistakes are refused.

import { describe, expect, test } from "vitest";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { parseScenarios } from "../../src/scenario/parse.ts";
import { printScenario } from "../../src/scenario/print.ts";

const withDriver = (lines: string): string => `scenario "verbs"
component A {
  export run: func(n: u32) -> u32 sync { return n }
}
host {
  func f: func() { }
  process driver {
    ${lines}
  }
}
always ok
`;

/** The message of the first mistake, without its place; null: there is none. */
function mistake(text: string): string | null {
  try {
    checkedScenarios(text, "x.scn");
    return null;
  } catch (error) {
    return (error as Error).message.split("\n")[0]?.replace(/^x\.scn:\d+:\d+: /, "") ?? null;
  }
}

describe("a verb of a stack", () => {
  test("prints as it is written", () => {
    const lines = [
      "let s = stack.new",
      "let f = stack.call s A.run(1 + 2)",
      "log stack.poll f",
      "stack.drop f",
      "stack.drop (stack.call (stack.new) A.run(1))",
      "log (stack.plain A.run(2)) + 1",
      "let stack = 3",
      "log %stack.poll",
    ];
    const [scenario] = parseScenarios(withDriver(lines.join("\n    ")), "x.scn");
    const printed = printScenario(scenario!);
    for (const line of lines)
      expect(printed).toContain(`${line.replace(/^log \((.*)\) \+ 1$/, "log $1 + 1")}\n`);
    const [again] = parseScenarios(printed, "x.scn");
    expect(printScenario(again!)).toBe(printed);
  });

  test("is refused where it makes no sense, with one message", () => {
    expect(mistake(withDriver("log stack.poll (stack.new)"))).toBe(null);
    expect(mistake(withDriver("log stack.drop 1"))).toBe("this gives no value");
    expect(mistake(withDriver("let s = stack.call 1 A.walk(1)"))).toBe("A has no export `walk`");
    expect(mistake(withDriver("let s = stack.call 1 A.run()"))).toBe(
      "A.run takes 1 argument, not 0",
    );
    expect(mistake(withDriver("stack.call 1 host.f()"))).toBe("the host does not call itself");
    expect(mistake(withDriver("stack.pole 1"))).toBe("there is no built-in `stack.pole`");
    const inside = withDriver("stack.new").replace("return n", "stack.new; return n");
    expect(mistake(inside)).toBe("`stack.new` outside the host");
  });
});
