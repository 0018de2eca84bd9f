// spec/divergences.md is complete: every entry has its parts and its proof, and code and book agree on the ids.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { discriminantType } from "../../src/canon/values/layout.ts";
import { relativePath } from "../../src/report/markdown.ts";
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
