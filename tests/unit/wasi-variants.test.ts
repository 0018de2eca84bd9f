// The designs of the interfaces: what their signatures say, and the tables that set them side by side.

import { describe, expect, test } from "vitest";
import { programTables, signatureTable } from "../../src/report/variant-table.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { checkedScenarios } from "../../src/scenario/book.ts";
import { wasiInterfaces } from "../../src/wasi/interfaces.ts";
import { asksOf, borrowOutlives } from "../../src/wasi/variants.ts";
import type { InterfaceFunc, WitType } from "../../src/wit/resolved.ts";

const files = "wasi:filesystem/types@0.3.0";
const sockets = "wasi:sockets/types@0.3.0";
const stdout = "wasi:cli/stdout@0.3.0";

function func(variant: string, id: string, name: string): InterfaceFunc {
  const found = wasiInterfaces(variant)
    .get(id)
    ?.funcs.find((one) => one.name === name);
  if (found === undefined) throw new Error(`${variant} has no ${name}`);
  return found;
}

/** `result<future<result<_, variant>>, variant>` */
function shape(t: WitType | null): string {
  if (t === null) return "_";
  switch (t.tag) {
    case "future":
    case "stream":
      return `${t.tag}<${shape(t.t)}>`;
    case "result":
      return `result<${shape(t.ok)}, ${shape(t.error)}>`;
    case "tuple":
      return `(${t.ts.map(shape).join(", ")})`;
    default:
      return t.tag;
  }
}

const signature = ({ async, result }: InterfaceFunc): string =>
  `${async ? "async " : ""}${shape(result)}`;

describe("a write", () => {
  const writes = [
    [files, "write-via-stream", "variant"],
    [files, "append-via-stream", "variant"],
    [sockets, "send", "variant"],
    [stdout, "write-via-stream", "enum"],
  ] as const;

  for (const [id, name, code] of writes) {
    test(`of ${id} (${name}) tells how it went in the way of its design`, () => {
      const result = `result<_, ${code}>`;
      expect(signature(func("V1", id, name))).toBe(`async ${result}`);
      expect(signature(func("V3", id, name))).toBe(`result<future<${result}>, ${code}>`);
      for (const variant of ["V2", "V4", "V4-soft", "V5"]) {
        expect(signature(func(variant, id, name))).toBe(`future<${result}>`);
      }
    });
  }

  test("that has the shape of the released one is released: V4 differs in nothing but what it does", () => {
    const text = (variant: string): string =>
      JSON.stringify(
        [...wasiInterfaces(variant).values()].map(({ funcs }) => funcs),
        (key, value) => (key === "pos" ? null : value),
      );
    expect(text("V4")).toBe(text("V2"));
    expect(text("V4-soft")).toBe(text("V2"));
    expect(text("V3-pinned")).toBe(text("V3"));
    expect(text("V3")).not.toBe(text("V2"));
  });
});

describe("the functions of V5", () => {
  test("are there in addition, and are no methods", () => {
    const more = (["V2", "V5"] as const).map((variant) => {
      const all = [...wasiInterfaces(variant).values()].flatMap(({ funcs }) => funcs);
      return all.map(({ kind, name }) => `${kind} ${name}`);
    });
    const [before = [], after = []] = more;
    expect(after.filter((name) => !before.includes(name)).sort()).toEqual([
      "static accept-all",
      "static read-all",
      "static split",
      "static write-all",
    ]);
  });

  test("give the socket back where it is of use only if their type says so", () => {
    const split = (variant: string): string => shape(func(variant, sockets, "split").result);
    const streams = "(stream<u8>, future<result<_, variant>>, future<result<_, variant>>)";
    expect(split("V5")).toBe(streams);
    expect(split("V5-returning")).toBe(`result<${streams}, (variant, own)>`);
  });
});

