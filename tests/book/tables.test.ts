// The generated tables of the book are fresh; `npm run weave` makes them so.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { generators, labelsIn, weave } from "../../src/report/tables.ts";
import {
  bookFiles,
  chapters,
  read,
  readBook,
  readClaims,
  readDesignRules,
  readHolders,
  root,
} from "./files.ts";

const weaving = process.env.MODE === "weave";
const pages = bookFiles.filter((file) => file.endsWith(".md"));
const labels = new Map(
  chapters.flatMap((file) => labelsIn(read(file)).map(({ label }) => [label, file] as const)),
);
const book = {
  labels,
  scenarios: readBook().entries,
  claims: readClaims(),
  designRules: readDesignRules(),
  holders: readHolders(),
};

describe("generated tables", () => {
  for (const file of pages) {
    test(`of ${file} are fresh`, () => {
      const text = read(file);
      const woven = weave(text, file, book);
      if (weaving && woven !== text) writeFileSync(join(root, file), woven);
      else expect(text === woven, `${file} is stale: npm run weave`).toBe(true);
    });
  }
  test("stand somewhere in the book, each of them", () => {
    const text = pages.map(read).join("\n");
    const absent = Object.keys(generators).filter(
      (name) => !text.includes(`<!-- generated: ${name} -->`),
    );
    expect(absent).toEqual([]);
  });
});
