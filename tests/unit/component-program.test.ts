// What programs are given by the host, and what becomes of imports that nobody has.

import { describe, expect, it } from "vitest";
import { outcomeOf, showOutcome } from "../../src/scheduler/outcome.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { inodeAt } from "../../src/wasi/files/from-root.ts";
import { WorldError } from "../../src/wasi/first-world.ts";
import { givenWorld, nothingGiven } from "../../src/wasi/given.ts";
import { callsUnknown, exits, programSystem } from "./component-program-harness.ts";

async function endOf(text: string): Promise<string> {
  return showOutcome(outcomeOf(run(await programSystem(text), defaultPolicy).store));
}

describe("a program", () => {
  it("that calls what nobody has traps, and the log names the import and the function", async () => {
    expect(await endOf(callsUnknown)).toBe(
      "[unknown import a:b/c@1.0.0 h] traps host.unknown-import",
    );
  });

  it("is refused without leave to import what nobody has", async () => {
    await expect(programSystem(callsUnknown, { unknownImports: "refuse" })).rejects.toThrow(
      /^nothing is given for the import "a:b\/c@1.0.0"/,
    );
  });

  it("ends itself with a code, by a release candidate of an interface", async () => {
    expect(await endOf(exits)).toBe("[exit 3] traps host.exited");
  });
});

describe("the world that a program is given", () => {
  const file = { tag: "file", path: "a.txt", data: Uint8Array.of(7) } as const;

  it("has each folder where its name says, open under that name", () => {
    const folders = [{ name: "/data", entries: [file] }];
    const world = givenWorld({}, { ...nothingGiven, folders });
    expect(world.preopens.map(({ name }) => name)).toEqual(["/data"]);
    expect(world.inodes[inodeAt(world, "data/a.txt") ?? -1]?.data).toEqual(Uint8Array.of(7));
  });

  it("closes stdin behind what comes on it", () => {
    const { stdin } = givenWorld({}, { ...nothingGiven, stdin: Uint8Array.of(1, 2) });
    expect(stdin).toEqual({ data: [1, 2], closed: true, error: null });
  });

  it("cannot have two files of one name", () => {
    const folder = { name: "/", entries: [file] };
    const twice = { ...nothingGiven, folders: [folder, folder] };
    expect(() => givenWorld({}, twice)).toThrow(WorldError);
  });
});
