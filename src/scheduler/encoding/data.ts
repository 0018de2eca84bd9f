// Plain data and references as integers: what the encodings of a store's parts are made of. Mirrors spec/07.

import type { StateWriter } from "../../canon/machine.ts";
import type { CoreFunc } from "../../model/program.ts";
import type { Memory, Store } from "../../model/store.ts";
import { Encoding } from "./encoding.ts";
import { kindNumber, Numbering } from "./numbering.ts";
import { PageWriter } from "./pages.ts";

/** What kind of value comes next: so that no two values are written alike. */
const tags = {
  null: 0,
  undefined: 1,
  false: 2,
  true: 3,
  int: 4,
  float: 5,
  nan: 6,
  bigint: 7,
  text: 8,
  list: 9,
  object: 10,
  bytes: 11,
  end: 12,
  words: 13,
} as const;

/** What `Encoding.textKey` gives. */
type TextKey = readonly [number, number];

/** Of no text: their second number is not -2 but by chance. */
const noKey: TextKey = [0, -2];

/** Orders of names to remember. */
const mostOrders = 16;

type Plain = Readonly<Record<string, unknown>>;

/**
 * Writes to one `Encoding` after the other; ids become numbers in the order in which they come.
 * Nothing that is written depends on where an object came from, only on what it says.
 */
export class DataWriter implements StateWriter {
  readonly numbering: Numbering = new Numbering();
  #out: Encoding = new Encoding();
  readonly #pages = new PageWriter();
  /** For this encoding: types and options, which live as long as the program. */
  #fixed = new WeakMap<object, TextKey>();
  readonly #orders: { readonly given: readonly string[]; readonly sorted: readonly string[] }[] =
    [];
  #guestName: string | null = null;
  #guestKey: TextKey = noKey;

  /** Begins to write a store. */
  begin(out: Encoding, entities: Store["entities"]): void {
    if (out !== this.#out) {
      this.#out = out;
      this.#fixed = new WeakMap();
      this.#guestName = null;
    }
    this.numbering.begin(entities);
  }

  int(n: number): void {
    this.#out.push(n);
  }

  text(text: string): void {
    this.#out.text(text);
  }

  memory(memory: Readonly<Memory>): void {
    this.#pages.memory(memory, this.#out);
  }

  /** A reference to a task, thread, waitable, set or handle, by `moving`'s number of its kind. */
  ref(kind: number, id: number | null): void {
    this.#out.push(id === null ? 0 : this.numbering.of(kind, id));
  }

  refs(kind: number, ids: readonly (number | null)[]): void {
    this.#out.push(ids.length);
    for (const id of ids) this.ref(kind, id);
  }

  ints(ns: readonly number[]): void {
    this.#out.push(ns.length);
    for (const n of ns) this.#out.push(n);
  }

  /** A number that may be absent and is never negative. */
  index(n: number | null): void {
    this.#out.push(n === null ? -1 : n);
  }

  /** Any plain data; a stream or future end in it, `{tag: "end"}`, is a reference. */
  data(value: unknown): void {
    switch (typeof value) {
      case "number":
        this.#number(value);
        return;
      case "string":
        this.#out.push(tags.text);
        this.#out.text(value);
        return;
      case "boolean":
        this.#out.push(value ? tags.true : tags.false);
        return;
      case "bigint":
        this.#out.push(tags.bigint);
        this.#out.text(String(value));
        return;
      case "object":
        if (value === null) this.#out.push(tags.null);
        else this.#object(value);
        return;
      default:
        this.#out.push(tags.undefined);
    }
  }

  list(values: readonly unknown[]): void {
    this.#out.push(values.length);
    for (const value of values) this.data(value);
  }

  /** Data that no step changes, such as a type: written as the key of its text, which is kept. */
  fixed(value: object | null): void {
    if (value === null) this.#pair(noKey);
    else this.#pair(this.#fixed.get(value) ?? this.#fix(value));
  }

  #fix(value: object): TextKey {
    const key = this.#out.textKey(JSON.stringify(value));
    this.#fixed.set(value, key);
    return key;
  }

  /** Guests are few: mostly the one that was written last. */
  guest(name: string): void {
    if (name !== this.#guestName) {
      this.#guestName = name;
      this.#guestKey = this.#out.textKey(name);
    }
    this.#pair(this.#guestKey);
  }

  core({ guest, instance, code }: CoreFunc): void {
    this.guest(guest);
    this.#out.push(instance);
    this.#out.push(code);
  }

  #pair(key: TextKey): void {
    this.#out.push(key[0]);
    this.#out.push(key[1]);
  }

  /** Variables by name, in the order of their names. */
  named(variables: Plain): void {
    this.#fields(variables, this.#sorted(Object.keys(variables)));
  }

  /** Few orders of names come again and again: they are sorted once. */
  #sorted(names: readonly string[]): readonly string[] {
    if (names.length < 2) return names;
    for (const { given, sorted } of this.#orders) if (areSame(given, names)) return sorted;
    const sorted = names.toSorted();
    if (this.#orders.length === mostOrders) this.#orders.length = 0;
    this.#orders.push({ given: names, sorted });
    return sorted;
  }

  #number(n: number): void {
    if ((n | 0) === n && (n !== 0 || 1 / n > 0)) {
      this.#out.push(tags.int);
      this.#out.push(n);
    } else if (Number.isNaN(n)) {
      this.#out.push(tags.nan);
    } else {
      this.#out.push(tags.float);
      this.#out.number(n);
    }
  }

  #object(value: object): void {
    if (Array.isArray(value)) {
      this.#out.push(tags.list);
      this.list(value);
    } else if (value instanceof Uint8Array) {
      this.#out.push(tags.bytes);
      this.#pages.bytes(value, this.#out);
    } else if (value instanceof Int32Array) {
      this.#out.push(tags.words);
      this.#pages.words(value, this.#out);
    } else if (isEndValue(value)) {
      this.#out.push(tags.end);
      this.ref(kindNumber.waitable, value.waitable);
    } else {
      this.#out.push(tags.object);
      this.#fields(value as Plain, Object.keys(value));
    }
  }

  #fields(value: Plain, names: readonly string[]): void {
    this.#out.push(names.length);
    for (const name of names) {
      this.#out.text(name);
      this.data(value[name]);
    }
  }
}

function isEndValue(value: object): value is { readonly waitable: number } {
  return "tag" in value && value.tag === "end" && "waitable" in value;
}

function areSame(some: readonly string[], others: readonly string[]): boolean {
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) if (some[i] !== others[i]) return false;
  return true;
}
