// The streams and futures that JavaScript gives: asked for items only when a guest reads.

import type { ValType } from "../model/types.ts";
import type { Value } from "../model/values.ts";
import type { Arrival, Given } from "./arrivals.ts";
import { fromJs, type Giver } from "./from-js.ts";
import { within } from "./misfit.ts";
import { isNumberTag } from "./numbers.ts";
import { type Pulled, type Puller, pullerOf } from "./pullers.ts";
import { fulfilledFromJs, rejectedFromJs } from "./results.ts";

/** A conversion that collects the sources among what it converts. */
export interface Handing extends Giver {
  readonly given: readonly Given[];
}

/** A stream of JavaScript: `rest` are items that came in a chunk larger than what was asked for. */
interface Source {
  readonly number: number;
  readonly t: ValType | null;
  readonly puller: Puller;
  rest: unknown[];
  done: boolean;
  /** one `next` is outstanding */
  pulling: boolean;
}

export function isThenable<X>(x: X | PromiseLike<X>): x is PromiseLike<X> {
  return typeof x === "object" && x !== null && "then" in x;
}

function accept(s: Source, { done, value }: Pulled): void {
  if (done === true) s.done = true;
  else if (s.t === null || !isNumberTag(s.t.tag) || typeof value !== "object") s.rest.push(value);
  else for (const item of value as Iterable<unknown>) s.rest.push(item);
}

interface Parts {
  readonly arrive: (arrival: Arrival) => void;
  readonly handing: () => Handing;
  /** Hears of errors that no type can say to a guest. */
  readonly lose: (error: unknown) => void;
}

export class Sources {
  readonly #parts: Parts;
  readonly #streams = new Map<number, Source>();
  /** promises that have not settled yet */
  readonly #promises = new Set<number>();
  #next = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Whether JavaScript owes a guest an item or a value. */
  get isAwaited(): boolean {
    return this.#promises.size > 0 || [...this.#streams.values()].some(({ pulling }) => pulling);
  }

  /** Takes over a stream or future and gives its number. Throws `TypeError`. */
  add(what: Given["what"], t: ValType | null, js: unknown): number {
    const puller = what === "stream" ? pullerOf(js) : null;
    const number = this.#next;
    this.#next += 1;
    if (puller === null) this.#await(number, t, js);
    else {
      this.#streams.set(number, { number, t, puller, rest: [], done: false, pulling: false });
    }
    return number;
  }

  #await(number: number, t: ValType | null, js: unknown): void {
    this.#promises.add(number);
    const give = (convert: (g: Handing) => Value | null): void => {
      if (this.#promises.delete(number)) this.#send(number, true, (g) => listOf(convert(g)));
    };
    Promise.resolve(js).then(
      (value) => give((g) => fulfilledFromJs(g, t, value)),
      (error) => give((g) => this.#saidOr(error, rejectedFromJs(g, t, error))),
    );
  }

  /** What a guest is told of an error; if that is nothing, it is lost. */
  #saidOr(error: unknown, said: Value | null): Value | null {
    if (said === null) this.#parts.lose(error);
    return said;
  }

  /** What cannot be converted is not sent: the guest only sees that nothing more comes. */
  #send(source: number, last: boolean, convert: (g: Handing) => readonly Value[]): boolean {
    const { arrive, handing, lose } = this.#parts;
    const g = handing();
    try {
      const handed = { values: within(`source ${source}`, () => convert(g)), given: g.given };
      arrive({ tag: "items", source, items: { handed, last } });
      return true;
    } catch (error) {
      lose(error);
      const handed = { values: [], given: [] };
      arrive({ tag: "items", source, items: { handed, last: true } });
      return false;
    }
  }

  /** A guest reads and takes `most` items at the most. */
  pull(source: number, most: number): void {
    const s = this.#streams.get(source);
    if (s === undefined) return;
    try {
      while (s.rest.length < most && !s.done) {
        const got = s.rest.length > 0 && s.puller.isAsync ? null : s.puller.next();
        if (got === null) break;
        if (isThenable(got)) {
          this.#pullLater(s, most, got);
          return;
        }
        accept(s, got);
      }
      this.#sendRest(s, most);
    } catch (error) {
      this.#fail(s, error);
    }
  }

  #pullLater(s: Source, most: number, got: PromiseLike<Pulled>): void {
    s.pulling = true;
    got.then(
      (pulled) => {
        s.pulling = false;
        if (!this.#streams.has(s.number)) return;
        accept(s, pulled);
        this.pull(s.number, most);
      },
      (error) => this.#fail(s, error),
    );
  }

  #sendRest(s: Source, most: number): void {
    const items = s.rest.splice(0, most);
    const last = s.done && s.rest.length === 0;
    const sent = this.#send(s.number, last, (g) => items.map((item) => itemFromJs(g, s.t, item)));
    if (last) this.#streams.delete(s.number);
    else if (!sent) this.close(s.number);
  }

  /** It ends, with the error as its last item if the type of its items can say it. */
  #fail(s: Source, error: unknown): void {
    if (!this.#streams.delete(s.number)) return;
    this.#send(s.number, true, (g) => listOf(this.#saidOr(error, rejectedFromJs(g, s.t, error))));
  }

  /** The guest's end is gone; what the source still does is nobody's business. */
  close(source: number): void {
    const s = this.#streams.get(source);
    this.#promises.delete(source);
    this.#streams.delete(source);
    s?.puller.close();
  }

  closeAll(): void {
    for (const source of [...this.#streams.keys(), ...this.#promises]) this.close(source);
  }
}

function listOf(v: Value | null): readonly Value[] {
  return v === null ? [] : [v];
}

function itemFromJs(g: Giver, t: ValType | null, item: unknown): Value {
  return t === null ? [] : fromJs(g, t, item);
}
