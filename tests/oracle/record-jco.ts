// Records all runs of jco-runs.ts into a folder: node tests/oracle/record-jco.ts FOLDER [NAME]. Needs Node 24 or newer.

import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "@bytecodealliance/jco-transpile/wasm-tools";
import { recordJco } from "../../src/jco.ts";
import { printTrace } from "../../src/oracle/format/print.ts";
import { textOf } from "./jco-components.ts";
import type { JcoRun } from "./jco-run.ts";
import { jcoRuns, runName } from "./jco-runs.ts";

const [folder = ".", only = ""] = process.argv.slice(2);

async function record(run: JcoRun): Promise<void> {
  const bytes = await parse(readFileSync(textOf(run), "utf8"));
  const { calls, hosts: imports = {} } = run;
  const trace = await recordJco(bytes, { calls, imports });
  writeFileSync(`${folder}/${runName(run)}.jsonl`, printTrace(trace));
}

for (const run of jcoRuns) if (runName(run).startsWith(only)) await record(run);

// jco's loops go on where a task waits for ever
process.exit(0);
