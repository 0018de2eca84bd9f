// The rules' view of a store over an immer draft: slow, but it knows what a step changed. Mirrors spec/01.

import { type Draft, original } from "immer";
import type { Edit, OwnTable, OwnThread, Tables } from "../model/edit.ts";
import type { InstanceId, ThreadId } from "../model/ids.ts";
import { sameData } from "../model/same.ts";
import type { Entries } from "../model/slots.ts";
import type { Entities, Globals, Ids, Kind, Store, Table } from "../model/store.ts";

type Fields = Record<string, unknown>;
type Slots = { [K in Kind]: (Entities[K] | null)[] };

/** An entity that was edited: the copy that the rules see, and what it is a copy of. */
interface Owned {
  readonly copy: Fields;
  /** null for an entity that was added */
  readonly from: Fields | null;
}

function assignChanges(target: Fields, { copy, from }: Owned): void {
  if (from === null) return;
  for (const [field, value] of Object.entries(copy)) {
    if (!sameData(from[field], value)) target[field] = value;
  }
}

/** The value of a field that may be changed in place: a copy of it unless it is one already. */
function ownField({ copy, from }: Owned, field: string, slice: (value: never) => unknown): unknown {
  if (from !== null && copy[field] === from[field]) copy[field] = slice(copy[field] as never);
  return copy[field];
}

const sliceList = (list: readonly unknown[]): unknown[] => list.slice();

function sliceTable({ array, free }: Table<unknown>): OwnTable<unknown> {
  return { array: array.slice(), free: free.slice() };
}

/**
 * An `Edit` whose `done` writes into a draft, field by field, so that immer's patches are exact. Rules
 * never see the draft itself: what is nested in an entity is a value, which they may keep.
 */
class DraftEdit implements Edit {
  readonly instance: Entries<"instance"> = new DraftEntries(this, "instance");
  readonly task: Entries<"task"> = new DraftEntries(this, "task");
  readonly thread: Entries<"thread"> = new DraftEntries(this, "thread");
  readonly waitable: Entries<"waitable"> = new DraftEntries(this, "waitable");
  readonly set: Entries<"set"> = new DraftEntries(this, "set");
  readonly handle: Entries<"handle"> = new DraftEntries(this, "handle");
  readonly memory: Entries<"memory"> = new DraftEntries(this, "memory");
  readonly globals: Globals;
  readonly #draft: Draft<Store>;
  readonly #slots: Slots;
  readonly #base: Store;
  readonly #globals: Owned;
  readonly #owned = new Map<string, Owned & { readonly kind: Kind; readonly id: number }>();

  constructor(draft: Draft<Store>) {
    this.#draft = draft;
    this.#slots = draft.entities as unknown as Slots;
    this.#base = original(draft) as Store;
    this.#globals = { copy: { ...this.#base }, from: { ...this.#base } };
    this.globals = this.#globals.copy as unknown as Globals;
  }

  has<K extends Kind>(kind: K, id: Ids[K]): boolean {
    return Boolean(this.#slots[kind][id]);
  }

  read<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
    if (!this.has(kind, id)) throw new Error(`no ${kind} ${id} in this store`);
    const copy = this.#owned.get(`${kind}${id}`)?.copy ?? this.#base.entities[kind][id];
    return copy as unknown as Entities[K];
  }

  ids<K extends Kind>(kind: K): Ids[K][] {
    const slots = this.#slots[kind];
    return [...slots.keys()].filter((id) => slots[id]) as Ids[K][];
  }

  all<K extends Kind>(kind: K): readonly (Entities[K] | null)[] {
    const found: (Entities[K] | null)[] = this.#slots[kind].map(() => null);
    for (const id of this.ids(kind)) found[id] = this.read(kind, id);
    return found;
  }

  edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
    return this.#own(kind, id).copy as unknown as Entities[K];
  }

  #own<K extends Kind>(kind: K, id: Ids[K]): Owned {
    const from = this.read(kind, id) as unknown as Fields;
    const known = this.#owned.get(`${kind}${id}`);
    if (known !== undefined) return known;
    const made = { kind, id, copy: { ...from }, from };
    this.#owned.set(`${kind}${id}`, made);
    return made;
  }

  add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K] {
    const list: (Entities[K] | null)[] = this.#slots[kind];
    const hole = list.indexOf(null);
    const id = (hole === -1 ? list.length : hole) as Ids[K];
    list[id] = entity;
    const copy = entity as unknown as Fields;
    this.#owned.set(`${kind}${id}`, { kind, id, copy, from: null });
    return id;
  }

  remove<K extends Kind>(kind: K, id: Ids[K]): void {
    const list = this.#slots[kind];
    this.#owned.delete(`${kind}${id}`);
    list[id] = null;
    while (list.length > 0 && list[list.length - 1] === null) list.pop();
  }

  continuation(id: ThreadId): OwnThread {
    const own = this.#own("thread", id);
    ownField(own, "frames", sliceList);
    return own.copy as unknown as OwnThread;
  }

  table<T extends keyof Tables>(id: InstanceId, name: T): OwnTable<Tables[T]> {
    return ownField(this.#own("instance", id), name, sliceTable) as OwnTable<Tables[T]>;
  }

  log(line: string): void {
    (ownField(this.#globals, "log", sliceList) as string[]).push(line);
  }

  get running(): ThreadId | null {
    const { stack } = this.globals;
    return stack[stack.length - 1] ?? null;
  }

  enter(id: ThreadId): void {
    (ownField(this.#globals, "stack", sliceList) as ThreadId[]).push(id);
  }

  leave(): void {
    (ownField(this.#globals, "stack", sliceList) as ThreadId[]).pop();
  }

  done(): Store {
    assignChanges(this.#draft as unknown as Fields, this.#globals);
    for (const { kind, id, ...one } of this.#owned.values()) {
      assignChanges(this.#slots[kind][id] as unknown as Fields, one);
    }
    return this.#draft as unknown as Store;
  }
}

/** One kind of a draft's entities. */
class DraftEntries<K extends Kind> implements Entries<K> {
  readonly #edit: DraftEdit;
  readonly #kind: K;

  constructor(edit: DraftEdit, kind: K) {
    this.#edit = edit;
    this.#kind = kind;
  }

  read(id: Ids[K]): Readonly<Entities[K]> {
    return this.#edit.read(this.#kind, id);
  }

  edit(id: Ids[K]): Entities[K] {
    return this.#edit.edit(this.#kind, id);
  }

  has(id: Ids[K]): boolean {
    return this.#edit.has(this.#kind, id);
  }

  add(entity: Entities[K]): Ids[K] {
    return this.#edit.add(this.#kind, entity);
  }

  remove(id: Ids[K]): void {
    this.#edit.remove(this.#kind, id);
  }

  ids(): Ids[K][] {
    return this.#edit.ids(this.#kind);
  }

  get list(): readonly (Readonly<Entities[K]> | null)[] {
    return this.#edit.all(this.#kind);
  }
}

export function draftEdit(draft: Draft<Store>): Edit {
  return new DraftEdit(draft);
}
