// Functions of the host as jco wants them. Mirrors spec/15.

import type { Linking } from "../../component/items.ts";
import { recordedGuest } from "../../component/unknown-imports.ts";
import { camelCase } from "../../embedding/to-js.ts";
import type { FuncDef } from "../../model/program.ts";
import type { TraceEvent } from "../format/trace.ts";
import { EngineError } from "../recorder/engine-error.ts";
import { tellingFunc } from "../recorder/host-imports.ts";
import type { JsFuncs } from "../recorder/run.ts";
import { addStubs, type Imports } from "./stubs.ts";

type HostDef = Extract<FuncDef, { readonly tag: "host" }>;

interface Path {
  /** of what is imported, without its version */
  readonly imported: string;
  /** of a function of an instance; null: it is imported itself */
  readonly name: string | null;
}

/** The model writes `a:b/c@1.0.0 f`. */
function pathOf({ name }: FuncDef): Path {
  const space = name.indexOf(" ");
  const [imported, func] =
    space === -1 ? [name, null] : [name.slice(0, space), name.slice(space + 1)];
  return { imported: imported.replace(/@.*$/, ""), name: func };
}

/** As it is called in what is given. */
function keyOf({ imported, name }: Path): string {
  return name === null ? imported : `${imported}#${name}`;
}

/** The first few of many names. */
function listed(names: readonly string[]): string {
  const more = names.length - 8;
  return more <= 0 ? names.join(", ") : `${names.slice(0, 8).join(", ")} and ${more} more`;
}

/** The functions that may be given: those of resources are not recorded. */
function wanted({ funcs, resourceTypes }: Linking): readonly HostDef[] {
  const dtors = new Set<number>(resourceTypes.flatMap(({ dtor }) => dtor ?? []));
  return funcs.flatMap((def, id) => {
    if (def.tag !== "host" || def.core.guest !== recordedGuest || dtors.has(id)) return [];
    return /^\[| \[/.test(def.name) ? [] : [def];
  });
}

function refuseMissing(defs: readonly HostDef[], given: JsFuncs): void {
  const keys = defs.map((def) => keyOf(pathOf(def))).filter((key) => !key.startsWith("wasi:"));
  const missing = [...new Set(keys.filter((key) => given[key] === undefined))];
  if (missing.length === 0) return;
  const message = `the component imports ${listed(missing)}, for which nothing is given`;
  throw new EngineError("unsupported", message);
}

/** The object of imports that the generated module takes. Throws `EngineError` if a function is missing. */
export function jcoImports(
  linking: Linking,
  given: JsFuncs,
  emit: (event: TraceEvent) => void,
  refuse: (message: string) => never,
): Readonly<Imports> {
  const defs = wanted(linking);
  refuseMissing(defs, given);
  const imports: Imports = {};
  addStubs(imports, linking, refuse);
  for (const def of defs) {
    const path = pathOf(def);
    const func = given[keyOf(path)];
    if (func === undefined) continue;
    const at = imports[path.imported] ?? {};
    imports[path.imported] = at;
    at[path.name === null ? "default" : camelCase(path.name)] = tellingFunc(def, func, emit);
  }
  return imports;
}
