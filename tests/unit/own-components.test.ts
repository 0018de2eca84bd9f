// Our own components, in tests/components: what they claim holds under every schedule and revision, and they use every built-in.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { assemble } from "../../src/cli/assembler.ts";
import type { Component } from "../../src/component/ast.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import { revisions } from "../../src/model/amendments.ts";
import { type BuiltinName, builtins } from "../../src/model/program.ts";
import { defaultPolicy, run } from "../../src/scheduler/run.ts";
import { type Assembly, bytesOfWat, textsOf } from "../../src/wast/assembly.ts";
import { Group } from "../../src/wast/component-plan.ts";
import { parseScript } from "../../src/wast/parse.ts";
import { runScript } from "../../src/wast/run.ts";
import type { Script } from "../../src/wast/script.ts";

const folder = "tests/components";

interface Loaded {
  readonly file: string;
  readonly script: Script;
  readonly assembly: Assembly;
}

const files = readdirSync(folder).filter((name) => name.endsWith(".wast"));
const loaded: Loaded[] = [];

beforeAll(async () => {
  for (const file of files) {
    const script = parseScript(readFileSync(join(folder, file), "utf8"), file);
    loaded.push({ file, script, assembly: await assemble(textsOf(script)) });
  }
});

function load(file: string): Loaded {
  const found = loaded.find((one) => one.file === file);
  if (found === undefined) throw new Error(`${file} is not loaded`);
  return found;
}

const cases = files.flatMap((file) =>
  Object.entries(revisions).map(([name, { amendments }]) => ({ file, name, amendments })),
);

describe("every claim holds under every schedule", () => {
  test.each(cases)("$file under $name", ({ file, amendments }) => {
    const { script, assembly } = load(file);
    const options = { amendments, allSchedules: true, maxStates: 20_000, goesOn: () => true };
    const { judged } = runScript(script, assembly, options);
    const bad = judged.filter(({ verdict, scope }) => {
      const everywhere = scope.tag === "one-schedule" || (scope.tag === "all" && scope.complete);
      return verdict.tag !== "passed" || !everywhere;
    });
    expect(bad).toEqual([]);
    expect(judged.filter(({ assertion }) => assertion).length).toBeGreaterThan(1);
  });
});

describe("a claim that is wrong", () => {
  test("fails under every schedule, and one of two possible results under some", async () => {
    const judge = async (file: string, right: string, wrong: string): Promise<unknown> => {
      const text = readFileSync(join(folder, file), "utf8");
      const script = parseScript(text.replace(right, wrong), file);
      const { amendments } = revisions.d1daf829;
      const options = { amendments, allSchedules: true, maxStates: 20_000, goesOn: () => true };
      const { judged } = runScript(script, await assemble(textsOf(script)), options);
      const all = judged.filter(({ assertion }) => assertion);
      const odd = all.filter(
        ({ verdict, scope }) => verdict.tag === "failed" || scope.tag === "some",
      );
      return odd.map(({ what, verdict, scope }) => [what, verdict.tag, scope.tag]);
    };
    const held = '"held-back") (u32.const';
    expect(await judge("tasks.wast", `${held} 42`, `${held} 43`)).toEqual([
      ['assert_return "held-back"', "failed", "all"],
    ]);
    const both = "(either (u32.const 19) (u32.const 9))";
    expect(await judge("threads.wast", both, "(u32.const 19)")).toEqual([
      ['assert_return "yield"', expect.any(String), "some"],
    ]);
  });
});

/** No binary format has a code for these yet; scenarios cover them. */
const withoutCode: readonly BuiltinName[] = ["stream.forward", "future.forward"];

function builtinsIn({ definitions }: Component): readonly string[] {
  return definitions.flatMap((one) => {
    if (one.tag === "component") return builtinsIn(one.component);
    return one.tag === "canon" && one.canon.tag === "builtin" ? [one.canon.name] : [];
  });
}

/** The component of a file, and its calls as one group. */
function groupOf({ script, assembly }: Loaded): readonly [Component, Group] {
  const group = new Group();
  let component: Component | null = null;
  let unit = "";
  for (const command of script.commands) {
    if (command.tag === "define") {
      const made = bytesOfWat(command.wat, assembly);
      if (made.tag === "refused") throw new Error(made.message);
      component = decodeComponent(made.bytes);
    } else if (command.tag === "instance" && component !== null) {
      unit = group.add("own", component);
      group.steps.push({ tag: "instantiate", command, unit });
    } else if (command.tag === "assert-return" && command.deed.tag === "invoke") {
      group.call(command, unit, command.deed);
    }
  }
  if (component === null) throw new Error("no component");
  return [component, group];
}

/** The rules that a run by default goes through; built-ins are rules of their names. */
function rulesOf(group: Group): ReadonlySet<string> {
  const rules = new Set<string>();
  const system = group.system(revisions.d1daf829.amendments);
  run(system, defaultPolicy, { watch: ({ rule }) => rules.add(rule) });
  return rules;
}

describe("every built-in", () => {
  test("is defined by one of the components, and called in a run", () => {
    const groups = files.map((file) => groupOf(load(file)));
    const defined = new Set(groups.flatMap(([component]) => builtinsIn(component)));
    const ran = new Set(groups.flatMap(([, group]) => [...rulesOf(group)]));
    expect(builtins.filter((name) => !defined.has(name))).toEqual(withoutCode);
    expect(builtins.filter((name) => !ran.has(name))).toEqual(withoutCode);
  });
});
