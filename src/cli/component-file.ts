// Components as files: in binary, or as text that the assembler reads.

import { type Calls, componentScenario, Uncalled } from "../scenario/binary.ts";
import { formatScenarioError } from "../scenario/errors.ts";
import { WorldError } from "../wasi/first-world.ts";
import { Invalid } from "../wasm/invalid.ts";
import { WaveError } from "../wave/errors.ts";
import { assembleFile } from "./assembler.ts";
import type { Source } from "./files.ts";
import { UsageError } from "./io.ts";

const magic = [0x00, 0x61, 0x73, 0x6d];

/** Whether bytes begin as a component, or a module, in binary does. */
export function hasMagic(bytes: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

/** Blank space and comments, then what every component or module in text begins with. */
const textual = /^(?:\s|;;[^\n]*(?:\n|$)|\(;(?:[^;]|;(?!\)))*;\))*\((?:component|module)\b/;

/** So much of a file tells whether it is a component in text. */
const longestHeader = 65_536;

function isText(bytes: Uint8Array): boolean {
  return textual.test(new TextDecoder().decode(bytes.subarray(0, longestHeader)));
}

/** A file whose name says so is one, whatever is in it; text is known by how it begins. */
function isBinary(file: string, bytes: Uint8Array): boolean {
  return hasMagic(bytes) || (file.endsWith(".wasm") && !isText(bytes));
}

/** Whether a file holds a component and no scenarios, or says so by its name. */
export function isComponent(file: string, bytes: Uint8Array): boolean {
  return isBinary(file, bytes) || isText(bytes) || file.endsWith(".wat");
}

/** A hint for those who miss an import. */
const trapsInstead = "; with --unknown-imports trap it is missed only when it is called";

/** `malformed at byte 12 (0xc): unexpected end`; of text that was assembled, without the place. */
function invalidText({ kind, offset, message }: Invalid, binary: boolean): string {
  const known = binary && offset !== null;
  const missing = /^nothing is given for|: it is missing$/.test(message) ? trapsInstead : "";
  const at = known ? ` at byte ${offset} (0x${offset.toString(16)})` : "";
  return `${kind}${at}: ${message}${missing}`;
}

/** What is wrong with a call, and the line with a caret under the place. */
function waveText(
  { name, source, line, column, message, hint }: WaveError,
  calledBy: string,
): string {
  return formatScenarioError({ name, file: calledBy, line, column, message, hint }, source);
}

function uncalledText({ message, exports }: Uncalled): string {
  if (exports.length === 0) return `${message}, nor any other export`;
  return [`${message}; say --invoke 'CALL' of`, ...exports.map((line) => `  ${line}`)].join("\n");
}

/** An error of the library as one of the command line. */
function usageError(error: unknown, file: string, binary: boolean, calledBy: string): unknown {
  if (error instanceof WorldError) return new UsageError(`--dir: ${error.message}`);
  if (error instanceof Invalid) return new UsageError(`${file}: ${invalidText(error, binary)}`);
  if (error instanceof WaveError) return new UsageError(waveText(error, calledBy));
  if (error instanceof Uncalled) return new UsageError(`${file}: ${uncalledText(error)}`);
  return error;
}

/**
 * What `use` makes of a component, in binary; text is assembled before. Throws `UsageError` for what is wrong
 * with the component, or with what is done to it; `calledBy` is where its calls stand.
 */
export async function withComponent<T>(
  file: string,
  content: Uint8Array,
  use: (bytes: Uint8Array) => T | Promise<T>,
  calledBy: string = `${file} --invoke`,
): Promise<T> {
  const binary = isBinary(file, content);
  const bytes = binary ? content : await assembleFile(file, new TextDecoder().decode(content));
  try {
    return await use(bytes);
  } catch (error) {
    throw usageError(error, file, binary, calledBy);
  }
}

/** The one scenario of a component with the calls that set it going. Throws `UsageError`. */
export async function componentSource(
  file: string,
  content: Uint8Array,
  how: Calls,
  calledBy?: string,
): Promise<Source> {
  const read = (bytes: Uint8Array): Source => {
    return { file, scenarios: [componentScenario(bytes, how)] };
  };
  return withComponent(file, content, read, calledBy);
}
