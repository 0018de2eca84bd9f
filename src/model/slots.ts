// The entities of one kind under edit: who owns which, which ids are free, what was touched. Mirrors spec/01.

import { type Entities, type Ids, type Kind, kinds } from "./store.ts";

/** Notes what is read; `kind` is a place in `kinds`. */
export interface Reader {
  note(kind: number, id: number): void;
}

/** Who wants to know what is read, for all slots of a token. */
export interface Audience {
  reader: Reader | null;
}

/** The entities of one kind as a rule sees them. */
export interface Entries<K extends Kind> {
  /** The entity as it is now. */
  read(id: Ids[K]): Readonly<Entities[K]>;
  /** The entity, to assign to. */
  edit(id: Ids[K]): Entities[K];
  /** False for an id whose entity was removed. */
  has(id: Ids[K]): boolean;
  /** The arrays directly in `entity` become the store's own. */
  add(entity: Entities[K]): Ids[K];
  remove(id: Ids[K]): void;
  ids(): Ids[K][];
  /** All of them by id, to look over; what a step does may not depend on it. */
  readonly list: readonly (Readonly<Entities[K]> | null)[];
}

/**
 * An entity is owned if it was written since the list was last shared with a store; `#stamps` says
 * when each was written last, in turns. A turn ends with `share`, or with `drain`.
 */
export class Slots<K extends Kind> implements Entries<K> {
  list: (Entities[K] | null)[] = [];
  /** The list as it was loaded: what a step started from. */
  base: readonly (Readonly<Entities[K]> | null)[] = [];
  /** Ids written since the list was loaded or `drain` was called last: the first `#written` of these. */
  readonly #dirty: number[] = [];
  #written = 0;
  readonly #kind: number;
  readonly #audience: Audience;
  readonly #copy: (entity: Readonly<Entities[K]>) => Entities[K];
  readonly #stamps: number[] = [];
  /** When the parts that are owned apart were copied: two for each id. */
  readonly #parts: number[] = [];
  #turn = 1;
  /** The first turn since the list was shared. */
  #since = 1;
  #shared = true;
  /** Free ids below the length of the list; -1: not counted yet. */
  #holes = -1;
  /** No free id is less. */
  #hint = 0;

  constructor(kind: K, audience: Audience, copy: (entity: Readonly<Entities[K]>) => Entities[K]) {
    this.#audience = audience;
    this.#kind = kinds.indexOf(kind);
    this.#copy = copy;
  }

  load(list: readonly (Readonly<Entities[K]> | null)[]): void {
    this.base = list;
    this.list = list as (Entities[K] | null)[];
    this.share();
    this.#written = 0;
    this.#holes = -1;
    this.#hint = 0;
  }

  /** The list, which from now on is copied before it is changed, as is everything in it. */
  share(): readonly (Entities[K] | null)[] {
    this.#shared = true;
    this.#turn += 1;
    this.#since = this.#turn;
    return this.list;
  }

  /** Ends the turn and tells `visit` what was written in it: each id at least once. */
  drain(visit: (id: number) => void): void {
    if (this.#written === 0) return;
    this.#turn += 1;
    for (let i = 0; i < this.#written; i++) visit(this.#dirty[i] ?? 0);
    this.#written = 0;
  }

  read(id: Ids[K]): Readonly<Entities[K]> {
    const entity = this.list[id];
    if (!entity) throw this.#missing(id);
    const { reader } = this.#audience;
    if (reader !== null) reader.note(this.#kind, id);
    return entity;
  }

  has(id: Ids[K]): boolean {
    const { reader } = this.#audience;
    if (reader !== null) reader.note(this.#kind, id);
    return Boolean(this.list[id]);
  }

  edit(id: Ids[K]): Entities[K] {
    const entity = this.list[id];
    return entity && this.#stamps[id] === this.#turn ? entity : this.#own(id, entity);
  }

  #own(id: number, entity: Entities[K] | null | undefined): Entities[K] {
    if (!entity) throw this.#missing(id);
    const old = (this.#stamps[id] ?? 0) < this.#since;
    this.#touch(id);
    if (!old) return entity;
    const copy = this.#copy(entity);
    this.#ownList()[id] = copy;
    return copy;
  }

  /** Whether a part of an owned entity has to be copied now, which makes it owned too. */
  ownPart(id: number, part: 0 | 1): boolean {
    const at = 2 * id + part;
    if ((this.#parts[at] ?? 0) >= this.#since) return false;
    this.#parts[at] = this.#turn;
    return true;
  }

  add(entity: Entities[K]): Ids[K] {
    const list = this.#ownList();
    if (this.#holes < 0) this.#holes = countHoles(list);
    let id = list.length;
    if (this.#holes > 0) {
      id = list.indexOf(null, this.#hint);
      this.#holes -= 1;
      this.#hint = id + 1;
    }
    list[id] = entity;
    this.#touch(id);
    return id as Ids[K];
  }

  remove(id: Ids[K]): void {
    const list = this.#ownList();
    if (this.#holes < 0) this.#holes = countHoles(list);
    list[id] = null;
    this.#touch(id);
    this.#holes += 1;
    if (id < this.#hint) this.#hint = id;
    while (list.length > 0 && list[list.length - 1] === null) {
      list.pop();
      this.#holes -= 1;
    }
  }

  ids(): Ids[K][] {
    const found: Ids[K][] = [];
    const { list } = this;
    for (let id = 0; id < list.length; id++) if (list[id]) found.push(id as Ids[K]);
    return found;
  }

  #ownList(): (Entities[K] | null)[] {
    if (this.#shared) {
      this.#shared = false;
      this.list = this.list.slice();
    }
    return this.list;
  }

  #touch(id: number): void {
    if (this.#stamps[id] === this.#turn) return;
    this.#stamps[id] = this.#turn;
    this.#dirty[this.#written] = id;
    this.#written += 1;
  }

  #missing(id: number): Error {
    return new Error(`no ${kinds[this.#kind]} ${id} in this store`);
  }
}

function countHoles(list: readonly unknown[]): number {
  let holes = 0;
  for (const entity of list) if (entity === null) holes += 1;
  return holes;
}
