// Versions of interfaces: what is one, what is wrong with others, and which are compatible. Mirrors spec/14 and Explainer.md, "Canonical Interface Name".

import { isVersion } from "../wit/words.ts";

const numbers = ["major", "minor", "patch"] as const;

/** What is wrong at `text[at]` in number `i` of a version. */
function wrongAt(text: string, at: number, i: number): string {
  const where = `while parsing ${numbers[i] ?? "patch"} version number`;
  const character = text[at];
  if (character === undefined) return `unexpected end of input ${where}`;
  return `unexpected character '${character}' ${where}`;
}

function numbersError(text: string): { readonly at: number; readonly why: string | null } {
  let at = 0;
  for (const i of numbers.keys()) {
    const digits = /^(?:0|[1-9]\d*)/.exec(text.slice(at))?.[0] ?? "";
    if (digits === "") return { at, why: wrongAt(text, at, i) };
    at += digits.length;
    if (i === 2) break;
    if (text[at] !== ".") return { at, why: wrongAt(text, at, i) };
    at++;
  }
  return { at, why: null };
}

/** Why a text is no version of Semantic Versioning 2.0, or null. */
export function versionError(text: string): string | null {
  if (text === "") return "empty string, expected a semver version";
  if (isVersion(text)) return null;
  const { at, why } = numbersError(text);
  if (why !== null) return why;
  if (/^[-+]/.test(text.slice(at)) && /[-+.](?:[+.]|$)/.test(text.slice(at))) {
    return "empty identifier segment in pre-release or build metadata";
  }
  return wrongAt(text, at, 2);
}

/** `canonversion` */
export function isCanonVersion(text: string): boolean {
  return /^(?:[1-9]\d*|0\.[1-9]\d*|0\.0\.[1-9]\d*|0\.0\.0)$/.test(text);
}

/** The part of a version that compatible ones share: `1`, `0.3`, or `0.0.7`. */
function canonicalVersion(version: string): string {
  const [major = "", minor, patch = ""] = version.split(/[.+-]/);
  if (major !== "0" || minor === undefined) return major;
  return minor === "0" && patch !== "" ? `0.0.${patch}` : `0.${minor}`;
}

/** `a:b/c@1.2.3` as `a:b/c@1`: the same for all versions that may stand for each other. */
export function canonicalName(name: string): string {
  const at = name.lastIndexOf("@");
  if (at === -1) return name;
  return `${name.slice(0, at)}@${canonicalVersion(name.slice(at + 1))}`;
}
