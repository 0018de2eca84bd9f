// Where something stands in a JSON text, and what is wrong with one that is none. Mirrors spec/15.

/** The way from the outermost value inwards: names of fields and indices of elements. */
export type JsonPath = readonly (string | number)[];

/** What is not as JSON has it; `index`: UTF-16 units from the start. */
export interface JsonFault {
  readonly index: number;
  readonly message: string;
  readonly hint: string | null;
  /** the text ends before the value does, and up to there it is JSON */
  readonly cut: boolean;
}

/** Values within each other: deeper ones are refused. */
export const deepest = 100;

class Fault extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.message);
    this.fault = fault;
  }
}

interface Cursor {
  readonly text: string;
  at: number;
  /** told of each field and each element: where its name, or it, begins */
  readonly seen: (path: JsonPath, name: number, value: number) => void;
}

const word = /[^\s,:"'[\]{}]+|./suy;
const spaces = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
/** What a number may begin with. */
const numberStart = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/;
/** What may stand between quotes: no control character, and only the escapes that there are. */
const plainText = /(?:[^"\\\p{Cc}]|[\u007f-\u009f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*/uy;
const cutEscape = /^\\(?:u[\da-fA-F]{0,3})?$/;
const literals = ["true", "false", "null"] as const;

function matched(c: Cursor, pattern: RegExp): string {
  pattern.lastIndex = c.at;
  const [text = ""] = pattern.exec(c.text) ?? [];
  c.at += text.length;
  return text;
}

function isAtEnd({ text, at }: Cursor): boolean {
  return at >= text.length;
}

function stop(c: Cursor, message: string, hint: string | null = null): never {
  throw new Fault({ index: c.at, message, hint, cut: false });
}

function stopCut({ text }: Cursor, what: string): never {
  const message = `the line ends in the middle of ${what}`;
  throw new Fault({ index: text.length, message, hint: null, cut: true });
}

/** What stands there, in quotes. */
function found(c: Cursor): string {
  const start = c.at;
  const text = matched(c, word);
  c.at = start;
  return JSON.stringify(text);
}

const doubleQuotes = "JSON writes texts, and names of fields, in double quotes";

function expected(c: Cursor, what: string, within: string): never {
  if (isAtEnd(c)) stopCut(c, within);
  const next = found(c);
  const quotes = /^"['A-Za-z_$]/.test(next) ? doubleQuotes : null;
  return stop(c, `expected ${what}, found ${next}`, quotes);
}

function take(c: Cursor, char: string): boolean {
  matched(c, spaces);
  if (c.text[c.at] !== char) return false;
  c.at += 1;
  return true;
}

/** From the opening quote to behind the closing one. */
function textAt(c: Cursor): string {
  const start = c.at;
  c.at += 1;
  matched(c, plainText);
  if (c.text[c.at] === '"') {
    c.at += 1;
    return JSON.parse(c.text.slice(start, c.at));
  }
  if (isAtEnd(c) || cutEscape.test(c.text.slice(c.at))) stopCut(c, "a text");
  if (c.text[c.at] === "\\") return stop(c, "this is no escape of JSON");
  return stop(c, "a control character within a text", "JSON writes it as an escape, such as \\n");
}

function fieldsAt(c: Cursor, path: JsonPath): void {
  if (take(c, "}")) return;
  do {
    matched(c, spaces);
    const name = c.at;
    if (c.text[c.at] !== '"') expected(c, "the name of a field", "an object");
    const field = textAt(c);
    if (!take(c, ":")) expected(c, '":"', "an object");
    valueAt(c, [...path, field], name);
  } while (take(c, ","));
  if (!take(c, "}")) expected(c, '"," or "}"', "an object");
}

function elementsAt(c: Cursor, path: JsonPath): void {
  if (take(c, "]")) return;
  let i = 0;
  do {
    valueAt(c, [...path, i], null);
    i += 1;
  } while (take(c, ","));
  if (!take(c, "]")) expected(c, '"," or "]"', "a list");
}

/** A number, `true`, `false` or `null`. */
function wordAt(c: Cursor): void {
  if (matched(c, number) !== "") return;
  const rest = c.text.slice(c.at);
  const literal = literals.find((one) => rest.startsWith(one));
  if (literal !== undefined) c.at += literal.length;
  else if (rest === "") stopCut(c, "a value");
  else if (numberStart.test(rest)) stopCut(c, "a number");
  else if (literals.some((one) => one.startsWith(rest))) stopCut(c, "a word");
  else expected(c, "a value", "a value");
}

function valueAt(c: Cursor, path: JsonPath, name: number | null): void {
  matched(c, spaces);
  c.seen(path, name ?? c.at, c.at);
  if (path.length > deepest) stop(c, `values within each other more than ${deepest} deep`);
  if (take(c, "{")) fieldsAt(c, path);
  else if (take(c, "[")) elementsAt(c, path);
  else if (c.text[c.at] === '"') textAt(c);
  else wordAt(c);
}

/** The first thing that is wrong with a line that is to be one JSON value; null: nothing. */
export function jsonFault(text: string, seen: Cursor["seen"] = () => {}): JsonFault | null {
  const c: Cursor = { text, at: 0, seen };
  try {
    valueAt(c, [], null);
    matched(c, spaces);
    if (!isAtEnd(c)) stop(c, `${found(c)} after the end of the object`, "a line holds one object");
    return null;
  } catch (error) {
    if (error instanceof Fault) return error.fault;
    throw error;
  }
}

/** Where `JSON.parse` may have lost something: each end of a field's name, and integers with many digits. */
const suspicious = /(?<=[[,:]\s*)-?\d{16}|"(?=\s*:)/g;

/** How many fields there are, in all objects; NaN if that is not worth knowing. */
function fieldCount(value: unknown, room: number): number {
  if (typeof value !== "object" || value === null) return 0;
  if (room === 0) return Number.NaN;
  const parts: readonly unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : parts.length;
  return parts.reduce((sum: number, part) => sum + fieldCount(part, room - 1), own);
}

const integer = /-?\d{16,}(?![\d.eE])/y;

/** The integer that begins there, if it has more digits than a double keeps. */
function roundedAt(text: string, index: number): string | null {
  integer.lastIndex = index;
  const [digits = ""] = integer.exec(text) ?? [];
  return digits === "" || String(Number(digits)) === digits ? null : digits;
}

type Loss = Omit<JsonFault, "cut">;

/** What a line of JSON says and `value`, which was read from it, does not: a field that comes twice, digits. */
export function lossIn(text: string, value: unknown): Loss | null {
  const marks = text.match(suspicious) ?? [];
  const sound = marks.length === fieldCount(value, deepest) && marks.every((mark) => mark === '"');
  if (sound) return null;
  const names = new Set<string>();
  const losses: Loss[] = [];
  jsonFault(text, (path, index, at) => {
    const name = JSON.stringify(path);
    const digits = path[0] === "note" ? null : roundedAt(text, at);
    if (names.has(name)) {
      const message = `the field ${JSON.stringify(path.at(-1))} comes twice`;
      losses.push({ index, message, hint: null });
    } else if (digits !== null) {
      const hint = "an integer of 64 bits is a text of digits";
      losses.push({ index: at, message: `${digits} has more digits than a number keeps`, hint });
    }
    names.add(name);
  });
  return losses[0] ?? null;
}

/** Where the value at a path begins, or the name of its field. */
export function placeIn(text: string, path: JsonPath, of: "name" | "value"): number {
  let index = 0;
  const key = JSON.stringify(path);
  jsonFault(text, (at, name, value) => {
    if (JSON.stringify(at) === key) index = of === "name" ? name : value;
  });
  return index;
}
