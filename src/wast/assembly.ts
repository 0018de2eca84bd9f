// What an assembler makes of the texts in a script; the assembler itself is outside. Mirrors spec/14.

import type { Place } from "./errors.ts";
import { type Command, type Script, type Wat, watOf } from "./script.ts";

/** `place` is in the file of the script. */
export type Assembled =
  | { readonly tag: "bytes"; readonly bytes: Uint8Array }
  | { readonly tag: "refused"; readonly place: Place; readonly message: string };

export type TextWat = Extract<Wat, { readonly tag: "text" | "quote" }>;

/** What became of each text. */
export type Assembly = ReadonlyMap<TextWat, Assembled>;

/** The texts of a script that have to be assembled, in order. */
export function textsOf({ commands }: Script): readonly TextWat[] {
  return commands.flatMap((command: Command) => {
    const wat = watOf(command);
    return wat === null || wat.tag === "binary" ? [] : [wat];
  });
}

/** Where a place of an assembled text is in its script; that of quoted text is the quote. */
export function placeIn(wat: TextWat, at: Place | null): Place {
  if (wat.tag === "quote") return wat.place;
  const { line, column } = wat.origin;
  if (at === null) return wat.origin;
  return {
    line: line + at.line - 1,
    column: at.line === 1 ? column + at.column - 1 : at.column,
  };
}

/** The bytes of a module or component, or why there are none. */
export function bytesOfWat(wat: Wat, assembly: Assembly): Assembled {
  if (wat.tag === "binary") return { tag: "bytes", bytes: wat.bytes };
  return assembly.get(wat) ?? { tag: "refused", place: wat.place, message: "it was not assembled" };
}
