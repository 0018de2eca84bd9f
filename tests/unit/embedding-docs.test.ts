// The examples of docs/embedding.md print what stands below them: `npx vitest run tests/unit/embedding-docs.test.ts -u` refreshes it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { format } from "node:util";
import { expect, test, vi } from "vitest";

const text = readFileSync("docs/embedding.md", "utf8");
const example = /^```ts\n([\s\S]*?)^```\n\nprints\n\n```text\n([\s\S]*?)^```$/gm;

async function printed(code: string, n: number): Promise<string> {
  mkdirSync("reports", { recursive: true });
  const file = `reports/embedding-example-${n}.ts`;
  writeFileSync(file, code.replace('"canon-async/embedding"', '"../src/embedding.ts"'));
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...args) => lines.push(format(...args)));
  await import(/* @vite-ignore */ pathToFileURL(file).href);
  log.mockRestore();
  return lines.map((line) => `${line}\n`).join("");
}

test("the examples of the page print what it says", async () => {
  let woven = text;
  const examples = [...text.matchAll(example)];
  for (const [n, [whole, code = "", said = ""]] of examples.entries()) {
    const now = await printed(code, n);
    woven = woven.replace(whole, () => `${whole.slice(0, -said.length - 3)}${now}\`\`\``);
  }
  expect(examples.length).toBe(5);
  await expect(woven).toMatchFileSnapshot("../../docs/embedding.md");
});
