// The files with which chapter 15 compares engines: `npx vitest run tests/oracle/compare-chapter.test.ts -u` refreshes them.

import { expect, test } from "vitest";
import { cli } from "../unit/cli-harness.ts";

test("the model in spec/traces is what explore writes", async () => {
  const calls = ["--invoke", "deposit(100)", "--invoke", "deposit(20)"];
  const revision = ["--revision", "d1daf829"];
  const { out } = await cli(["explore", "docs/account.wat", ...calls, ...revision, "--json"]);
  await expect(out).toMatchFileSnapshot("../../spec/traces/deposits-model.json");
});

test("one engine is blamed for a result that no order of the deposits gives", async () => {
  const files = ["deposits-model.json", "deposits.jsonl", "deposits-seen.jsonl"];
  const { code, out } = await cli(["compare", ...files.map((file) => `spec/traces/${file}`)]);
  // 100 + 20 is 120 for whoever comes second, never for both
  expect(out).toMatch(
    /^ {2}seen but not allowed +- +1 .*\[deposit\(100\) = 120, deposit\(20\) = 120\]/m,
  );
  expect(code).toBe(1);
});
