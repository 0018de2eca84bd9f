// The reference definitions as a process: reference.py, asked for one timed run at a time.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** There is no reference to measure: says why. */
export class NoReference extends Error {}

type Driver = ChildProcessByStdio<Writable, Readable, Readable>;

const definitionsPath = "design/mvp/canonical-abi/definitions.py";

/** The definitions of a checkout of component-model; a path to a Python file stands for itself. */
export function definitionsIn(reference: string): string {
  const file = reference.endsWith(".py") ? reference : join(reference, definitionsPath);
  if (existsSync(file) && statSync(file).isFile()) return file;
  throw new NoReference(`there is no ${file}: expected a checkout of component-model`);
}

interface Answer {
  readonly seconds?: number;
  readonly error?: string;
}

/** A running driver. */
export class Reference {
  readonly #process: Driver;
  readonly #lines: AsyncIterator<string>;
  #complaint = "";

  private constructor(process: Driver) {
    this.#process = process;
    this.#lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    process.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#complaint += text;
    });
  }

  /** Throws `NoReference` if Python or the definitions do not come up. */
  static async start(driver: string, definitions: string): Promise<Reference> {
    const child = spawn("python3", ["-B", driver, definitions], { stdio: "pipe" });
    const failed = new Promise<never>((_, reject) => {
      child.once("error", ({ message }) => {
        reject(new NoReference(`python3 does not run (${message})`));
      });
    });
    child.stdin.on("error", () => undefined);
    const reference = new Reference(child);
    await Promise.race([reference.#line(), failed]);
    return reference;
  }

  async #line(): Promise<string> {
    const next = await this.#lines.next();
    if (next.done !== true) return next.value;
    const last = this.#complaint.trim().split("\n").at(-1);
    throw new NoReference(`the definitions do not run (${last || "no reason was given"})`);
  }

  /** Seconds that the reference needs for `n` iterations of a workload. */
  async seconds(name: string, n: number): Promise<number> {
    this.#process.stdin.write(`${name} ${n}\n`);
    const { seconds, error }: Answer = JSON.parse(await this.#line());
    if (seconds === undefined) throw new NoReference(`${name} fails there: ${error}`);
    return seconds;
  }

  stop(): void {
    this.#process.stdin.end();
  }
}
