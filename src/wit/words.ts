// The words of WIT: keywords, kebab-case names and versions (WIT.md, "Keywords", "WIT Identifiers").

import type { PrimTag } from "../model/types.ts";

/** Words that name something only with `%` before them. */
export const keywords: ReadonlySet<string> = new Set(
  (
    "as async bool borrow char constructor enum export f32 f64 flags from func future import " +
    "include interface list map option own package record resource result s16 s32 s64 s8 static " +
    "stream string tuple type u16 u32 u64 u8 use variant with world"
  ).split(" "),
);

/** Types that are words. `error-context` is no keyword, but it is a type (Explainer.md). */
export const prims: readonly PrimTag[] = [
  "bool",
  "s8",
  "u8",
  "s16",
  "u16",
  "s32",
  "u32",
  "s64",
  "u64",
  "f32",
  "f64",
  "char",
  "string",
  "error-context",
];

/** What the keys of a map may be: no floats and nothing with parts. */
export const keyTypes: readonly PrimTag[] = prims.filter(
  (name) => !["f32", "f64", "error-context"].includes(name),
);

/** Words that mean something where a type stands. */
export const typeWords: readonly string[] = [
  ...prims,
  ..."list tuple option result map stream future own borrow".split(" "),
];

/** The `label` of Explainer.md, "Import and Export Definitions": words and acronyms. */
export function isLabel(name: string): boolean {
  return /^(?:[a-z][0-9a-z]*|[A-Z][0-9A-Z]*)(?:-(?:[0-9a-z]+|[0-9A-Z]+))*$/.test(name);
}

const number = "(?:0|[1-9][0-9]*)";
const preRelease = "(?:0|[1-9][0-9]*|[0-9]*[A-Za-z-][0-9A-Za-z-]*)";
const semver = new RegExp(
  `^${number}\\.${number}\\.${number}(?:-${preRelease}(?:\\.${preRelease})*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$`,
);

/** Semantic Versioning 2.0: three numbers, perhaps a pre-release and a build. */
export function isVersion(text: string): boolean {
  return semver.test(text);
}

/** What a name looks like in kebab-case. */
export function kebab(name: string): string {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").split(/[_-]+/);
  return words
    .filter((word) => word !== "")
    .join("-")
    .toLowerCase();
}
