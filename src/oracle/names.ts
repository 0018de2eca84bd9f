// What the functions of a crossing are called in a trace: the first name is the one that the model writes. Mirrors spec/15.

import type { Guest } from "../canon/machine.ts";
import type { InstanceId } from "../model/ids.ts";
import type { CoreFunc, CoreImport, FuncDef, Program } from "../model/program.ts";
import { namesOfImport } from "./host-functions.ts";

/** The names of an instance, of which the host's is the first. */
export function instanceNamed({ instances }: Pick<Program, "instances">, id: InstanceId): string {
  return instances[id]?.name ?? "";
}

/** The instance with this name; null: there is none. */
export function instanceCalled(
  { instances }: Pick<Program, "instances">,
  name: string,
): InstanceId | null {
  const at = instances.findIndex((def) => def.name === name);
  return at < 0 ? null : (at as InstanceId);
}

/** What a function is called: `INSTANCE.NAME` and `NAME`, or as an import of the host's may be. */
export function namesOfFunc(program: Pick<Program, "instances">, def: FuncDef): readonly string[] {
  const { tag, name, instance } = def;
  if (tag === "host") return [...new Set([name, ...namesOfImport(name), ...shorter("host", name)])];
  return [name, ...shorter(instanceNamed(program, instance), name)];
}

/** `NAME` for `INSTANCE.NAME`. */
function shorter(instance: string, name: string): readonly string[] {
  return name.startsWith(`${instance}.`) ? [name.slice(instance.length + 1)] : [];
}

/** A built-in's canonical name; `INSTANCE.NAME` and `NAME` of a lowered function. */
export function namesOfImported(
  program: Pick<Program, "instances" | "funcs">,
  callee: CoreImport,
): readonly string[] {
  if (callee.tag === "builtin") return [callee.name];
  const def = program.funcs[callee.func];
  return def === undefined ? [] : namesOfFunc(program, def);
}

/** A function of core code: its own name, and those of its exports. */
export function namesOfCore(
  guests: Readonly<Record<string, Guest>>,
  core: CoreFunc,
): readonly string[] {
  return guests[core.guest]?.names?.(core) ?? [];
}
