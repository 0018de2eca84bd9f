// The rules' view of a store over an immer draft: slow, but it knows what a step changed. Mirrors spec/01.

import { type Draft, original } from "immer";
import type { Edit } from "../model/edit.ts";
import type { Entities, Globals, Ids, Kind, Store } from "../model/store.ts";

type Fields = Record<string, unknown>;
type Slots = { [K in Kind]: (Entities[K] | null)[] };

/** An entity that was edited: the copy that the rules see, and what it is a copy of. */
interface Owned {
  readonly copy: Fields;
  /** null for an entity that was added */
  readonly from: Fields | null;
}

function assignChanges(target: Fields, { copy, from }: Owned): void {
  for (const [field, value] of Object.entries(copy)) {
    if (from !== null && !Object.is(from[field], value)) target[field] = value;
  }
}

/**
 * An `Edit` whose `done` writes into a draft, field by field, so that immer's patches are exact. Rules
 * never see the draft itself: what is nested in an entity is a value, which they may keep.
 */
export function draftEdit(draft: Draft<Store>): Edit {
  const slots = draft.entities as unknown as Slots;
  const base = original(draft) as Store;
  const globals: Owned = { copy: { ...base }, from: { ...base } };
  const owned = new Map<string, Owned & { readonly kind: Kind; readonly id: number }>();

  function has<K extends Kind>(kind: K, id: Ids[K]): boolean {
    return Boolean(slots[kind][id]);
  }

  function read<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
    if (!has(kind, id)) throw new Error(`no ${kind} ${id} in this store`);
    const copy = owned.get(`${kind}${id}`)?.copy ?? base.entities[kind][id];
    return copy as unknown as Entities[K];
  }

  return {
    globals: globals.copy as unknown as Globals,
    read,
    has,
    ids: (kind) => [...slots[kind].keys()].filter((i) => slots[kind][i]) as Ids[typeof kind][],
    edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
      const from = read(kind, id) as unknown as Fields;
      const key = `${kind}${id}`;
      if (!owned.has(key)) owned.set(key, { kind, id, copy: { ...from }, from });
      return read(kind, id);
    },
    add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K] {
      const list: (Entities[K] | null)[] = slots[kind];
      const hole = list.indexOf(null);
      const id = (hole === -1 ? list.length : hole) as Ids[K];
      list[id] = entity;
      owned.set(`${kind}${id}`, { kind, id, copy: entity as unknown as Fields, from: null });
      return id;
    },
    remove(kind, id) {
      const list = slots[kind];
      owned.delete(`${kind}${id}`);
      list[id] = null;
      while (list.length > 0 && list[list.length - 1] === null) list.pop();
    },
    done() {
      assignChanges(draft as unknown as Fields, globals);
      for (const { kind, id, ...one } of owned.values()) {
        assignChanges(slots[kind][id] as unknown as Fields, one);
      }
      return draft as unknown as Store;
    },
  };
}
