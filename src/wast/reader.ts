// Reads S-expressions: lists of words, strings and lists, each with its place. Mirrors spec/14.

import { fail, type SourceText } from "./errors.ts";
import { type Token, tokens } from "./lexer.ts";

/** `start` and `end` are offsets in the text; a string's `text` has its quotes. */
export type Node =
  | { readonly tag: "list"; readonly start: number; readonly end: number; readonly items: Node[] }
  | {
      readonly tag: "word" | "string";
      readonly start: number;
      readonly end: number;
      readonly text: string;
    };

export type List = Extract<Node, { readonly tag: "list" }>;
export type Atom = Exclude<Node, List>;

/** Lists within lists: more than any assembler takes. */
const deepest = 5_000;

interface Open {
  readonly start: number;
  readonly annotation: boolean;
  readonly items: Node[];
}

class Reader {
  readonly #source: SourceText;
  readonly #open: Open[] = [];
  readonly #top: Node[] = [];

  constructor(source: SourceText) {
    this.#source = source;
  }

  take(token: Token): void {
    if (token.tag === "(" || token.tag === "annotation") this.#begin(token);
    else if (token.tag === ")") this.#finish(token);
    else this.#add(this.#atom(token, token.tag));
  }

  finish(): readonly Node[] {
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) {
      fail(this.#source, unclosed.start, "this parenthesis is not closed: expected )");
    }
    return this.#top;
  }

  #add(node: Node): void {
    (this.#open.at(-1)?.items ?? this.#top).push(node);
  }

  #atom({ start, end }: Token, tag: Atom["tag"]): Atom {
    return { tag, start, end, text: this.#source.text.slice(start, end) };
  }

  #begin({ tag, start }: Token): void {
    if (this.#open.length >= deepest) {
      fail(this.#source, start, `more than ${deepest} lists stand within each other here`);
    }
    this.#open.push({ start, annotation: tag === "annotation", items: [] });
  }

  /** Annotations mean nothing to a script. */
  #finish({ start: last, end }: Token): void {
    const list = this.#open.pop();
    const { annotation, start, items } =
      list ?? fail(this.#source, last, "no parenthesis is open: expected (");
    if (!annotation) this.#add({ tag: "list", start, end, items });
  }
}

/** The expressions of a text. Throws `WastError`. */
export function read(source: SourceText): readonly Node[] {
  const reader = new Reader(source);
  for (const token of tokens(source)) reader.take(token);
  return reader.finish();
}
