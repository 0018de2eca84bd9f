// How a step changes a store: copy-on-write behind `read` and `edit`. Mirrors spec/01.

import type { Entities, Globals, Ids, Kind, Store } from "./store.ts";
import { kinds } from "./store.ts";

/**
 * The rules' view of a store. `read` gives an entity as it is now; `edit` gives one that may be
 * assigned to (its arrays and nested objects are values: replace them, never change them).
 */
export interface Edit {
  read<K extends Kind>(kind: K, id: Ids[K]): Readonly<Entities[K]>;
  edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K];
  /** False for an id whose entity was removed. */
  has<K extends Kind>(kind: K, id: Ids[K]): boolean;
  add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K];
  remove<K extends Kind>(kind: K, id: Ids[K]): void;
  ids<K extends Kind>(kind: K): Ids[K][];
  /** The part that is not an entity; assignable. */
  readonly globals: Globals;
  /** The store with all edits; the token must not be used afterwards. */
  done(): Store;
}

type Slots<K extends Kind> = (Entities[K] | null)[];

/** An ownership token: an entity is copied on its first write and shared otherwise. */
export function editStore(store: Store): Edit {
  const { entities, ...rest } = store;
  const globals: Globals = rest;
  const tables = { ...entities } as { [K in Kind]: readonly (Readonly<Entities[K]> | null)[] };
  const owned: Partial<Record<Kind, Set<number>>> = {};

  function own<K extends Kind>(kind: K): Slots<K> {
    if (owned[kind] === undefined) {
      owned[kind] = new Set();
      (tables as Record<Kind, unknown>)[kind] = tables[kind].slice();
    }
    return tables[kind] as Slots<K>;
  }

  function read<K extends Kind>(kind: K, id: Ids[K]): Readonly<Entities[K]> {
    const entity = tables[kind][id];
    if (!entity) throw new Error(`no ${kind} ${id} in this store`);
    return entity;
  }

  return {
    globals,
    read,
    has: (kind, id) => Boolean(tables[kind][id]),
    ids: (kind) => [...tables[kind].keys()].filter((i) => tables[kind][i]) as Ids[typeof kind][],
    edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
      const slots = own(kind);
      const entity = read(kind, id);
      if (owned[kind]?.has(id)) return entity as Entities[K];
      owned[kind]?.add(id);
      const copy = { ...entity } as Entities[K];
      slots[id] = copy;
      return copy;
    },
    add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K] {
      const slots = own(kind);
      const hole = slots.indexOf(null);
      const id = (hole === -1 ? slots.length : hole) as Ids[K];
      slots[id] = entity;
      owned[kind]?.add(id);
      return id;
    },
    remove(kind, id) {
      const slots = own(kind);
      slots[id] = null;
      while (slots.length > 0 && slots[slots.length - 1] === null) slots.pop();
    },
    done: () => ({ ...globals, entities: tables }),
  };
}

/** The entities of an empty store. */
export function noEntities(): Store["entities"] {
  return Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Store["entities"];
}
