// Walks along the items of one list and says what it expected. Mirrors spec/14.

import { fail, type Place, type SourceText } from "./errors.ts";
import type { Atom, List, Node } from "./reader.ts";
import { bytesOf, nameOf } from "./strings.ts";

function shown(source: SourceText, node: Node): string {
  if (node.tag !== "list") return node.text.length > 40 ? `${node.text.slice(0, 40)}..` : node.text;
  const [head] = node.items;
  return head === undefined ? "()" : `(${shown(source, head)} ..)`;
}

/** The items of a list in order. All methods that take or expect throw `WastError`. */
export class Cursor {
  readonly source: SourceText;
  readonly list: List;
  #at = 0;

  constructor(source: SourceText, list: List) {
    this.source = source;
    this.list = list;
  }

  get place(): Place {
    return this.source.place(this.list.start);
  }

  next(): Node | undefined {
    return this.list.items[this.#at];
  }

  /** Says what is expected instead of the next item. */
  expected(what: string): never {
    const node = this.next();
    if (node !== undefined) return expected(this.source, node, what);
    return fail(this.source, this.list.end - 1, `expected ${what}, and the list ends here`);
  }

  skip(): void {
    this.#at++;
  }

  #atom(tag: Atom["tag"]): Atom | null {
    const node = this.next();
    if (node === undefined || node.tag === "list" || node.tag !== tag) return null;
    this.#at++;
    return node;
  }

  /** A word that is no identifier. */
  word(what: string): string {
    const node = this.next();
    if (node?.tag !== "word" || node.text.startsWith("$")) return this.expected(what);
    this.#at++;
    return node.text;
  }

  /** The next word as what it stands for; `parse` gives null for what it does not. */
  parsed<T>(what: string, parse: (word: string) => T | null): T {
    const node = this.next();
    const value = node?.tag === "word" ? parse(node.text) : null;
    if (value === null) return this.expected(what);
    this.#at++;
    return value;
  }

  /** Whether the next item is this word; takes it. */
  takes(word: string): boolean {
    const node = this.next();
    if (node?.tag !== "word" || node.text !== word) return false;
    this.#at++;
    return true;
  }

  /** An identifier with its `$`, if one is next. */
  id(): string | null {
    const node = this.next();
    if (node?.tag !== "word" || !node.text.startsWith("$")) return null;
    this.#at++;
    return node.text;
  }

  string(what: string): string {
    const atom = this.#atom("string");
    return atom === null ? this.expected(what) : nameOf(this.source, atom);
  }

  /** All strings that are next, as bytes. */
  strings(): readonly Uint8Array[] {
    const all: Uint8Array[] = [];
    for (let atom = this.#atom("string"); atom !== null; atom = this.#atom("string")) {
      all.push(bytesOf(this.source, atom));
    }
    return all;
  }

  sublist(what: string): Cursor {
    const node = this.next();
    if (node?.tag !== "list") return this.expected(what);
    this.#at++;
    return new Cursor(this.source, node);
  }

  /** The lists to the end. */
  rest(what: string): readonly Cursor[] {
    const all: Cursor[] = [];
    while (this.next() !== undefined) all.push(this.sublist(what));
    return all;
  }

  end(): void {
    if (this.next() !== undefined) this.expected("the end of the list");
  }
}

export function expected(source: SourceText, node: Node, what: string): never {
  return fail(source, node.start, `expected ${what}, not ${shown(source, node)}`);
}
