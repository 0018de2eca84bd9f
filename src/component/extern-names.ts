// Names of imports and exports: their grammar and when they are the same. Mirrors spec/14 and Explainer.md, "Import and Export Definitions".

import { isLabel } from "../wit/words.ts";
import { isCanonVersion, versionError } from "./versions.ts";

/** A plain name, perhaps with an annotation, or the name of an interface. */
export type ParsedName =
  | { readonly tag: "label" }
  | { readonly tag: "constructor"; readonly resource: string }
  | { readonly tag: "method" | "static"; readonly resource: string }
  | { readonly tag: "interface"; readonly version: string | null };

type Result<T> = T | { readonly tag: "error"; readonly why: string };

function error(why: string): { readonly tag: "error"; readonly why: string } {
  return { tag: "error", why };
}

function labelWhy(label: string): string | null {
  return isLabel(label) ? null : `\`${label}\` is not in kebab case`;
}

/** `words`: a label without acronyms */
function wordsWhy(words: string): string | null {
  const why = labelWhy(words);
  if (why !== null) return why;
  return /[A-Z]/.test(words) ? `\`${words}\` is not in lower case` : null;
}

function annotated(tag: "method" | "static", rest: string): Result<ParsedName> {
  const dot = rest.indexOf(".");
  if (dot < 0) return error("failed to find `.` character");
  const resource = rest.slice(0, dot);
  const why = labelWhy(resource) ?? labelWhy(rest.slice(dot + 1));
  return why === null ? { tag, resource } : error(why);
}

function versionWhy(version: string | null): string | null {
  if (version === null || isCanonVersion(version)) return null;
  return versionError(version);
}

/** `interfacename`, without the nesting that is not released yet */
function interfaceName(name: string): Result<ParsedName> {
  const colon = name.indexOf(":");
  const slash = /[:/@]|$/.exec(name.slice(colon + 1))?.index ?? 0;
  const afterPackage = colon + 1 + slash;
  const why = wordsWhy(name.slice(0, colon)) ?? wordsWhy(name.slice(colon + 1, afterPackage));
  if (why !== null) return error(why);
  if (name[afterPackage] !== "/") return error("expected `/` after package name");
  const [projection = ""] = /^[^/@]*/.exec(name.slice(afterPackage + 1)) ?? [];
  const rest = name.slice(afterPackage + 1 + projection.length);
  const wrong = labelWhy(projection);
  if (wrong !== null) return error(wrong);
  if (rest.startsWith("/")) return error(`trailing characters found: \`${rest}\``);
  const version = rest === "" ? null : rest.slice(1);
  const bad = versionWhy(version);
  return bad === null ? { tag: "interface", version } : error(bad);
}

/** The parts of an `externname`, or why it is none. */
export function parseName(name: string): Result<ParsedName> {
  const [, annotation, rest = ""] = /^\[(constructor|method|static)\](.*)$/s.exec(name) ?? [];
  if (annotation === "method" || annotation === "static") return annotated(annotation, rest);
  if (annotation === "constructor") {
    const why = labelWhy(rest);
    return why === null ? { tag: "constructor", resource: rest } : error(why);
  }
  if (name.includes(":")) return interfaceName(name);
  const why = labelWhy(name);
  return why === null ? { tag: "label" } : error(why);
}

/** Names that are the same after this may not stand together (Explainer.md, "Name Uniqueness"). */
export function uniqueKey(name: string): string {
  const lower = name.toLowerCase();
  const [, resource, label] = /^\[(?:method|static)\]([^.]*)\.(.*)$/s.exec(lower) ?? [];
  if (resource === undefined) return lower;
  return resource === label ? resource : `${resource}.${label}`;
}
