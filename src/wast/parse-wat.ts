// Reads what a script says of a module or component: its name, how it is written, and its text. Mirrors spec/14.

import { decodeUtf8 } from "../canon/values/utf.ts";
import type { Cursor } from "./cursor.ts";
import type { Layer, Wat } from "./script.ts";
import { joined } from "./strings.ts";

/** What stands in parentheses at the head of a module or component. */
export interface Module {
  readonly definition: boolean;
  readonly name: string | null;
  readonly wat: Wat;
}

/** Strings one after the other, a blank between two. */
function quotedText(strings: readonly Uint8Array[]): string | null {
  const blank = Uint8Array.of(32);
  return decodeUtf8(joined(strings.flatMap((one) => [one, blank])));
}

function quote(c: Cursor, layer: Layer): Wat {
  const quoted = quotedText(c.strings());
  c.end();
  const source = layer === "component" && quoted !== null ? `(component ${quoted})` : quoted;
  return { tag: "quote", layer, place: c.place, source };
}

/** The text from the parenthesis on, with blanks where `definition` was: places stay as they are. */
function text(c: Cursor, layer: Layer, definition: boolean): Wat {
  const { start, end } = c.list;
  const whole = c.source.text.slice(start, end);
  const source = definition ? whole.replace(/\bdefinition\b/, " ".repeat(10)) : whole;
  return { tag: "text", layer, place: c.place, origin: c.place, source };
}

function wat(c: Cursor, layer: Layer, definition: boolean): Wat {
  if (c.takes("quote")) return quote(c, layer);
  if (!c.takes("binary")) return text(c, layer, definition);
  const bytes = joined(c.strings());
  c.end();
  return { tag: "binary", layer, place: c.place, bytes };
}

/** After `module` or `component`. Throws `WastError`. */
export function definitionOf(c: Cursor, layer: Layer): Module {
  const definition = c.takes("definition");
  const name = c.id();
  return { definition, name, wat: wat(c, layer, definition) };
}

const layers: Readonly<Record<string, Layer>> = { module: "module", component: "component" };

/** A whole `(module ..)` or `(component ..)` within an assertion. Throws `WastError`. */
export function watIn(c: Cursor): Wat {
  const layer = c.parsed("module or component", (word) => layers[word] ?? null);
  return definitionOf(c, layer).wat;
}
