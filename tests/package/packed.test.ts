// The package as its users get it: linted, installed into an empty folder, used from JavaScript, from TypeScript and inside the suites.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, install, manifest, type Packed, type Project, pack } from "./harness.ts";
import { esm, jest, nodeTest, scenario, suiteTypes, types, vitest } from "./programs.ts";

let packed: Packed;
let project: Project;

const tools = [
  "@jest/globals",
  "@types/node",
  "expect",
  "fast-check",
  "jest",
  "typescript",
  "vitest",
];

beforeAll(() => {
  packed = pack();
  project = install(packed, tools);
  project.write("scenario.mjs", scenario);
});
afterAll(() => packed?.close());

describe("the tarball", () => {
  test("has what package.json names, and no sources or tests", () => {
    const named = Object.values(manifest.exports).flatMap((one) => {
      return typeof one === "string" ? [one] : Object.values(one);
    });
    const all = [...named, ...Object.values(manifest.bin)].map((path) => path.replace("./", ""));
    // the book links to the example
    const beside = ["LICENSE", "README.md", "examples/streams/check.ts"];
    expect(packed.files).toEqual(expect.arrayContaining([...all, ...beside]));
    const odd = packed.files.filter((path) => /^(?:src|tests|bench)\/|\.test\./.test(path));
    expect(odd).toEqual([]);
  });

  test("brings its dependencies and none of its optional peers", () => {
    const at = (name: string) => existsSync(join(project.folder, "node_modules", name));
    expect(Object.keys(manifest.dependencies).filter((name) => !at(name))).toEqual([]);
    expect(at("@bytecodealliance/jco-transpile")).toBe(false);
  });
});

/** The package is ESM only: with node10, who imports it finds nothing, and who requires it gets a module. */
const modern = ["node16-esm", "bundler"] as const;

describe("the usual linters of packages", () => {
  const tarball = (): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(packed.tarball));

  test("publint has nothing to say", async () => {
    const { messages } = await publint({ pack: { tarball: tarball().buffer } });
    expect(messages).toEqual([]);
  });

  test("the types of every entry are found, and are right, where modules are imported", async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball()));
    if (result.types === false) throw new Error("the package has no types");
    const { entrypoints, problems } = result;
    expect(Object.keys(entrypoints).sort()).toEqual(Object.keys(manifest.exports).sort());
    for (const [name, { resolutions }] of Object.entries(entrypoints)) {
      if (name === "./package.json") continue;
      for (const how of modern) {
        expect([name, how, resolutions[how].resolution?.isTypeScript]).toEqual([name, how, true]);
      }
    }
    const old = problems.filter((one) => {
      return "resolutionKind" in one && !modern.some((how) => how === one.resolutionKind);
    });
    expect(problems.filter((one) => !old.includes(one))).toEqual([]);
    const kinds = new Set(old.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(["CJSResolvesToESM", "NoResolution"]);
  });
});

describe("JavaScript", () => {
  test("imports it as modules", () => {
    project.write("esm.mjs", esm);
    expect(project.node("esm.mjs")).toEqual({
      code: 0,
      said: "in,STARTED,out in,out,RETURNED\n",
    });
  });

  test("runs its command", () => {
    const { code, said } = project.node("node_modules/canon-async/dist/cli.js", "--version");
    expect([code, said]).toEqual([0, `${manifest.version}\n`]);
  });
});

describe("TypeScript", () => {
  function compile(file: string, ...options: readonly string[]): Ended {
    const plain = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--target", "es2023"];
    return project.node("node_modules/typescript/bin/tsc", ...plain, ...options, file);
  }
  const node16 = ["--module", "node16", "--moduleResolution", "node16"];
  const bundler = ["--module", "esnext", "--moduleResolution", "bundler"];

  test.each([
    ["node16", node16],
    ["bundler", bundler],
  ])("resolves every declaration with %s, with no types but its own", (_name, how) => {
    project.write("types.ts", types);
    const own = ["--types", "", "--lib", "es2023,dom"];
    expect(compile("types.ts", ...how, ...own)).toEqual({ code: 0, said: "" });
  });

  test.each([
    ["node16", node16],
    ["bundler", bundler],
  ])("knows the matchers in the suites with %s", (_name, how) => {
    project.write("suites.ts", suiteTypes);
    const said = compile("suites.ts", ...how, "--skipLibCheck", "--types", "node");
    expect(said).toEqual({ code: 0, said: "" });
  });
});

describe("the suites", () => {
  /** One test passes, the others fail for the reason that is to be read. */
  function failing({ code, said: raw }: Ended): void {
    const said = raw.replaceAll('\\"', '"');
    expect(said).toContain('expected "YIELD-1 a yield" under d1daf829 to allow ["out", "in"');
    expect(said).toContain('["in", STARTED, "out"]  by schedule default');
    expect(said).toContain("the nearest, by schedule");
    expect(code).toBe(1);
  }

  test("node:test takes the assertions", () => {
    project.write("node.test.mjs", nodeTest);
    const ended = project.node("--test", "--test-reporter=tap", "node.test.mjs");
    failing(ended);
    expect(ended.said).toMatch(/^# pass 1$/m);
    expect(ended.said).toMatch(/^# fail 1$/m);
    expect(ended.said).toContain("ERR_ASSERTION");
    expect(ended.said).toContain("operator: 'assertAllows'");
  });

  test("vitest has the matchers", () => {
    project.write("matchers.test.mjs", vitest);
    const bin = "node_modules/vitest/vitest.mjs";
    const ended = project.node(bin, "run", "--reporter=tap", "matchers.test.mjs");
    failing(ended);
    expect(ended.said).toMatch(/ok \d - good/);
    expect(ended.said).toMatch(/not ok \d - bad, behind not/);
  });

  test("jest has the matchers", () => {
    project.write("matchers.jest.mjs", jest);
    project.write("jest.config.json", '{ "transform": {}, "testMatch": ["**/*.jest.mjs"] }');
    const bin = ["--experimental-vm-modules", "node_modules/jest/bin/jest.js"];
    const ended = project.node(...bin, "--config", "jest.config.json", "--no-watchman");
    failing(ended);
    expect(ended.said).toContain("1 passed, 3 total");
  });
});
