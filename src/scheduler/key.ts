// The canonical key of a store: equal for stores that behave alike. Mirrors spec/07.

import type { CanonicalOptions } from "../model/program.ts";
import type { Kind, Store } from "../model/store.ts";

/** Which field names hold ids, and of which kind. */
const idFields: Readonly<Record<string, Kind>> = {
  instance: "instance",
  caller: "instance",
  task: "task",
  thread: "thread",
  threads: "thread",
  waitable: "waitable",
  set: "set",
  handle: "handle",
  memory: "memory",
  waiting: "thread",
  stack: "thread",
  exclusiveThread: "thread",
  implicitThread: "thread",
  elems: "waitable",
  lenders: "handle",
  other: "waitable",
  owner: "instance",
  src: "waitable",
  dst: "waitable",
};

/** Names that say nothing about the future: static data and text for people. */
const ignored: ReadonlySet<string> = new Set(["ft", "name"]);

/** Objects whose fields guests name: variables and record labels may be called `set` or `name`. */
const namedByGuests: ReadonlySet<string> = new Set(["globals", "fields"]);

/** Static options say which function this is; these three tell all of them apart. */
function optionsKey(opts: CanonicalOptions): string {
  return `${opts.memory}${opts.encoding}${opts.async}`;
}

/** The text of a piece of a store, with a hole for each id in it. */
interface Template {
  readonly text: string;
  readonly refs: readonly { readonly kind: Kind; readonly id: number }[];
}

const hole = "@";

class TemplateWriter {
  readonly #out: string[] = [];
  readonly #refs: { kind: Kind; id: number }[] = [];

  write(value: unknown): Template {
    this.#value(value, null);
    return { text: this.#out.join(""), refs: this.#refs };
  }

  #value(value: unknown, kind: Kind | null): void {
    if (typeof value === "number" && kind !== null) this.#ref(kind, value);
    else if (value instanceof Uint8Array) this.#out.push(pageText(value));
    else if (Array.isArray(value)) this.#list(value, kind);
    else if (value !== null && typeof value === "object") this.#object(value, kind);
    else this.#out.push(scalar(value));
  }

  #ref(kind: Kind, id: number): void {
    this.#refs.push({ kind, id });
    this.#out.push(hole);
  }

  #list(items: readonly unknown[], kind: Kind | null): void {
    this.#out.push("[");
    for (const item of items) this.#value(item, kind);
    this.#out.push("]");
  }

  /** A table hands its kind down to its slots; its free list holds indices, which are no ids. */
  #object(value: object, kind: Kind | null): void {
    this.#out.push("{");
    for (const [field, inner] of Object.entries(value)) {
      if (inner === undefined || ignored.has(field)) continue;
      this.#out.push(field, ":");
      this.#field(field, inner, kind);
    }
    this.#out.push("}");
  }

  #field(field: string, value: unknown, kind: Kind | null): void {
    if (field === "opts")
      this.#out.push(value === null ? "null" : optionsKey(value as CanonicalOptions));
    else if (namedByGuests.has(field) && !Array.isArray(value)) this.#guestFields(value as object);
    else this.#value(value, field === "array" ? kind : (idFields[field] ?? null));
  }

  /** No name of these says that a number is an id, or that it does not count. */
  #guestFields(fields: object): void {
    this.#out.push("{");
    for (const [field, inner] of Object.entries(fields)) {
      this.#out.push(JSON.stringify(field), ":");
      this.#value(inner, null);
    }
    this.#out.push("}");
  }
}

/** The bytes of a page up to the last one that is not 0. */
function pageText(bytes: Uint8Array): string {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return `<${bytes.length} ${bytes.subarray(0, end).join(" ")}>`;
}

function scalar(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n,`;
  return Object.is(value, -0) ? "-0," : `${value},`;
}

/**
 * Walks a store from its roots and renumbers entities in the order in which it meets them, so that
 * garbage and creation order do not count. `template` gives each piece's text and ids.
 */
function walk(store: Store, template: (piece: object) => Template): string {
  const { entities, log, ending, stack, roots } = store;
  const { waiting } = store;
  const numbers = new Map<string, number>();
  const queue: { kind: Kind; id: number }[] = [];
  const number = (kind: Kind, id: number): number => {
    const known = numbers.get(kind + id);
    if (known !== undefined) return known;
    numbers.set(kind + id, queue.length);
    queue.push({ kind, id });
    return queue.length - 1;
  };
  const out: string[] = [];
  const piece = (value: object | null | undefined): void => {
    if (!value) return;
    const { text, refs } = template(value);
    out.push(text, refs.map(({ kind, id }) => number(kind, id)).join());
  };
  for (const id of entities.instance.keys()) number("instance", id);
  piece({ log, ending, stack, roots, waiting });
  for (let at = 0; at < queue.length; at++) {
    const next = queue[at];
    if (next !== undefined) piece(entities[next.kind][next.id]);
  }
  return out.join(";");
}

/** A text that two stores of one system share only if they behave alike. */
export function storeKey(store: Store): string {
  return walk(store, (piece) => new TemplateWriter().write(piece));
}

/**
 * A shorter key for one search: pieces that stores share are encoded once and stand as a number.
 * Keys of one such function are comparable with each other only.
 */
export function sharedStoreKey(): (store: Store) => string {
  const numbers = new Map<string, string>();
  const known = new WeakMap<object, Template>();
  const short = (piece: object): Template => {
    const { text, refs } = new TemplateWriter().write(piece);
    const number = numbers.get(text) ?? String(numbers.size);
    numbers.set(text, number);
    return { text: number, refs };
  };
  return (store) =>
    walk(store, (piece) => {
      const template = known.get(piece) ?? short(piece);
      known.set(piece, template);
      return template;
    });
}
