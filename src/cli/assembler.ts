// Text to bytes, by the assembler of wasm-tools: an optional package, loaded when it is needed.

import { type Assembled, type Assembly, placeIn, type TextWat } from "../wast/assembly.ts";
import type { Place } from "../wast/errors.ts";
import { UsageError } from "./io.ts";

/** Throws for a text that it cannot read. */
type Parse = (text: string) => Promise<Uint8Array>;

const missing =
  "text is assembled by another package, which is not installed: " +
  "npm install @bytecodealliance/jco-transpile";

function isMissing(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === "ERR_MODULE_NOT_FOUND";
}

let loading: Promise<Parse> | null = null;

/** Throws `UsageError` where the package is not installed. */
async function load(): Promise<Parse> {
  try {
    return (await import("@bytecodealliance/jco-transpile/wasm-tools")).parse;
  } catch (error) {
    if (isMissing(error)) throw new UsageError(missing);
    throw error;
  }
}

function assembler(): Promise<Parse> {
  loading ??= load();
  return loading;
}

/** What the assembler says of a text; it counts lines and columns from 0. */
interface Complaint {
  readonly place: Place | null;
  readonly message: string;
}

/** Undoes the escapes of a string that was printed for debugging. */
function plainText(debug: string): string {
  return debug.replace(/\\(["'\\])/g, "$1");
}

function complaintOf(error: unknown): Complaint {
  const text = error instanceof Error ? error.message : String(error);
  const [, line, column] = /\bline: (\d+), col: (\d+)/.exec(text) ?? [];
  const [, custom] = /\bCustom\("((?:[^"\\]|\\.)*)"\)/.exec(text) ?? [];
  const [, lexical] = /\bkind: Lex\((.*?)\) \}/.exec(text) ?? [];
  const known = line !== undefined && column !== undefined;
  return {
    place: known ? { line: Number(line) + 1, column: Number(column) + 1 } : null,
    message: plainText(custom ?? lexical ?? text),
  };
}

/** Characters that reorder text are not read as they are: in strings they can be escaped. */
function escaped(text: string): string {
  return text.replace(
    /[\u202a-\u202e\u2066-\u2069\u206c]/g,
    (char) => `\\u{${char.charCodeAt(0).toString(16)}}`,
  );
}

async function assembled(parse: Parse, wat: TextWat): Promise<Assembled> {
  const refused = (place: Place | null, message: string): Assembled => ({
    tag: "refused",
    place: placeIn(wat, place),
    message,
  });
  if (wat.source === null) return refused(null, "malformed UTF-8 encoding");
  try {
    return { tag: "bytes", bytes: await parse(escaped(wat.source)) };
  } catch (error) {
    const { place, message } = complaintOf(error);
    return refused(place, message);
  }
}

/** Assembles texts one after the other. Throws `UsageError` where there is no assembler. */
export async function assemble(texts: readonly TextWat[]): Promise<Assembly> {
  if (texts.length === 0) return new Map();
  const parse = await assembler();
  const all = new Map<TextWat, Assembled>();
  for (const wat of texts) all.set(wat, await assembled(parse, wat));
  return all;
}

/** Assembles a file of text. Throws `UsageError` for a text that is none, and without an assembler. */
export async function assembleFile(file: string, text: string): Promise<Uint8Array> {
  const parse = await assembler();
  try {
    return await parse(escaped(text));
  } catch (error) {
    const { place, message } = complaintOf(error);
    const at = place === null ? file : `${file}:${place.line}:${place.column}`;
    throw new UsageError(`${at}: ${message}`);
  }
}
