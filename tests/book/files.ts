// The files of the book as tests read them: paths are relative to the root of the repository.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Claim, parseClaims } from "../../src/report/claims.ts";
import { type DesignRule, parseDesignRules } from "../../src/report/design-rules.ts";
import type { Holders } from "../../src/report/wasi-tables.ts";
import type { Scenario } from "../../src/scenario/ast.ts";
import { knownWords, scenariosIn } from "../../src/scenario/book.ts";
import { checkScenario } from "../../src/scenario/check.ts";
import { formatScenarioError, ScenarioError } from "../../src/scenario/errors.ts";

export const root: string = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

export function read(file: string): string {
  return readFileSync(join(root, file), "utf8");
}

function under(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return entries.map((name) => join(folder, name).replaceAll("\\", "/")).sort();
}

/** Every file of the book that holds scenarios, in the order of reading. */
export const bookFiles: readonly string[] = under("spec").filter((file) =>
  /\.(md|scn)$/.test(file),
);

/** The chapters in which rules are labelled: all but the language, 00. */
export const chapters: readonly string[] = bookFiles.filter((file) =>
  /^spec\/0[1-8]-[^/]*\.md$/.test(file),
);

/** A scenario of the book and where it stands. */
export interface Entry {
  readonly file: string;
  readonly scenario: Scenario;
}

/** A file that does not parse, or a scenario that does not make sense: what the tool says. */
export interface Broken {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

export interface Book {
  readonly entries: readonly Entry[];
  readonly broken: readonly Broken[];
}

function attempt(file: string, broken: Broken[], run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    broken.push({ file, line: error.line, message: formatScenarioError(error, read(file)) });
  }
}

/** Reads the whole book. */
export function readBook(files: readonly string[] = bookFiles): Book {
  const entries: Entry[] = [];
  const broken: Broken[] = [];
  for (const file of files) {
    attempt(file, broken, () => {
      for (const scenario of scenariosIn(read(file), file)) {
        attempt(file, broken, () => {
          checkScenario(scenario, file, knownWords);
          entries.push({ file, scenario });
        });
      }
    });
  }
  return { entries, broken };
}

/** What the design discussions claimed: the rows of spec/claims.json. */
export function readClaims(): readonly Claim[] {
  return parseClaims(JSON.parse(read("spec/claims.json")));
}

/** The numbered rules of the earlier designs, of all files of spec/rules. */
export function readDesignRules(): readonly DesignRule[] {
  return under("spec/rules").flatMap((file) => parseDesignRules(file, JSON.parse(read(file))));
}

/** A test file has a test of that title, in so many words. */
export function hasTest(file: string, title: string): boolean {
  return existsSync(join(root, file)) && read(file).includes(`test("${title}"`);
}

/** What keeps objects of WASI open: the rows of spec/holders.json. */
export function readHolders(): Holders {
  return JSON.parse(read("spec/holders.json"));
}
