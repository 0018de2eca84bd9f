// Syntax trees without positions, to compare what they say.

import type { WitFile } from "./ast.ts";

function stripped(key: string, value: unknown): unknown {
  if (key === "pos") return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a piece of a syntax tree says, as text: equal for equal pieces, wherever they stand. */
export function shapeOf(piece: unknown): string {
  return JSON.stringify(piece, stripped);
}

/** Whether two files say the same: equal up to positions and the names of the files. */
export function sameWit(a: WitFile, b: WitFile): boolean {
  return shapeOf({ ...a, file: "" }) === shapeOf({ ...b, file: "" });
}
