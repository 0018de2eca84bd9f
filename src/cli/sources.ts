// Reads what a command is about: files of scenarios, and components with the calls that set them going.

import type { UnknownImports } from "../component/items.ts";
import { selector } from "../report/command.ts";
import type { Scenario } from "../scenario/ast.ts";
import { componentSource, isComponent } from "./component-file.ts";
import {
  bytesOf,
  filesOf,
  type Invalid,
  isFolder,
  isInvalid,
  isMeant,
  notFound,
  type Source,
  shown,
  sourceOf,
} from "./files.ts";
import { UsageError } from "./io.ts";
import type { Common } from "./options.ts";
import { givenBy, type ProgramOptions, programWords } from "./program-options.ts";

/** What says which scenarios of a file are meant, or how a component is called. */
export type Meant = Pick<Common, "only" | "invoke" | "fuel" | keyof ProgramOptions> & {
  /** of imports that nobody provides, unless an option says (default: they are refused) */
  readonly unknownByDefault?: UnknownImports;
  /** where `invoke` stands, if it is no option */
  readonly calledBy?: string;
};

async function read(path: string, meant: Meant): Promise<Source | Invalid> {
  const { invoke = [], fuel, unknownImports = meant.unknownByDefault } = meant;
  const bytes = bytesOf(path);
  const words = programWords(meant);
  if (isComponent(path, bytes)) {
    const given = givenBy(path, meant);
    const calls = { invoke, fuel, unknownImports, given, words };
    return componentSource(shown(path), bytes, calls, meant.calledBy);
  }
  const [first] = words;
  const option = fuel === undefined ? (first?.[0] ?? "--invoke") : "--fuel";
  if (invoke.length === 0 && fuel === undefined && first === undefined) return sourceOf(path);
  throw new UsageError(`${option} is for components, and ${shown(path)} is none`);
}

/** Reads everything before anything is explored. Throws `UsageError`. */
export async function readAll(
  paths: readonly string[],
  meant: Meant,
): Promise<readonly (Source | Invalid)[]> {
  const sources: (Source | Invalid)[] = [];
  for (const path of filesOf(paths)) sources.push(await read(path, meant));
  return sources;
}

/** The one scenario that a command is about. */
export interface One {
  readonly file: string;
  readonly scenario: Scenario;
  readonly siblings: readonly Scenario[];
}

function choose(source: Source, only: string | undefined): Scenario {
  const { file, scenarios } = source;
  const meant = only === undefined ? scenarios : scenarios.filter((s) => isMeant(s, only));
  const [scenario] = meant;
  if (scenario === undefined) throw notFound(only ?? "", [source]);
  if (meant.length === 1) return scenario;
  const names = meant.map((s) => selector(s, scenarios));
  throw new UsageError(`${file} has several scenarios; say --only ID, one of: ${names.join(", ")}`);
}

/** Throws `UsageError` for a folder, an invalid file, or one with several scenarios and no `only`. */
export async function readOne(path: string, meant: Meant): Promise<One> {
  if (isFolder(path)) throw new UsageError(`${shown(path)} is a directory; name one file`);
  const source = await read(path, meant);
  if (isInvalid(source)) throw new UsageError(source.message);
  const scenario = choose(source, meant.only);
  return { file: source.file, scenario, siblings: source.scenarios };
}
