// Traces in files: read in pieces, as often as they are gone through, with the lines of their events.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { UsageError } from "../../src/cli/io.ts";
import { readTraceFile } from "../../src/cli/trace-file.ts";
import { TraceError } from "../../src/oracle/format/trace-error.ts";

const folder = mkdtempSync(join(tmpdir(), "canon-async-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, "t.jsonl");
  writeFileSync(path, content);
  return path;
}

const head = '{"format":"canon-async trace","version":1}';

/** What is wrong with a file, without its name. */
function errorOf(content: string | Uint8Array): string {
  try {
    readTraceFile(file(content));
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    return `${error.line}:${error.column}: ${error.problem}`;
  }
  return "none";
}

describe("a trace file", () => {
  test("can be gone through more than once, also when that is not done to the end", () => {
    const lines = ["a", "b", "c"].map((line) => JSON.stringify({ event: "log", line }));
    const trace = readTraceFile(file([head, ...lines].join("\n")));
    for (const event of trace.events) {
      expect(event).toEqual({ event: "log", line: "a" });
      break;
    }
    const all = [...trace.events].map((event) => (event.event === "log" ? event.line : ""));
    expect([all, trace.count]).toEqual([["a", "b", "c"], 3]);
  });

  test("knows the lines of its events, blank ones counted", () => {
    const event = '{"event":"log","line":"x"}';
    const trace = readTraceFile(file(`\n${head}\r\n${event}\n\n\n${event}\n${event}`));
    // lines: 1 blank, 2 header, 3 event 0, 4 and 5 blank, 6 event 1, 7 event 2
    expect(trace.linesOf([0, 2])).toEqual(
      new Map([
        [0, 3],
        [2, 7],
      ]),
    );
    expect(trace.linesOf([])).toEqual(new Map());
  });

  test("is read in pieces, whose ends fall within lines and within characters", () => {
    // each line has 3 bytes a character, and a piece has 65 536 bytes: no multiple of 3
    const line = "\u20ac".repeat(30_000);
    const text = Array.from({ length: 9 }, (_, i) => ({ event: "log", line: `${i}${line}` }));
    const all = [head, ...text.map((event) => JSON.stringify(event))].join("\n");
    expect([...readTraceFile(file(all)).events]).toEqual(text);
  });

  test("may begin with a byte order mark", () => {
    expect(readTraceFile(file(`\ufeff${head}\n`)).header.version).toBe(1);
    expect(errorOf(`${head}\n\ufeff{"event":"end"}`)).toBe('2:1: expected a value, found "\ufeff"');
  });

  test("is not read where it is no UTF-8, and says where", () => {
    const bytes = Buffer.from(`${head}\n{"event":"log","line":"\xe9"}\n`, "latin1");
    expect(errorOf(bytes)).toBe("2:24: this is not UTF-8 text");
  });

  test("of several runs is read for one, which is to be named", () => {
    const runs = `${head}\n{"event":"end"}\n${head}\n\n{"event":"trap"}\n`;
    expect(errorOf(runs)).toBe("3:1: a second run begins here, and only one is read");
    const [first, second] = [1, 2].map((run) => readTraceFile(file(runs), run));
    expect([...(first?.events ?? [])]).toEqual([{ event: "end" }]);
    expect([...(second?.events ?? [])]).toEqual([{ event: "trap" }]);
    expect(second?.linesOf([0])).toEqual(new Map([[0, 5]]));
    expect(() => readTraceFile(file(runs), 3)).toThrow("has 2 runs, and no run 3");
    // what is wrong with another run is wrong with the file
    expect(() => readTraceFile(file(`${runs}oops`), 1)).toThrow(TraceError);
  });

  test("is read to its end before anything is done with it", () => {
    expect(errorOf(`${head}\n{"event":"log","line":"x"}\n{"event":"en`)).toBe(
      "3:13: the line ends in the middle of a text",
    );
    expect(errorOf("")).toBe("1:1: there is no trace here");
  });

  test("that is not there, or is a folder, is wrong usage", () => {
    const missing = join(folder, "missing.jsonl");
    expect(() => readTraceFile(missing)).toThrow(UsageError);
    expect(() => readTraceFile(missing)).toThrow("there is no such file");
    expect(() => readTraceFile(folder)).toThrow("it is a directory");
  });
});
