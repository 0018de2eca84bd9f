// The core entry needs nothing but the language: bundled for a browser, and run where there are no other globals.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { runInNewContext } from "node:vm";
import { type InputOptions, type OutputChunk, rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import { assembleFile } from "../../src/cli/assembler.ts";
import { yields } from "../oracle/yields.ts";

/** Everything in one script whose exports are the global `canon`; throws for a module that is not there. */
async function bundled(
  entry: string,
  external: readonly string[] = [],
  options: InputOptions = {},
): Promise<OutputChunk> {
  const bundle = await rolldown({
    input: `src/${entry}.ts`,
    platform: "browser",
    external: [...external],
    ...options,
    onLog: (_level, log) => {
      throw new Error(log.message);
    },
  });
  const format = external.length === 0 ? "iife" : "esm";
  const { output } = await bundle.generate({ format, name: "canon" });
  await bundle.close();
  expect(output).toHaveLength(1);
  return output[0];
}

describe("bundled for a browser", () => {
  test.each(["index", "matchers", "assert", "embedding"])(
    "%s needs no other module",
    async (entry) => {
      const { imports, dynamicImports } = await bundled(entry);
      expect([imports, dynamicImports]).toEqual([[], []]);
    },
  );

  test.each(["fast-check", "model-based"])(
    "%s needs fast-check and nothing of Node",
    async (entry) => {
      const { imports, dynamicImports } = await bundled(entry, ["fast-check"]);
      expect([imports, dynamicImports]).toEqual([["fast-check"], []]);
    },
  );
});

describe("where there are only the globals of the language", () => {
  let code = "";
  /**
   * Bundled without the usual help of bundlers for browsers, which put a constant where `process.env.NODE_ENV`
   * is read: immer alone reads it, unless it is the build of it that does not.
   */
  const production = resolve("node_modules/immer/dist/immer.production.mjs");
  const nothingReplaced: InputOptions = {
    platform: "neutral",
    resolve: { mainFields: ["module", "main"], alias: { immer: production } },
  };
  beforeAll(async () => {
    code = (await bundled("index", [], nothingReplaced)).code;
  });

  /** What a script says that has the package, and `given`. */
  function said(script: string, given: unknown): unknown {
    const logs = "({ outcome }) => outcome.log.join()";
    return runInNewContext(`${code}; const logs = ${logs}; ${script}`, { given });
  }

  test("there are no others", () => {
    const names = "process Buffer require setTimeout fetch TextDecoder structuredClone URL".split(
      " ",
    );
    const types = said(
      "given.split(' ').map((name) => typeof globalThis[name]).join()",
      names.join(" "),
    );
    expect(types).toBe(names.map(() => "undefined").join());
  });

  test("a scenario is explored, and its outcomes are those of chapter 0", () => {
    const script = "canon.outcomesOf(given).outcomes.map(logs).join(' ')";
    expect(said(script, yields)).toBe("in,STARTED,out in,out,RETURNED");
  });

  test("a component is decoded, checked, linked and run", async () => {
    const file = "docs/account.wat";
    const bytes = await assembleFile(file, readFileSync(file, "utf8"));
    const set = "{ bytes: Uint8Array.from(given), invoke: ['deposit(100)'] }";
    // it adds what it is given to a balance of 0
    expect(said(`canon.outcomesOf(${set}).outcomes.map(logs).join()`, [...bytes])).toBe(
      "deposit = 100",
    );
  });
});
