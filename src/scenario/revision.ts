// What a search is under: a named revision plus and minus amendments, and settings of the WASI host.

import {
  type AmendmentName,
  amendmentNames,
  amendments,
  defaultRevision,
  type RevisionName,
  revisions,
} from "../model/amendments.ts";
import {
  joinSettings,
  parseSettings,
  type Setting,
  settingsKey,
  settingsText,
} from "./settings.ts";

/** A revision as a user names it, the amendments that it means, and what is set of the WASI host. */
export interface Selection {
  /** canonical text, which `parseRevision` reads: `d1daf829`, `6d28164 + CM#707 with pin op` */
  readonly label: string;
  readonly amendments: readonly AmendmentName[];
  /** on top of the scenario's own */
  readonly settings: readonly Setting[];
}

/** The text of a revision expression is wrong: says how and what is known. */
export class RevisionError extends Error {}

function baseOf(name: string): readonly AmendmentName[] {
  if (Object.hasOwn(revisions, name)) return revisions[name as RevisionName].amendments;
  const known = Object.keys(revisions).join(", ");
  throw new RevisionError(`unknown revision "${name}" (known: ${known})`);
}

function amendmentOf(name: string): AmendmentName {
  if (Object.hasOwn(amendments, name)) return name as AmendmentName;
  throw new RevisionError(`unknown amendment "${name}" (known: ${amendmentNames.join(", ")})`);
}

/** Without where it is written. */
const bare = ({ name, value }: Setting): Setting => ({ name, value });

function labelled(revision: string, settings: readonly Setting[]): string {
  return settings.length === 0 ? revision : `${revision} with ${settingsText(settings)}`;
}

/** The same revision with more settings, which count more than those that it has. */
export function withSettings(of: Selection, more: readonly Setting[]): Selection {
  const [revision = ""] = of.label.split(" with ");
  const settings = joinSettings(of.settings, more).map(bare);
  return { ...of, label: labelled(revision, settings), settings };
}

/** The same text for selections that mean the same. */
export function selectionKey({ amendments: set, settings }: Selection): string {
  return `${set.join()} with ${settingsKey(settings)}`;
}

/** The set in the order of `amendmentNames`; throws when one lacks what it builds on. */
export function select(
  base: string,
  plus: readonly string[],
  minus: readonly string[],
  settings: readonly Setting[] = [],
): Selection {
  const set = new Set(baseOf(base));
  for (const name of plus) {
    if (set.has(amendmentOf(name))) throw new RevisionError(`${name} is part of ${base} already`);
    set.add(amendmentOf(name));
  }
  for (const name of minus) {
    if (!set.delete(amendmentOf(name))) throw new RevisionError(`${name} is not part of ${base}`);
  }
  const list = amendmentNames.filter((name) => set.has(name));
  for (const name of list) {
    const missing = amendments[name].requires.find((other) => !set.has(other));
    if (missing !== undefined) throw new RevisionError(`${name} builds on ${missing}`);
  }
  const signs = [...plus.map((name) => `+ ${name}`), ...minus.map((name) => `- ${name}`)];
  const some = settings.map(bare);
  return { label: labelled([base, ...signs].join(" "), some), amendments: list, settings: some };
}

/**
 * Reads `6d28164`, `6d28164+CM#707`, `d1daf829 - CM#720 with pin op`. Throws `RevisionError` or
 * `SettingError`.
 */
export function parseRevision(whole: string): Selection {
  const [, text = "", settings] = /^(.*?)(?:\bwith\s+(.*))?$/s.exec(whole) ?? [];
  const token = /[+-]?\s*[^\s+-][^\s+]*/g;
  const tokens = text.match(token) ?? [];
  const left = text.replace(token, "").trim();
  if (left !== "") throw new RevisionError(`nothing stands after "${left}"`);
  const [base = defaultRevision, ...rest] = tokens.map((t) => t.replace(/\s+/g, ""));
  const signed = (sign: string): string[] =>
    rest.filter((t) => t.startsWith(sign)).map((t) => t.slice(1));
  const odd = rest.find((t) => !t.startsWith("+") && !t.startsWith("-"));
  if (odd !== undefined) throw new RevisionError(`expected + or - before "${odd}"`);
  const some = settings === undefined ? [] : parseSettings(settings);
  return select(base, signed("+"), signed("-"), some);
}
