// Steps and changes for people: the new store and the exact difference that was made. Mirrors spec/02.

import { type Draft, enablePatches, Immer, type Patch } from "immer";
import type { Store } from "../model/store.ts";
import { draftEdit } from "./immer-edit.ts";
import { type Action, type System, stepOn } from "./machine.ts";

enablePatches();

const immer: Immer = new Immer({ autoFreeze: false });

/** What was made of a store; `patches` lead from the old one to the new one. */
export interface Inspection {
  readonly store: Store;
  readonly patches: readonly Patch[];
}

/**
 * What if the store were otherwise? `recipe` changes a draft of it as it likes; the result is the
 * store to go on from, with the exact difference. Ids in it must name what is there: nobody checks.
 */
export function whatIf(store: Store, recipe: (draft: Draft<Store>) => void): Inspection {
  const [next, patches] = immer.produceWithPatches(store, recipe);
  return { store: next, patches };
}

/** The same step as `step`, by the same rules, with its exact difference. */
export function inspect(system: System, store: Store, action: Action): Inspection {
  return whatIf(store, (draft) => {
    const edit = draftEdit(draft);
    stepOn(system, edit, action);
    edit.done();
  });
}
