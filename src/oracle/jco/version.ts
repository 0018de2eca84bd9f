// Which jco it is. Mirrors spec/15.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** `jco 0.14.0`; without a number if the package does not say. */
export function jcoVersion(): string {
  try {
    const main = createRequire(import.meta.url).resolve("@bytecodealliance/jco-transpile");
    const manifest = main.slice(0, main.lastIndexOf("/dist/"));
    const { version }: { version?: unknown } = JSON.parse(
      readFileSync(`${manifest}/package.json`, "utf8"),
    );
    return `jco ${version}`;
  } catch {
    return "jco";
  }
}
