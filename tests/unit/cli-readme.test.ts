// The README shows what the tool prints: `npx vitest run tests/unit/cli-readme.test.ts -u` refreshes it.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test, vi } from "vitest";
import { cli } from "./cli-harness.ts";

const readme = readFileSync("README.md", "utf8");
const consoles = /^```console\n\$ canon-async (.*)\n[\s\S]*?^```$/gm;
const example = /^```ts\n([\s\S]*?)^```$/m;
const printed = /(It prints:\n\n```text\n)[\s\S]*?(^```$)/m;

/** Words as a shell reads them, with single quotes only. */
function words(line: string): readonly string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ""));
}

async function runExample(code: string): Promise<string> {
  mkdirSync("reports", { recursive: true });
  const file = "reports/readme-example.ts";
  writeFileSync(file, code.replace('"canon-async"', '"../src/index.ts"'));
  const lines: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((...args) => lines.push(args.join(" ")));
  await import(/* @vite-ignore */ pathToFileURL(file).href);
  log.mockRestore();
  return lines.map((line) => `${line}\n`).join("");
}

test("the README shows what its commands and its example print", async () => {
  let woven = readme;
  for (const [fence, line = ""] of readme.matchAll(consoles)) {
    const { out } = await cli(words(line));
    woven = woven.replace(
      fence,
      () => `\`\`\`console\n$ canon-async ${line}\n${out.trimEnd()}\n\`\`\``,
    );
  }
  const said = await runExample(example.exec(readme)?.[1] ?? "");
  woven = woven.replace(printed, (_, before: string, after: string) => before + said + after);
  await expect(woven).toMatchFileSnapshot("../../README.md");
});
