// Laws of the WASI host over random guests: what stays open, what arrives, what a fault leaves behind, who waits.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Store } from "../../src/model/store.ts";
import { parseRevision } from "../../src/scenario/revision.ts";
import { verify } from "../../src/scenario/verify.ts";
import { showOutcome } from "../../src/scheduler/outcome.ts";
import { brokenProperty } from "../../src/scheduler/properties.ts";
import { wasiLaws } from "../../src/wasi/laws.ts";
import {
  anyFileProgram,
  anyProgram,
  anySocketProgram,
  anyStdioProgram,
  anyUsage,
  type Fate,
  type Guest,
  guestOf,
  guestScenario,
  initial,
  type Program,
  type Stream,
  usageScenario,
} from "./arbitraries/wasi.ts";
import { anySeed, replayable, runs, type Step, walk } from "./laws.ts";
import { stepLaws, worldIn } from "./wasi-steps.ts";

const revision = "d1daf829";

/** What one run came to. */
interface Run extends Pick<Guest, "streams" | "unlinked"> {
  readonly store: Store;
  /** the entries of the log that begin with this word, without it */
  entries(word: string): readonly string[];
}

/** Runs a program along a random schedule, and looks at what came of it. */
function ran(
  program: Program,
  seed: number,
  look: (run: Run) => void,
  visit: (step: Step) => void = () => {},
): void {
  const guest = guestOf(program);
  const scenario = guestScenario(guest);
  const { store, schedule, complete } = walk(scenario, revision, seed, visit);
  expect(complete).toBe(true);
  const entries = (word: string): readonly string[] =>
    store.log
      .filter((entry) => entry.startsWith(`${word} `))
      .map((entry) => entry.slice(word.length + 1));
  replayable(
    () => ({ scenario, revision, schedule }),
    () => look({ ...guest, store, entries }),
  );
}

/** The same host, whose devices may fail so many times. */
function failing(program: Program, faults: number): Program {
  return { ...program, settings: { ...program.settings, faults: `${faults}` } };
}

const progressOf = (entry: string): number => Number(/\|([0-9]+)/.exec(entry)?.[1] ?? 0);

/** What the host has acknowledged of what was written to a stream. */
function acknowledged({ entries }: Run, { id, offers }: Stream): string {
  return entries(`w${id}`)
    .map((entry, i) => (offers[i] ?? "").slice(0, progressOf(entry)))
    .join("");
}

/** What a stream has delivered. */
function received({ entries }: Run, { id }: Stream): string {
  return entries(`r${id}`)
    .map((entry) => / b'(.*)'$/.exec(entry)?.[1]?.slice(0, progressOf(entry)) ?? "")
    .join("");
}

/** What can stand at each of the first places of a file: what was there, and what was written there. */
function possibleAt(run: Run, file: "a" | "b", place: number): readonly string[] {
  const writes = run.streams.filter((s) => s.kind === "write" && s.file === file);
  const bytes = writes.map((s) => acknowledged(run, s)[place - s.offset] ?? "");
  return [initial[file][place] ?? "", ...bytes].filter((byte) => byte !== "");
}

function appended(run: Run, file: "a" | "b"): readonly string[] {
  const appends = run.streams.filter((s) => s.kind === "append" && s.file === file);
  return appends.map((s) => acknowledged(run, s));
}

/** The letters of `text` that are in `some`. */
const among = (text: string, some: string): string =>
  [...text].filter((letter) => some.includes(letter)).join("");

const fileNames = ["a", "b"] as const;

/** A file has what was acknowledged: in its place, or at the end in the order of its stream. */
function holdsWhatWasWritten(run: Run, file: "a" | "b"): void {
  const [content = ""] = run.entries(file);
  const size = initial[file].length;
  const ends = appended(run, file);
  expect(content.length).toBe(size + ends.join("").length);
  for (const text of ends) expect(among(content.slice(size), text)).toBe(text);
  for (let place = 0; place < size; place++) {
    const [before, ...writes] = possibleAt(run, file, place);
    expect(writes.length === 0 ? [before] : writes).toContain(content[place]);
  }
}

/** What was read from a file was there, at the place that the read had come to. */
function readsWhatWasThere(run: Run, stream: Stream): void {
  const { file, offset } = stream;
  const behind = appended(run, file).join("");
  for (const [i, byte] of [...received(run, stream)].entries()) {
    const place = offset + i;
    if (place < initial[file].length) expect(possibleAt(run, file, place)).toContain(byte);
    else expect(behind).toContain(byte);
  }
}

/** What all views of stdin have delivered, in the order of delivery. */
function receivedFromStdin({ streams, store }: Run): string {
  const ids = new Set(streams.flatMap(({ kind, id }) => (kind === "stdin" ? [`r${id}`] : [])));
  return store.log
    .filter((entry) => ids.has(entry.split(" ")[0] ?? ""))
    .map((entry) => / b'(.*)'$/.exec(entry)?.[1]?.slice(0, progressOf(entry)) ?? "")
    .join("");
}

const hasEnded = ({ ending, roots }: Store): boolean =>
  ending === null && roots.every(({ thread }) => thread === null);

