// Records jco's runs anew and compares them with those that are kept. Needs Node 24: this process, or CANON_NODE.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { EngineError, recordJco } from "../../src/jco.ts";
import { traces } from "./jco-components.ts";
import { expectJudged } from "./jco-judged.ts";
import type { JcoRun } from "./jco-run.ts";
import { jcoRuns, runName } from "./jco-runs.ts";

const major = Number(process.versions.node.split(".")[0]);
const node = major >= 24 ? process.execPath : process.env.CANON_NODE;
const script = fileURLToPath(new URL("record-jco.ts", import.meta.url));

/** Components in which something yields or waits: jco then goes by its timers, and the order is its own. */
const timed = [
  "account",
  "backpressure",
  "calls",
  "cancellation",
  "closed",
  "host-calls",
  "host-texts",
  "queue",
  "subtasks",
  "sync-callee",
  "tasks",
];

async function compare(run: JcoRun, again: string, kept: string): Promise<void> {
  await expectJudged(run, again);
  if (timed.includes(run.component)) return;
  expect(readFileSync(again, "utf8"), again).toBe(readFileSync(kept, "utf8"));
}

test.skipIf(node === undefined)(
  "jco does again what it did (needs Node 24: CANON_NODE)",
  async () => {
    const folder = mkdtempSync(`${tmpdir()}/jco-`);
    try {
      execFileSync(node ?? "", ["--disable-warning=ExperimentalWarning", script, folder]);
      for (const run of jcoRuns) {
        const file = `${runName(run)}.jsonl`;
        await compare(run, `${folder}/${file}`, `${traces}/${file}`);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  180_000,
);

test.skipIf(node === undefined)(
  "runs that never end are cut off, two at once do not meet, and refusals are errors (needs Node 24: CANON_NODE)",
  () => {
    const alone = fileURLToPath(new URL("jco-process.ts", import.meta.url));
    const told = execFileSync(node ?? "", ["--disable-warning=ExperimentalWarning", alone]);
    expect(JSON.parse(String(told))).toEqual({
      cutOff: 20,
      // `invoke`, and then `enter` and `leave` in turn
      last: "enter",
      same: true,
      problem: "component",
    });
  },
  60_000,
);

test.skipIf(major >= 24)("without promise integration there is an error that says so", async () => {
  const recording = recordJco(new Uint8Array(), { calls: ["run()"] });
  await expect(recording).rejects.toThrow(EngineError);
  await expect(recording).rejects.toMatchObject({ problem: "host" });
});
