// Revision expressions: a named revision plus and minus amendments, as a closed set.

import {
  type AmendmentName,
  amendmentNames,
  amendments,
  defaultRevision,
  type RevisionName,
  revisions,
} from "../model/amendments.ts";

/** A revision as a user names it, and the amendments that it means. */
export interface Selection {
  /** canonical text: `d1daf829`, `6d28164 + CM#707` */
  readonly label: string;
  readonly amendments: readonly AmendmentName[];
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

/** The set in the order of `amendmentNames`; throws when one lacks what it builds on. */
export function select(base: string, plus: readonly string[], minus: readonly string[]): Selection {
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
  return { label: [base, ...signs].join(" "), amendments: list };
}

/** Reads `6d28164`, `6d28164+CM#707`, `d1daf829 - CM#720`. Throws `RevisionError`. */
export function parseRevision(text: string): Selection {
  const token = /[+-]?\s*[^\s+-][^\s+]*/g;
  const tokens = text.match(token) ?? [];
  const left = text.replace(token, "").trim();
  if (left !== "") throw new RevisionError(`nothing stands after "${left}"`);
  const [base = defaultRevision, ...rest] = tokens.map((t) => t.replace(/\s+/g, ""));
  const signed = (sign: string): string[] =>
    rest.filter((t) => t.startsWith(sign)).map((t) => t.slice(1));
  const odd = rest.find((t) => !t.startsWith("+") && !t.startsWith("-"));
  if (odd !== undefined) throw new RevisionError(`expected + or - before "${odd}"`);
  return select(base, signed("+"), signed("-"));
}
