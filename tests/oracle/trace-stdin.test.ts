// A trace on standard input, which is read once and gone through as often as others.

import { expect, test, vi } from "vitest";
import { readTraceFile } from "../../src/cli/trace-file.ts";

const text = '{"format":"canon-async trace","version":1}\n{"event":"end"}\n';

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  let read = 0;
  const readFileSync = (from: unknown, ...rest: readonly []): unknown => {
    if (from !== 0) return fs.readFileSync(String(from), ...rest);
    read += 1;
    return Buffer.from(read === 1 ? text : "");
  };
  return { ...fs, default: fs, readFileSync };
});

test("is that of the name -", () => {
  const trace = readTraceFile("-");
  expect([trace.file, trace.count, trace.header.version]).toEqual(["standard input", 1, 1]);
  expect([[...trace.events], [...trace.events]]).toEqual([[{ event: "end" }], [{ event: "end" }]]);
  expect(trace.linesOf([0])).toEqual(new Map([[0, 2]]));
});