describe("a WASI host", () => {
  test("releases an object in the step in which its last holder goes, and once", () => {
    let released = 0;
    fc.assert(
      fc.property(anyProgram, anySeed, (program, seed) => {
        const law = stepLaws();
        const visit = (step: Step): void => {
          expect(law(step)).toBeNull();
          expect(brokenProperty(step.after, false, wasiLaws)).toBeNull();
          const { files } = worldIn(step.before);
          const now = worldIn(step.after).files;
          released += Object.keys(files).filter((id) => !(id in now)).length;
        };
        const look = ({ store, entries }: Run): void => {
          expect(brokenProperty(store, true, wasiLaws)).toBeNull();
          // the preopened directory alone is left when the guest has let go of everything
          expect(entries("left")).toEqual(["1 0 0"]);
        };
        ran(program, seed, look, visit);
      }),
      runs(100),
    );
    expect(released).toBeGreaterThan(60);
  });

  test("lets every guest come to its end that drains its streams before it waits for futures", () => {
    let awaited = 0;
    fc.assert(
      fc.property(anyProgram, anySeed, fc.nat(2), (program, seed, faults) => {
        ran(failing({ ...program, drains: true }, faults), seed, ({ store, streams, entries }) => {
          expect(hasEnded(store)).toBe(true);
          const told = streams.map(({ id }) => entries(`f${id}`).length);
          expect(told).toEqual(streams.map((stream) => (stream.awaited ? 1 : 0)));
          awaited += told.filter((n) => n > 0).length;
        });
      }),
      runs(200),
    );
    expect(awaited).toBeGreaterThan(100);
  });

  test("reads from a file what was written to that file, and keeps what it acknowledged", () => {
    let read = 0;
    let written = 0;
    fc.assert(
      fc.property(anyFileProgram, anySeed, fc.nat(2), (program, seed, faults) => {
        ran(failing(program, faults), seed, (run) => {
          const { streams, unlinked } = run;
          for (const file of fileNames) if (!unlinked.has(file)) holdsWhatWasWritten(run, file);
          for (const stream of streams.filter(({ kind }) => kind === "read")) {
            readsWhatWasThere(run, stream);
            read += received(run, stream).length;
          }
          written += fileNames.flatMap((file) => appended(run, file)).join("").length;
        });
      }),
      runs(200),
    );
    expect(read).toBeGreaterThan(100);
    expect(written).toBeGreaterThan(50);
  });

  test("delivers from a socket what its peer acknowledged, in order, and all of it before an end that is ok", () => {
    let whole = 0;
    fc.assert(
      fc.property(anySocketProgram, anySeed, fc.nat(1), (program, seed, faults) => {
        ran(failing({ ...program, drains: true }, faults), seed, (run) => {
          const sender = run.streams.find(({ kind }) => kind === "send");
          const receiver = run.streams.find(({ kind }) => kind === "receive");
          const sent = sender === undefined ? "" : acknowledged(run, sender);
          const got = receiver === undefined ? "" : received(run, receiver);
          expect(sent.startsWith(got)).toBe(true);
          if (receiver === undefined || !run.entries(`r${receiver.id}`).includes("over")) return;
          if (run.entries(`f${receiver.id}`)[0] !== "ok") return;
          expect(got).toBe(sent);
          whole += got.length;
        });
      }),
      runs(150),
    );
    expect(whole).toBeGreaterThan(20);
  });

  test("gives each byte of stdin to one stream, and brings out on stdout what it acknowledged", () => {
    let [read, written] = [0, 0];
    fc.assert(
      fc.property(anyStdioProgram, anySeed, fc.nat(2), (program, seed, faults) => {
        ran(failing(program, faults), seed, (run) => {
          const taken = receivedFromStdin(run);
          expect(initial.stdin.startsWith(taken)).toBe(true);
          const outputs = run.streams.filter(({ kind }) => kind === "stdout");
          const texts = outputs.map((stream) => acknowledged(run, stream));
          const [out = ""] = run.entries("out");
          expect(out.length).toBe(texts.join("").length);
          for (const text of texts) expect(among(out, text)).toBe(text);
          read += taken.length;
          written += out.length;
        });
      }),
      runs(150),
    );
    expect(Math.min(read, written)).toBeGreaterThan(100);
  });

  test("tells of each fault in one future: where nothing fails every future is ok", () => {
    let failed = 0;
    fc.assert(
      fc.property(anyProgram, anySeed, fc.nat(2), (program, seed, faults) => {
        ran(failing(program, faults), seed, ({ streams, store, entries }) => {
          const told = streams.flatMap(({ id }) => entries(`f${id}`));
          const errors = told.filter((text) => text !== "ok").length;
          const met = faults - worldIn(store).faults;
          expect(errors).toBeLessThanOrEqual(met);
          if (streams.every(({ awaited }) => awaited)) expect(errors).toBe(met);
          failed += errors;
        });
      }),
      runs(200),
    );
    expect(failed).toBeGreaterThan(30);
  });
});

const fates: readonly Fate[] = ["dropped", "passed", "started elsewhere"];

describe("what streams of files do", () => {
  test("is the same whoever has the descriptor, and whether the task that started them lives", () => {
    let compared = 0;
    fc.assert(
      fc.property(anyUsage, (usage) => {
        const outcomes = (fate: Fate): readonly string[] => {
          const found = verify(usageScenario(usage, fate), parseRevision(revision));
          expect(found.coverage.tag).toBe("all");
          expect(found.findings).toEqual([]);
          return found.outcomes.map(({ outcome }) => showOutcome(outcome)).sort();
        };
        const kept = outcomes("kept");
        for (const fate of fates) expect(outcomes(fate)).toEqual(kept);
        compared += kept.length;
      }),
      runs(30),
    );
    expect(compared).toBeGreaterThan(40);
  });
});
