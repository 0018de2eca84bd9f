// Which world is split, and which worlds it includes.

import type { WorldDecl } from "../../wit/ast.ts";
import { inFile } from "../../wit/errors.ts";
import { type Declared, type Sources, worldAt } from "../../wit/packages.ts";
import { didYouMean } from "../../wit/spelling.ts";

/** What was asked for cannot be done with these files: one sentence, perhaps with a hint. */
export class SplitError extends Error {}

function isWorld(declared: Declared): declared is Declared<WorldDecl> {
  return declared.decl.tag === "world";
}

/** The worlds of all packages, by their ids in order. */
function worldsOf(sources: Sources): readonly Declared<WorldDecl>[] {
  const all = [...sources.values()].flatMap(({ declared }) => [...declared.values()]);
  return all.filter(isWorld).sort((a, b) => (a.id < b.id ? -1 : 1));
}

function included(sources: Sources, { unit, decl }: Declared<WorldDecl>): Declared<WorldDecl>[] {
  return inFile(unit.file, () =>
    decl.items.flatMap((item) =>
      item.tag === "include" ? [worldAt(sources, unit, item.path)] : [],
    ),
  );
}

/** A world and all that it includes, directly or not, each once. */
export function withIncluded(
  sources: Sources,
  world: Declared<WorldDecl>,
): readonly Declared<WorldDecl>[] {
  const found = new Map([[world.id, world]]);
  for (const one of found.values()) {
    for (const other of included(sources, one)) found.set(other.id, other);
  }
  return [...found.values()];
}

function idsOf(worlds: readonly Declared<WorldDecl>[]): string {
  return worlds.map((one) => one.id).join(", ");
}

/** `w`, `a:b/w` and `a:b/w@1.0.0` name the same world. */
function isMeant({ id, decl }: Declared<WorldDecl>, name: string): boolean {
  return [decl.name.name, id, id.split("@")[0]].includes(name);
}

function unknown(worlds: readonly Declared<WorldDecl>[], name: string): SplitError {
  if (worlds.length === 0) return new SplitError("there is no world in these files");
  const known = worlds.flatMap(({ id, decl }) => [decl.name.name, id]);
  const near = didYouMean(name, known);
  const hint = near === null ? "" : `; ${near}`;
  return new SplitError(`there is no world \`${name}\`${hint} (the worlds are ${idsOf(worlds)})`);
}

/**
 * The world that `name` means; without one, the only world that no other world includes.
 * Throws `SplitError`.
 */
export function chosenWorld(sources: Sources, name: string | undefined): Declared<WorldDecl> {
  const worlds = worldsOf(sources);
  const inner = new Set(worlds.flatMap((one) => included(sources, one).map(({ id }) => id)));
  const meant = worlds.filter((one) =>
    name === undefined ? !inner.has(one.id) : isMeant(one, name),
  );
  const [first, second] = meant;
  if (first === undefined) throw unknown(worlds, name ?? "");
  if (second === undefined) return first;
  throw new SplitError(`several worlds could be meant: ${idsOf(meant)}`);
}
