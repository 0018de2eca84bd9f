// What a step read and wrote, as its token saw it. Mirrors spec/07.

import type { Token } from "../model/edit.ts";
import { sameData } from "../model/same.ts";
import type { Reader } from "../model/slots.ts";
import { type Kind, kinds, type Store } from "../model/store.ts";
import type { AccessSet } from "./access.ts";

/** Entities have their place in `kinds`; after them come the log and the invocations. */
const logPlace: number = kinds.length;
const rootPlace: number = logPlace + 1;

/**
 * Tells an access set what the steps of a token read and wrote. An entity that a step made itself does not
 * count, for nobody else can have seen it; one that is in the end as it was, counts as read. The end of a
 * run concerns everything.
 */
export class Observer implements Reader {
  readonly #edit: Token;
  #access: AccessSet | null = null;

  constructor(edit: Token) {
    this.#edit = edit;
  }

  /** Tells `access` from here on; the token has just been loaded. */
  begin(access: AccessSet): void {
    this.#access = access;
    this.#edit.tell(this);
  }

  note(kind: number, id: number): void {
    const name = kinds[kind] ?? "thread";
    if (this.#edit.of(name).base[id]) this.#access?.read(kind, id);
  }

  /** Does something whose reads do not count. */
  quietly<X>(look: () => X): X {
    this.#edit.tell(null);
    const seen = look();
    if (this.#access !== null) this.#edit.tell(this);
    return seen;
  }

  /** The step took the action with this id on its own, since nothing else was enabled. */
  take(id: string | undefined): void {
    if (id !== undefined) this.#access?.took.push(id);
  }

  /** The step that led from `before` to the token's present store is over. */
  end(before: Store): void {
    const access = this.#access;
    this.#access = null;
    this.#edit.tell(null);
    if (access === null) return;
    for (const [place, kind] of kinds.entries()) this.#reportWrites(access, place, kind);
    const { log, roots, ending } = this.#edit.globals;
    if (log.length > 0) access.write(logPlace, 0);
    for (const [i, { thread }] of roots.entries()) {
      if (thread !== before.roots[i]?.thread) access.write(rootPlace, i);
    }
    if (ending !== null) access.writeAll();
  }

  #reportWrites(access: AccessSet, place: number, kind: Kind): void {
    const { base, list } = this.#edit.of(kind);
    this.#edit.of(kind).drain((id) => {
      if (!base[id]) return;
      if (sameData(base[id], list[id])) access.read(place, id);
      else access.write(place, id);
    });
  }
}
