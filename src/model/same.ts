// Whether two pieces of plain data are equal. Mirrors spec/01.

type Fields = Readonly<Record<string, unknown>>;

type List = readonly unknown[] | Uint8Array | Int32Array;

function sameItems(a: List, b: List): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameData(a[i], b[i])) return false;
  return true;
}

function sameFields(a: Fields, b: Fields): boolean {
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  for (const name of names) if (!sameData(a[name], b[name])) return false;
  return true;
}

const isList = (x: object): x is List =>
  Array.isArray(x) || x instanceof Uint8Array || x instanceof Int32Array;

/** Structural equality; numbers are equal if they are the same value, so that -0 is not 0. */
export function sameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (isList(a)) return isList(b) && sameItems(a, b);
  return !isList(b) && sameFields(a as Fields, b as Fields);
}
