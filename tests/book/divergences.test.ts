// spec/divergences.md is complete: every entry has its parts and its proof, and code and book agree on the ids.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { discriminantType } from "../../src/canon/values/layout.ts";
import { relativePath } from "../../src/report/markdown.ts";
import { typeOf } from "../unit/component-check-harness.ts";
import { outcomesOf } from "../unit/component-run-harness.ts";
import { bookFiles, read, root } from "./files.ts";

const page = "spec/divergences.md";
const idPattern = /\bD-[a-z][a-z-]*[a-z]\b/g;

interface Divergence {
  readonly id: string;
  readonly text: string;
}

const entries: readonly Divergence[] = read(page)
  .split(/^### /m)
  .slice(1)
  .map((section) => ({ id: section.split("\n")[0] ?? "", text: section }));

const ids = entries.map(({ id }) => id);

function idsIn(file: string): readonly string[] {
  return [...new Set(read(file).match(idPattern) ?? [])];
}

const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `src/${name.replaceAll("\\", "/")}`);

/** The files that an entry names under "In the code", relative to the root. */
function placesOf({ text }: Divergence): readonly string[] {
  const [, paragraph = ""] = /^\*\*In the code\.\*\*([\s\S]*?)\n\n/m.exec(`${text}\n\n`) ?? [];
  return [...paragraph.matchAll(/\]\(\.\.\/([^)]+)\)/g)].map(([, path = ""]) => path);
}

describe("divergences", () => {
  test("have ids of their own", () => {
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.match(idPattern)?.[0] !== id)).toEqual([]);
  });
  for (const entry of entries) {
    const { id, text } = entry;
    test(`${id} says who says what, on what evidence, and who is right`, () => {
      const parts = ["**Who says what.**", "**Evidence.**", "**Who is right.**"];
      expect(parts.filter((part) => !text.includes(part))).toEqual([]);
    });
    test(`${id} is held by a scenario or a test`, () => {
      const proof = relativePath(page, "tests/book/divergences.test.ts");
      expect(text.includes("```scenario\n") || text.includes(proof)).toBe(true);
    });
    test(`${id} is named where the code takes its side`, () => {
      const named = sources.filter((file) => idsIn(file).includes(id)).sort();
      expect([...placesOf(entry)].sort()).toEqual(named);
    });
  }
  test("are listed if the code or the book names them", () => {
    const files = [...sources, ...bookFiles];
    const unknown = files.flatMap((file) =>
      idsIn(file)
        .filter((id) => !ids.includes(id))
        .map((id) => `${file}: ${id}`),
    );
    expect(unknown).toEqual([]);
  });
});

describe("D-wide-discriminant", () => {
  test("more than 2^24 cases are counted by a u32", () => {
    const lengths = [2 ** 16, 2 ** 16 + 1, 2 ** 24, 2 ** 24 + 1, 2 ** 32 - 1];
    const types = lengths.map((length) => discriminantType({ length }));
    expect(types).toEqual(["u16", "u32", "u32", "u32", "u32"]);
  });
});

/** A function lifted with a memory, whose `task.return` has another, the same, or none. */
const returning = (memory: string): string => `(component
  (core module $Memory (memory (export "mem") 1))
  (core instance $a (instantiate $Memory))
  (core instance $b (instantiate $Memory))
  (core func $task.return (canon task.return (result u32) ${memory}))
  (core module $M
    (import "" "task.return" (func $task.return (param i32)))
    (func (export "f") (call $task.return (i32.const 7))))
  (core instance $m (instantiate $M (with "" (instance
    (export "task.return" (func $task.return))))))
  (func (export "f") async (result u32)
    (canon lift (core func $m "f") async (memory (core memory $a "mem")))))`;

describe("D-task-return-memory", () => {
  const calls = { roots: [[["f"]]] } as const;
  test.each([
    ["of the lift", '(memory (core memory $a "mem"))', "[f = 7]"],
    ["none", "", "[f = 7]"],
    ["another", '(memory (core memory $b "mem"))', "[] traps task.return.wrong-options"],
  ])("a task.return with a memory: %s", async (_, memory, outcome) => {
    expect(await outcomesOf(returning(memory), calls)).toEqual([outcome]);
  });
});

describe("D-async-lower-memory", () => {
  const lowered = (type: string): string =>
    `(component (import "f" (func $f async ${type})) (core func (canon lower (func $f) async)))`;
  test("an async lower needs no memory if nothing lies in it", async () => {
    expect([...(await typeOf(lowered('(param "x" u32)'))).imports.keys()]).toEqual(["f"]);
  });
  test("it needs one for a result", async () => {
    await expect(typeOf(lowered("(result u32)"))).rejects.toThrow(
      "canonical option `memory` is required",
    );
  });
});
