// A value of JavaScript that does not fit its type: what it is, and where it stands. See docs/embedding.md.

/** A `TypeError` whose message gets a place in front of it on its way out. */
export class Misfit extends TypeError {}

/** A value in a message: long texts are cut short, and of an object nothing is shown. */
export function shown(js: unknown): string {
  if (js === null || js === undefined) return String(js);
  if (typeof js === "object" || typeof js === "function") return typeof js;
  if (typeof js !== "string") return `${typeof js} ${String(js)}`;
  return `string ${JSON.stringify(js.length > 40 ? `${js.slice(0, 40)}..` : js)}`;
}

/** Converts what stands at a place: a field, an item, an argument. */
export function within<X>(place: string, convert: () => X): X {
  try {
    return convert();
  } catch (error) {
    throw error instanceof Misfit ? new Misfit(`${place}: ${error.message}`) : error;
  }
}
