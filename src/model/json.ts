// A store as JSON text and back: what JSON lacks is written out explicitly. Mirrors spec/01.

import { fromHex, toHex } from "./hex.ts";
import type { Store } from "./store.ts";

/** JSON's own values, before they are text. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

type Plain = Readonly<Record<string, unknown>>;

function encodeNumber(value: number): Json {
  const exact = Number.isFinite(value) && !Object.is(value, -0);
  return exact ? value : { $number: Object.is(value, -0) ? "-0" : String(value) };
}

function encodeObject(value: Plain): Json {
  const fields = Object.entries(value).map(([key, v]): [string, Json] => [key, encode(v)]);
  const clash = fields.some(([key]) => key.startsWith("$"));
  return clash ? { $object: fields } : Object.fromEntries(fields);
}

/**
 * Plain data as JSON data. What JSON cannot say becomes an object with one key: `$bigint` and
 * `$number` (`NaN`, `Infinity`, `-Infinity`, `-0`) with decimal text, `$bytes` with lower-case
 * hexadecimal, `$words` with the 32-bit integers of an `Int32Array`, `$undefined`, and `$object` with the entries of an object whose keys look like these.
 */
export function encode(value: unknown): Json {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "bigint") return { $bigint: String(value) };
  if (value === undefined) return { $undefined: true };
  if (value instanceof Uint8Array) return { $bytes: toHex(value) };
  if (value instanceof Int32Array) return { $words: Array.from(value) };
  if (Array.isArray(value)) return value.map(encode);
  if (typeof value === "object") return encodeObject(value as Plain);
  throw new TypeError(`a ${typeof value} is not plain data`);
}

function decodeTagged(key: string, value: Json): unknown {
  switch (key) {
    case "$number":
      return Number(value);
    case "$bigint":
      return BigInt(String(value));
    case "$bytes":
      return fromHex(String(value));
    case "$words":
      return Int32Array.from(value as readonly number[]);
    case "$undefined":
      return undefined;
    case "$object":
      return decodeFields(value as readonly (readonly [string, Json])[]);
    default:
      throw new SyntaxError(`"${key}" encodes nothing`);
  }
}

function decodeFields(fields: readonly (readonly [string, Json])[]): unknown {
  return Object.fromEntries(fields.map(([key, v]) => [key, decode(v)]));
}

/** The inverse of `encode`. Throws `SyntaxError` for a `$` key that it does not write. */
export function decode(json: Json): unknown {
  if (json === null || typeof json !== "object") return json;
  if (Array.isArray(json)) return json.map(decode);
  const fields = Object.entries(json as { readonly [key: string]: Json });
  const [first] = fields;
  const tagged = first?.[0].startsWith("$") === true;
  return tagged && first !== undefined ? decodeTagged(...first) : decodeFields(fields);
}

/** A store as one line of JSON: `storeFromJson` gives an equal store. */
export function storeToJson(store: Store): string {
  return JSON.stringify(encode(store));
}

/** The store that `storeToJson` wrote. Throws `SyntaxError` where the text is no JSON. */
export function storeFromJson(text: string): Store {
  return decode(JSON.parse(text) as Json) as Store;
}
