// Chapter 15 shows what the tool prints: `npx vitest run tests/oracle/chapter.test.ts -u` refreshes it.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { eventKinds } from "../../src/oracle/format/trace.ts";
import { cli } from "../unit/cli-harness.ts";

const chapter = readFileSync("spec/15-oracle.md", "utf8");
const consoles = /^```console\n\$ canon-async (.*)\n[\s\S]*?^```$/gm;
const traces = /\]\((traces\/[\w-]+\.jsonl)\):\n\n```jsonl\n[\s\S]*?^```$/gm;

/** Words as a shell reads them, with single quotes only. */
function words(line: string): readonly string[] {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ""));
}

test("the chapter shows what its commands print, and the traces that it names", async () => {
  let woven = chapter;
  for (const [fence, line = ""] of chapter.matchAll(consoles)) {
    const { out } = await cli(words(line));
    const shown = `\`\`\`console\n$ canon-async ${line}\n${out.trimEnd()}\n\`\`\``;
    woven = woven.replace(fence, () => shown);
  }
  for (const [fence, file = ""] of chapter.matchAll(traces)) {
    const content = readFileSync(`spec/${file}`, "utf8");
    const shown = `](${file}):\n\n\`\`\`jsonl\n${content}\`\`\``;
    woven = woven.replace(fence, () => shown);
  }
  await expect(woven).toMatchFileSnapshot("../../spec/15-oracle.md");
});

test("the chapter's table of events has every kind, and no other", () => {
  const [, table = ""] = /^### Events\n\n([\s\S]*?)\n\n/m.exec(chapter) ?? [];
  const kinds = [...table.matchAll(/^\| `([a-z-]+)` \| [^`]/gm)].map(([, kind]) => kind);
  expect(kinds.filter((kind) => kind !== "event")).toEqual(eventKinds);
});
