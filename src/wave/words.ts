// The words of WAVE: keywords and labels (wasm-wave, "Keywords" and "Labels"). Mirrors spec/14.

/** Words that mean something where a value stands: a case of this name is written with `%`. */
const keywords: ReadonlySet<string> = new Set([
  "true",
  "false",
  "inf",
  "nan",
  "some",
  "none",
  "ok",
  "err",
]);

export function isKeyword(text: string): boolean {
  return keywords.has(text);
}

/** The case of a variant or enum as a value names it. */
export function writeCase(label: string): string {
  return keywords.has(label) ? `%${label}` : label;
}
