// The reference definitions as a process: driver.py, asked one program at a time.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Program } from "./program.ts";

/** One way a program can end; `site` says where in the definitions a trap or failure came from. */
export interface Observed {
  readonly log: readonly string[];
  /** `ok`, `trap`, `bug`, or `stuck` and the names of the open runs */
  readonly end: string;
  readonly site: string;
}

export interface Answer {
  readonly outcomes: readonly Observed[];
  /** whether that is all of them */
  readonly complete: boolean;
  readonly runs: number;
}

export interface Bounds {
  /** runs of an exhaustive enumeration at the most, then random ones */
  readonly maxRuns: number;
  readonly samples: number;
  readonly seed: number;
}

interface Raw {
  readonly outcomes: readonly (Omit<Observed, "site"> & { readonly site: unknown })[];
  readonly complete: boolean;
  readonly runs: number;
  readonly error?: string;
}

type Driver = ChildProcessByStdio<Writable, Readable, null>;

/** A running driver. */
export class Reference {
  readonly #process: Driver;
  readonly #lines: AsyncIterator<string>;

  private constructor(process: Driver, lines: AsyncIterator<string>) {
    this.#process = process;
    this.#lines = lines;
  }

  /** Starts the driver on a definitions.py; throws if it does not come up. */
  static async start(driver: string, definitions: string): Promise<Reference> {
    const child = spawn("python3", [driver, definitions], { stdio: ["pipe", "pipe", "inherit"] });
    const failed = new Promise<never>((_, reject) => {
      child.once("error", reject);
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const reference = new Reference(child, lines);
    await Promise.race([reference.#line(), failed]);
    return reference;
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done === true) throw new Error("the driver ended");
    return next.value;
  }

  async ask(program: Program, bounds: Bounds): Promise<Answer> {
    this.#process.stdin.write(`${JSON.stringify({ program, ...bounds })}\n`);
    const raw = JSON.parse(await this.#line()) as Raw;
    if (raw.error !== undefined) throw new Error(`the driver failed: ${raw.error}`);
    const outcomes = raw.outcomes.map((o) => ({ ...o, site: String(o.site ?? "") }));
    return { ...raw, outcomes };
  }

  stop(): void {
    this.#process.stdin.end();
  }
}
