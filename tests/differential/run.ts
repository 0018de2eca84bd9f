// The differential test's command line: random programs on our machine and on the reference.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { parseRevision, type Selection } from "../../src/scenario/revision.ts";
import { type Difference, difference, ours, Sites } from "./compare.ts";
import { Dice } from "./dice.ts";
import { generate } from "./generate.ts";
import { type Program, scenarioText } from "./program.ts";
import { type Answer, type Observed, Reference } from "./reference.ts";
import { shrink, trimmed } from "./shrink.ts";

const usage =
  "npm run differential -- --reference CHECKOUT [--revision R] [--programs N] [--seed S]";

const definitionsPath = "design/mvp/canonical-abi/definitions.py";

interface Options {
  readonly definitions: string;
  readonly revision: Selection;
  readonly programs: number;
  readonly seed: number;
  readonly runs: number;
  readonly sites: boolean;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function skip(why: string): never {
  say(`skipped, not passed: ${why}`);
  process.exit(0);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n${usage}\n`);
  process.exit(2);
}

function whole(text: string, name: string): number {
  if (!/^\d+$/.test(text)) refuse(`--${name} takes a number, not ${text}`);
  return Number(text);
}

function flags(): ReturnType<typeof read> {
  try {
    return read();
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function read() {
  return parseArgs({
    options: {
      reference: { type: "string" },
      revision: { type: "string", default: "d1daf829" },
      programs: { type: "string", default: "1000" },
      seed: { type: "string", default: "1" },
      runs: { type: "string", default: "400" },
      sites: { type: "boolean", default: false },
    },
  }).values;
}

function revisionOf(text: string): Selection {
  try {
    return parseRevision(text);
  } catch (error) {
    return refuse((error as Error).message);
  }
}

function options(): Options {
  const { reference, revision, programs, seed, runs, sites } = flags();
  const selected = revisionOf(revision);
  const numbers = {
    programs: whole(programs, "programs"),
    seed: whole(seed, "seed"),
    runs: whole(runs, "runs"),
  };
  if (reference === undefined) skip(`it needs a checkout of component-model (${usage})`);
  const definitions = reference.endsWith(".py") ? reference : join(reference, definitionsPath);
  if (!existsSync(definitions)) refuse(`there is no ${definitions}`);
  return { definitions, revision: selected, sites, ...numbers };
}

function show({ log, end, site }: Observed): string {
  return `  [${log.join(", ")}] ${end}${site === "" ? "" : ` (${site})`}`;
}

interface Totals {
  programs: number;
  exhaustive: number;
  sampled: number;
  dropped: number;
  outcomes: number;
  several: number;
  ends: Map<string, number>;
  different: number;
}

class Comparison {
  readonly #reference: Reference;
  readonly #options: Options;
  readonly sites: Sites = new Sites();
  readonly totals: Totals = {
    programs: 0,
    exhaustive: 0,
    sampled: 0,
    dropped: 0,
    outcomes: 0,
    several: 0,
    ends: new Map(),
    different: 0,
  };

  constructor(reference: Reference, given: Options) {
    this.#reference = reference;
    this.#options = given;
  }

  #ask(program: Program): Promise<Answer> {
    const { runs, seed } = this.#options;
    return this.#reference.ask(program, { maxRuns: runs, samples: runs >> 2, seed });
  }

  /** Null where they agree or where one is too large for either. */
  async #compare(program: Program, count: boolean): Promise<Difference | null> {
    const mine = ours(program, this.#options.revision);
    const theirs = await this.#ask(program);
    if (count) this.#count(mine, theirs);
    return difference(mine, theirs);
  }

  #count(mine: Answer, theirs: Answer): void {
    this.totals.programs += 1;
    if (mine.complete && theirs.complete) this.totals.exhaustive += 1;
    else if (mine.complete || theirs.complete) this.totals.sampled += 1;
    else this.totals.dropped += 1;
    this.totals.outcomes += mine.outcomes.length;
    if (mine.outcomes.length > 1) this.totals.several += 1;
    for (const { end } of mine.outcomes) {
      const [kind = ""] = end.split(" ");
      this.totals.ends.set(kind, (this.totals.ends.get(kind) ?? 0) + 1);
    }
    if (mine.complete && theirs.complete) this.sites.add(mine, theirs);
  }

  async #differs(program: Program): Promise<boolean> {
    try {
      return (await this.#compare(program, false)) !== null;
    } catch {
      return false;
    }
  }

  async one(seed: number): Promise<void> {
    const program = generate(new Dice(seed), !this.#options.revision.amendments.includes("CM#716"));
    const found = await this.#compare(program, true).catch((error: Error) => {
      say(`seed ${seed}: ${error.message}\n${scenarioText(trimmed(program), `seed ${seed}`)}`);
      throw error;
    });
    if (found === null) return;
    this.totals.different += 1;
    const small = await shrink(program, (smaller) => this.#differs(smaller));
    const least = await this.#compare(small, false);
    say(`seed ${seed}: the outcomes differ\n${scenarioText(small, `seed ${seed}`)}`);
    for (const outcome of least?.onlyOurs ?? []) say(`only ours:\n${show(outcome)}`);
    for (const outcome of least?.onlyTheirs ?? []) say(`only the reference's:\n${show(outcome)}`);
    say("");
  }
}

async function main(): Promise<void> {
  const given = options();
  const driver = join(process.cwd(), "tests/differential/driver.py");
  const reference = await Reference.start(driver, given.definitions).catch(() =>
    skip("it needs python3"),
  );
  const comparison = new Comparison(reference, given);
  for (let i = 1; i <= given.programs; i++) {
    await comparison.one(given.seed + i - 1);
    if (i % 500 === 0) process.stderr.write(`${i} programs\n`);
  }
  reference.stop();
  if (given.sites) for (const line of comparison.sites.report()) say(line);
  const { totals } = comparison;
  const ends = [...totals.ends].map(([end, n]) => `${n} ${end}`).join(", ");
  say(
    `${totals.programs} programs under ${given.revision.label}: ` +
      `${totals.exhaustive} compared exhaustively, ${totals.sampled} one way, ` +
      `${totals.dropped} too large; ${totals.outcomes} outcomes (${ends}), ` +
      `${totals.several} programs with several; ${totals.different} programs differ`,
  );
  process.exitCode = totals.different > 0 ? 1 : 0;
}

await main();
