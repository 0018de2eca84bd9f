// The conformance run's command line: the official suites in checkouts of the user's, as a table.

import { existsSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { UsageError } from "../../src/cli/io.ts";
import { checkWritable } from "../../src/cli/saved-file.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import {
  type Divergences,
  divergencesOf,
  inScope,
  runSuite,
  type Suite,
  suiteFolder,
  suiteRevision,
  unexplained,
} from "./suite.ts";
import { suiteTable } from "./table.ts";

const usage =
  "npm run conformance -- [COMPONENT-MODEL] [--core SPEC].. [--revision R] [--all-schedules] " +
  "[--max-states N] [--output FILE]";

function refuse(why: string): never {
  process.stderr.write(`${why}\n${usage}\n`);
  process.exit(2);
}

/** What is wrong is said before anything runs. */
function read(): ReturnType<typeof parse> {
  try {
    return parse();
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function parse() {
  const given = parseArgs({
    allowPositionals: true,
    options: {
      core: { type: "string", multiple: true, default: [] },
      revision: { type: "string", default: suiteRevision },
      "all-schedules": { type: "boolean", default: false },
      "max-states": { type: "string" },
      output: { type: "string" },
    },
  });
  const { revision, output, "max-states": states = "1" } = given.values;
  parseRevision(revision);
  if (output !== undefined) checkWritable(output);
  if (!/^[1-9]\d*$/.test(states)) refuse("--max-states is a whole number, 1 or more");
  return given;
}

const { values, positionals } = read();
const tell = (text: string): void => {
  process.stderr.write(text);
};
let asked = false;
process.on("SIGINT", () => {
  if (asked) process.exit(130);
  asked = true;
});

function folderIn(checkout: string, inside: string): string {
  if (!existsSync(checkout)) return refuse(`there is no ${checkout}`);
  return suiteFolder(checkout, inside) ?? refuse(`there is no ${inside} in ${checkout}`);
}

async function components(checkout: string, divergences: Divergences): Promise<Suite> {
  const { revision } = values;
  const states = values["max-states"];
  return runSuite({
    title: `Component Model, at ${revision}`,
    folder: folderIn(checkout, "test"),
    revision,
    divergences,
    allSchedules: values["all-schedules"],
    ...(states === undefined ? {} : { maxStates: Number(states) }),
    ...{ tell, stopped: () => asked },
  });
}

async function core(checkout: string): Promise<Suite> {
  return runSuite({
    title: `WebAssembly core: ${checkout}`,
    folder: folderIn(checkout, "test/core"),
    revision: suiteRevision,
    divergences: new Map(),
    only: inScope,
    ...{ tell, stopped: () => asked },
  });
}

async function suites(): Promise<readonly Suite[]> {
  const divergences = divergencesOf(process.cwd());
  const all: Suite[] = [];
  for (const checkout of positionals) all.push(await components(checkout, divergences));
  for (const checkout of values.core) all.push(await core(checkout));
  return all;
}

/** Whether it was run to its end, and no search came to its bound. */
function isCertain({ complete, rows }: Suite): boolean {
  return complete && rows.every(({ tally }) => tally.bounded === 0);
}

function exitCode(all: readonly Suite[]): number {
  const bad = all.some((suite) => suite.invalid.length > 0 || suite.rows.some(unexplained));
  if (bad) return 1;
  return all.every(isCertain) ? 0 : 3;
}

if (positionals.length + values.core.length === 0) {
  refuse("name a checkout of component-model, or one of spec with --core");
}
try {
  const all = await suites();
  const text = `# Conformance\n\n${all.map(suiteTable).join("\n")}`;
  if (values.output === undefined) process.stdout.write(text);
  else writeFileSync(values.output, text);
  process.exitCode = exitCode(all);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  refuse(error.message);
}
