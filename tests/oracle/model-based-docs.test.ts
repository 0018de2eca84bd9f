// The example of chapter 15 on testing an implementation fails with the message that stands below it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const chapter = readFileSync("spec/15-oracle.md", "utf8");
const example =
  /^```ts\n(import \{ checkImplementation[\s\S]*?)^```\n[\s\S]*?^```text\n(CheckFailed: [\s\S]*?)^```$/m;

test("the example of the chapter is found, and shown, as the chapter says", async () => {
  const [, code = "", said = ""] = example.exec(chapter) ?? [];
  mkdirSync("reports", { recursive: true });
  const file = "reports/model-based-example.ts";
  writeFileSync(file, code.replace('"canon-async/model-based"', '"../src/model-based.ts"'));
  const failure = import(/* @vite-ignore */ pathToFileURL(file).href).catch(String);
  expect(`${await failure}\n`).toBe(said);
});
