// A component in binary as a scenario: its cast is the bytes, its runs are the calls that the user names. Mirrors spec/14.

import type { Component } from "../component/ast.ts";
import { checkComponent } from "../component/check.ts";
import { decodeComponent } from "../component/decode.ts";
import {
  type Callable,
  callables,
  type Linked,
  type LinkOptions,
  linkComponents,
} from "../component/instantiate.ts";
import type { UnknownImports } from "../component/items.ts";
import { componentSystem, type RootPlan } from "../component/system.ts";
import { isUsed } from "../component/wasi.ts";
import { type AmendmentName, type Revision, revisions } from "../model/amendments.ts";
import type { Profile } from "../model/store.ts";
import type { System } from "../scheduler/machine.ts";
import type { Settings } from "../wasi/choice-points.ts";
import { type Given, givenWorld, nothingGiven } from "../wasi/given.ts";
import { Invalid } from "../wasm/invalid.ts";
import { type Invocation, parseInvocation, printInvocation } from "../wave/invocation.ts";
import { funcWords } from "../wit/type-words.ts";
import type { Binary, Scenario } from "./ast.ts";
import type { Selection } from "./revision.ts";
import { meaningOfAll } from "./settings.ts";

/** What its instance is called, unless its name section says so. */
const unnamed = "component";

interface BinaryOptions {
  readonly amendments: readonly AmendmentName[];
  readonly profile: Profile;
  readonly wasi: Settings;
}

/** The component, checked and linked to the WASI host. Throws `Invalid`. */
function linkedTo(
  component: Component,
  amendments: readonly AmendmentName[],
  how: LinkOptions,
): Linked {
  checkComponent(component, new Set(amendments));
  const name = component.names.component ?? unnamed;
  return linkComponents([{ name, component }], how);
}

/** What programs export, the version that the host is of first. */
const programs = [/^wasi:cli\/run@0\.3\.[^#]*#run$/, /^wasi:cli\/run(?:@[^#]*)?#run$/] as const;

/** Nobody says what to call, and the component is no program. */
export class Uncalled extends Error {
  /** `f: func(a: u8)`, one for each function that could be called */
  readonly exports: readonly string[];

  constructor(linked: Linked) {
    super("there is no wasi:cli/run to call");
    const { resourceTypes } = linked.linking;
    const names = (rt: number): string => resourceTypes[rt]?.name ?? "resource";
    this.name = "Uncalled";
    this.exports = callables(linked).map(({ path, ft }) => `${path}: ${funcWords(ft, names)}`);
  }
}

type Call = Invocation<Callable>;

/** What is called, all at once; without a word the one function that programs export. */
function callsOf(linked: Linked, invoke: readonly string[]): readonly Call[] {
  const all = callables(linked);
  if (invoke.length > 0) return invoke.map((text) => parseInvocation(text, all));
  const [main] = programs.flatMap((program) => all.filter(({ path }) => program.test(path)));
  if (main !== undefined) return [{ callable: main, name: "run", args: [] }];
  throw new Uncalled(linked);
}

/** A name for each call: its function's, or all of it where a function is called twice. */
function namesOf(calls: readonly Call[]): readonly string[] {
  const texts = calls.map((call) => {
    const twins = calls.filter(({ name }) => name === call.name);
    return twins.length === 1 ? call.name : printInvocation(call);
  });
  return texts.map((text, i) => {
    const before = texts.slice(0, i).filter((other) => other === text).length;
    return before === 0 ? text : `${text} again${before === 1 ? "" : ` ${before}`}`;
  });
}

function rootsOf(calls: readonly Call[]): readonly RootPlan[] {
  const names = namesOf(calls);
  return calls.map(({ callable: { func }, args }, i) => {
    const name = names[i] ?? "";
    return { name, steps: [{ tag: "call", func, args, label: name }] };
  });
}

/** The supported revisions under which the component is valid; throws what is wrong if there is none. */
function revisionsFor(
  component: Component,
  how: LinkOptions,
): readonly (Revision & { readonly name: string })[] {
  const wrong: Invalid[] = [];
  const valid = Object.entries(revisions).filter(([, { amendments }]) => {
    try {
      linkedTo(component, amendments, how);
      return true;
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      wrong.push(error);
      return false;
    }
  });
  const last = wrong.at(-1);
  if (valid.length === 0 && last !== undefined) throw last;
  return valid.map(([name, revision]) => ({ name, ...revision }));
}

/** Where everything stands: nothing of it is a text with lines. */
const pos = { line: 1, column: 1 };

/** What is called, in WAVE, how long it may run, and what the program is given. */
export interface Calls {
  readonly invoke: readonly string[];
  readonly fuel?: number | undefined;
  /** what becomes of functions that nobody provides: `trap` if they are called, or `recorded` in a trace */
  readonly unknownImports?: UnknownImports | undefined;
  readonly given?: Given | undefined;
  /** the options of the command line that say what is given, to show a run again */
  readonly words?: Binary["words"] | undefined;
}

/**
 * The scenario in which these calls, in WAVE, are made at the same time; without any, the component's
 * `wasi:cli/run`. Throws `Invalid`, `WaveError` for a call, `Uncalled` if there is none, `WorldError` for
 * folders that do not go together.
 */
export function componentScenario(bytes: Uint8Array, calls: Calls): Scenario {
  const { invoke, fuel, unknownImports = "refuse", given = nothingGiven, words = [] } = calls;
  const component = decodeComponent(bytes);
  const valid = revisionsFor(component, { unknownImports });
  const [first] = valid;
  const linked = linkedTo(component, first?.amendments ?? [], { unknownImports });
  const made = callsOf(linked, invoke);
  givenWorld({}, given);
  return {
    title: made.map(printInvocation).join(", "),
    id: null,
    binary: {
      component,
      invoke,
      wasi: isUsed(linked.wasi),
      unknownImports,
      given,
      words,
      ...(fuel === undefined ? {} : { fuel }),
    },
    types: [],
    components: [],
    host: null,
    wasi: null,
    runs: namesOf(made).map((name) => ({ name, func: { path: [name], pos }, args: [], pos })),
    expects: [],
    symmetric: [],
    only: valid.length === Object.keys(revisions).length ? null : valid.map(({ name }) => name),
    checks: [],
    pos,
  };
}

/** Throws `Invalid` for a component that is not valid under a selection, or cannot be linked there. */
export function checkBinary(
  { component, unknownImports }: Binary,
  { amendments, settings }: Pick<Selection, "amendments" | "settings">,
): void {
  linkedTo(component, amendments, { unknownImports, wasi: meaningOfAll(settings).wasi });
}

/** Its system. Throws `Invalid`. */
export function binarySystem(binary: Binary, options: BinaryOptions): System {
  const { component, invoke, fuel, unknownImports, given } = binary;
  const { amendments, profile, wasi } = options;
  const linked = linkedTo(component, amendments, { unknownImports, wasi });
  const roots = rootsOf(callsOf(linked, invoke));
  const bound = fuel === undefined ? {} : { fuel };
  return componentSystem(linked, { roots, amendments, profile, given, ...bound });
}