describe("a borrow", () => {
  test("outlives the call where the call may outlive its making: an async method", () => {
    expect(borrowOutlives(func("V1", sockets, "send"))).toBe(true);
    expect(borrowOutlives(func("V2", sockets, "connect"))).toBe(true);
    // a borrowed argument is as much borrowed as the receiver
    expect(borrowOutlives(func("V2", files, "link-at"))).toBe(true);
  });

  test("does not where the call is over at once, or nothing is borrowed", () => {
    expect(borrowOutlives(func("V2", sockets, "send"))).toBe(false);
    expect(borrowOutlives(func("V3", sockets, "send"))).toBe(false);
    expect(borrowOutlives(func("V5", sockets, "split"))).toBe(false);
    // async, but no method: nothing is lent by who writes to stdout
    expect(borrowOutlives(func("V1", stdout, "write-via-stream"))).toBe(false);
  });

  test("is what a function asks for, or nothing, or the handle for good", () => {
    expect(asksOf(func("V1", files, "write-via-stream"))).toBe("lent until it resolves");
    expect(asksOf(func("V2", files, "write-via-stream"))).toBe("lent for the call");
    expect(asksOf(func("V5", files, "write-all"))).toBe("used up");
    expect(asksOf(func("V1", stdout, "write-via-stream"))).toBe("nothing");
  });
});

/** A program that writes to stdout, in place of the real ones. */
function program(title: string, variant: string, body: string): string {
  return `
scenario "${title}"
wasi {
  variant ${variant}
  set chunk whole
}
component A {
  import wasi:cli/stdout
  import canon-async:testing/fixture
  export run: async func() stackful {
    let r, w = stream.new
${body}
    task.return
  }
}
run A.run
`;
}

const future = "    stdout.write-via-stream(r)\n";
const writing = '    let wrote = stream.write w "a|b"\n    log "writing: {wrote}"\n';

function scenarios(...texts: readonly string[]): readonly Scenario[] {
  return checkedScenarios(texts.join(""), "programs.scn");
}

const stdio = (found: readonly Scenario[]): string => programTables.stdio?.(found) ?? "";

describe("the table of a program", () => {
  test("has a row for each thing that is looked at, and one for how the run ends", () => {
    const found = scenarios(
      program("V08 V1 waits", "V1", "    stdout.write-via-stream(r)\n"),
      program(
        "V08 V2 chooses",
        "V2",
        `    choose { log "by: left" } or { log "by: right" }\n${future}${writing}`,
      ),
      program(
        "V08 V3 logs",
        "V3",
        `    log "plain"\n    log "out: {fixture.stdout()}"\n${future}${writing}`,
      ),
    );
    expect(stdio(found).split("\n")).toEqual([
      "|  | V1 | V2 | V3 | V4 | V5 |",
      "| --- | --- | --- | --- | --- | --- |",
      "| by |  | left or right |  | left or right | left or right |",
      "| writing |  | COMPLETED\\|3 | COMPLETED\\|3 | COMPLETED\\|3 | COMPLETED\\|3 |",
      "| plain |  |  | yes |  |  |",
      "| out |  |  | nothing |  |  |",
      // who waits for its own write hangs
      "| the run | stuck run | ends well | ends well | ends well | ends well |",
    ]);
  });

  test("is not made if a scenario is missing, or if two could be meant", () => {
    const one = program("V08 V1 waits", "V1", "");
    expect(() => stdio(scenarios(one))).toThrow('0 scenarios begin with "V08 V2"');
    expect(() => stdio(scenarios(one, one.replace("waits", "waits again")))).toThrow(
      '2 scenarios begin with "V08 V1"',
    );
  });
});

test("the table of signatures says what each design asks of handles", () => {
  const rows = signatureTable().split("\n");
  expect(rows).toContain(
    "| `tcp-socket.send` | lent until it resolves | lent for the call | lent for the call | lent for the call | lent for the call |",
  );
  expect(rows).toContain("| `tcp-socket.split` |  |  |  |  | used up |");
});
