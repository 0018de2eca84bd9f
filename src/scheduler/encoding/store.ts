// A store as integers, canonically: equal for stores that behave alike. Mirrors spec/07.

import type { Store, WaitableSet } from "../../model/store.ts";
import type { Thread } from "../../model/thread.ts";
import type { System } from "../machine.ts";
import { DataWriter } from "./data.ts";
import type { Encoding } from "./encoding.ts";
import {
  writeEnd,
  writeEnding,
  writeHandle,
  writeInstance,
  writeSubtask,
  writeTask,
  writeThread,
} from "./entities.ts";
import { FrameWriter } from "./frames.ts";
import { kindNumber } from "./numbering.ts";
import { identity, type Permutation } from "./permutation.ts";

export interface EncodingOptions {
  /** leave out what no rule and no script will read again */
  readonly dead: boolean;
}

/** Writes the stores of one search. */
export interface StoreEncoder {
  /**
   * Writes everything that the future of a store depends on. Ids, the log, names and the order in which
   * things were made do not count, nor does what nothing refers to any more, except how many tasks are
   * left. With a permutation of the roots it writes the image of the store.
   */
  encode(store: Store, out: Encoding, permutation?: Permutation): void;
}

/** An encoder for the stores of a system. */
export function storeEncoder(system: System, options: EncodingOptions): StoreEncoder {
  return new Walk(new FrameWriter(system.guests, options.dead), options.dead);
}

/**
 * Walks a store from its instances and live threads and numbers what it refers to in the order in
 * which it comes there.
 */
class Walk implements StoreEncoder {
  readonly #frames: FrameWriter;
  readonly #dead: boolean;
  readonly #w = new DataWriter();
  /** Live threads by path, and their paths. */
  readonly #order: number[] = [];
  readonly #paths: string[] = [];

  constructor(frames: FrameWriter, dead: boolean) {
    this.#frames = frames;
    this.#dead = dead;
  }

  encode(store: Store, out: Encoding, permutation: Permutation = identity): void {
    const { entities } = store;
    const w = this.#w;
    w.begin(out, entities);
    this.#sortThreads(entities.thread, permutation);
    for (const id of this.#order) w.numbering.of(kindNumber.thread, id);
    w.int(this.#order.length);
    w.int(liveCount(entities.task));
    writeEnding(w, store.ending);
    w.refs(kindNumber.thread, store.stack);
    this.#roots(store, permutation);
    for (const inst of entities.instance) if (inst) writeInstance(w, inst);
    for (const memory of entities.memory) if (memory) w.memory(memory);
    this.#whatWasMet(entities, 0);
    this.#unanswered(entities);
  }

  /** Live threads by path: few, and mostly in order already. */
  #sortThreads(slots: readonly (Readonly<Thread> | null)[], permutation: Permutation): void {
    const order = this.#order;
    const paths = this.#paths;
    order.length = 0;
    paths.length = 0;
    for (let id = 0; id < slots.length; id++) {
      const t = slots[id];
      if (!t) continue;
      const path = permutation.path(t.path);
      let at = order.length;
      for (; at > 0 && path < (paths[at - 1] ?? ""); at--) {
        paths[at] = paths[at - 1] ?? "";
        order[at] = order[at - 1] ?? 0;
      }
      paths[at] = path;
      order[at] = id;
    }
  }

  #roots({ roots }: Store, permutation: Permutation): void {
    const w = this.#w;
    for (let i = 0; i < roots.length; i++) {
      w.ref(kindNumber.thread, roots[permutation.source(i)]?.thread ?? null);
    }
  }

  /** The threads, which were met first, and what is met on the way. */
  #whatWasMet(entities: Store["entities"], from: number): void {
    const { numbering } = this.#w;
    for (let at = from; at < numbering.count; at++) {
      const id = numbering.ids[at] ?? 0;
      const t = at < this.#order.length ? entities.thread[id] : null;
      if (t) writeThread(this.#w, t, this.#paths[at] ?? "", this.#frames);
      else this.#entity(entities, numbering.kinds[at] ?? 0, id);
    }
  }

  /** Cancelled copies that the host may complete, even of ends that nothing refers to. */
  #unanswered(entities: Store["entities"]): void {
    const { numbering } = this.#w;
    for (let id = 0; id < entities.waitable.length; id++) {
      const end = entities.waitable[id];
      if (end?.tag !== "end" || end.state !== "cancelling") continue;
      const { count } = numbering;
      numbering.of(kindNumber.waitable, id);
      this.#whatWasMet(entities, count);
    }
  }

  #entity(entities: Store["entities"], kind: number, id: number): void {
    const w = this.#w;
    if (kind === kindNumber.waitable) {
      const waitable = entities.waitable[id];
      if (waitable?.tag === "subtask") writeSubtask(w, waitable, this.#dead);
      else if (waitable) writeEnd(w, waitable);
    } else if (kind === kindNumber.task) {
      const task = entities.task[id];
      if (task) writeTask(w, task);
    } else if (kind === kindNumber.set) {
      const set = entities.set[id];
      if (set) this.#set(set, entities.waitable);
    } else {
      const handle = entities.handle[id];
      if (handle) writeHandle(w, handle);
    }
  }

  /** Members by handle index: a set has no order. */
  #set({ elems, numWaiting }: Readonly<WaitableSet>, slots: Store["entities"]["waitable"]): void {
    const index = (id: number): number => slots[id]?.index ?? -1;
    const sorted = elems.length < 2 ? elems : elems.toSorted((a, b) => index(a) - index(b));
    this.#w.int(numWaiting);
    this.#w.refs(kindNumber.waitable, sorted);
  }
}

function liveCount(slots: readonly unknown[]): number {
  let count = 0;
  for (const slot of slots) if (slot) count += 1;
  return count;
}
