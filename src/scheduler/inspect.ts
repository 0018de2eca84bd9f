// One step for people: the new store and the exact difference that the step made. Mirrors spec/02.

import { enablePatches, Immer, type Patch } from "immer";
import type { Store } from "../model/store.ts";
import { draftEdit } from "./immer-edit.ts";
import { type Action, type System, stepOn } from "./machine.ts";

enablePatches();

const immer: Immer = new Immer({ autoFreeze: false });

/** What one step made of a store; `patches` lead from the old one to the new one. */
export interface Inspection {
  readonly store: Store;
  readonly patches: readonly Patch[];
}

/** The same step as `step`, by the same rules, with its exact difference. */
export function inspect(system: System, store: Store, action: Action): Inspection {
  const [next, patches] = immer.produceWithPatches(store, (draft) => {
    const edit = draftEdit(draft);
    stepOn(system, edit, action);
    edit.done();
  });
  return { store: next, patches };
}
