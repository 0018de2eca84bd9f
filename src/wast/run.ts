// Runs a script: each command by the layer that it is about, and the verdicts in order. Mirrors spec/14.

import type { AmendmentName } from "../model/amendments.ts";
import type { Assembly } from "./assembly.ts";
import { ComponentRunner } from "./component-runner.ts";
import { CoreRunner } from "./core-runner.ts";
import { type Command, type Deed, isDeed, type Layer, type Script, watOf } from "./script.ts";
import { type Judged, oneSchedule, type Scoped, skipped, type Verdict } from "./verdict.ts";

export interface ScriptOptions {
  readonly amendments: readonly AmendmentName[];
  /** every assertion on components under every schedule, not only the default one */
  readonly allSchedules: boolean;
  /** states that each search visits at the most */
  readonly maxStates: number;
  /** asked every now and then; false: stop */
  readonly goesOn: () => boolean;
}

export interface ScriptResult {
  readonly file: string;
  readonly judged: readonly Judged[];
  /** false: it was stopped */
  readonly complete: boolean;
}

function deedOf(command: Command): Deed | null {
  switch (command.tag) {
    case "do":
    case "assert-return":
    case "assert-exhaustion":
    case "assert-exception":
      return command.deed;
    case "assert-trap":
      return isDeed(command.what) ? command.what : null;
    default:
      return null;
  }
}

/** The word that a command begins with. */
function wordOf(command: Command): string {
  switch (command.tag) {
    case "load":
      return command.wat.layer;
    case "define":
      return `${command.wat.layer} definition`;
    case "instance":
      return `${command.layer} instance`;
    case "other":
      return command.word;
    default:
      return command.tag.replaceAll("-", "_");
  }
}

/** What a command does, for people: `assert_return "f"`. */
function describe(command: Command): string {
  const word = wordOf(command);
  const deed = deedOf(command);
  if (deed === null) {
    return command.tag === "assert-refused" ? `assert_${command.as}` : word;
  }
  const name = `${deed.instance === null ? "" : `${deed.instance} `}${JSON.stringify(deed.name)}`;
  return command.tag === "do" ? `${deed.tag} ${name}` : `${word} ${name}`;
}

class Runner {
  readonly #core: CoreRunner;
  readonly #components: ComponentRunner;
  #latest: Layer = "module";
  #coreVerdicts = new Map<Command, Verdict>();

  constructor(assembly: Assembly, options: ScriptOptions) {
    this.#core = new CoreRunner(assembly);
    this.#components = new ComponentRunner(assembly, options);
  }

  take(command: Command): void {
    if (command.tag === "other") {
      this.#coreVerdicts.set(command, skipped(`${command.word} is not supported`));
      return;
    }
    const layer = this.#layer(command);
    if (command.tag === "load" || command.tag === "instance") this.#latest = layer;
    if (layer === "component") this.#components.take(command);
    else this.#coreVerdicts.set(command, this.#core.judge(command));
  }

  verdicts(): ReadonlyMap<Command, Scoped> {
    const core = [...this.#coreVerdicts].map(
      ([command, verdict]) => [command, { verdict, scope: oneSchedule }] as const,
    );
    return new Map([...core, ...this.#components.verdicts()]);
  }

  #layer(command: Command): Layer {
    const wat = watOf(command);
    if (wat !== null) return wat.layer;
    if (command.tag === "instance") return command.layer;
    const name = command.tag === "register" ? command.name : (deedOf(command)?.instance ?? null);
    if (name === null) return this.#latest;
    return this.#components.knows(name) && !this.#core.knows(name) ? "component" : "module";
  }
}

function isAssertion({ tag }: Command): boolean {
  return tag.startsWith("assert");
}

/** Runs a script whose texts are assembled. */
export function runScript(
  script: Script,
  assembly: Assembly,
  options: ScriptOptions,
): ScriptResult {
  const runner = new Runner(assembly, options);
  for (const command of script.commands) {
    if (!options.goesOn()) break;
    runner.take(command);
  }
  const verdicts = runner.verdicts();
  const judged = script.commands.flatMap((command): readonly Judged[] => {
    const scoped = verdicts.get(command);
    if (scoped === undefined) return [];
    const { place } = command;
    return [{ place, assertion: isAssertion(command), what: describe(command), ...scoped }];
  });
  return { file: script.file, judged, complete: judged.length === script.commands.length };
}
