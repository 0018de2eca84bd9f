// What the host may do, kept up to date along a run: only what was touched is looked at again. Mirrors spec/02.

import type { Ctx } from "../canon/machine.ts";
import { isReady } from "../canon/ready.ts";
import { completions, idleMoves, isDeferredCancel, resumption } from "../canon/tick.ts";
import type { Token } from "../model/edit.ts";
import type { ThreadId, WaitableId } from "../model/ids.ts";
import type { Reader } from "../model/slots.ts";
import { kinds } from "../model/store.ts";
import type { Thread } from "../model/thread.ts";
import { type Action, hostAction, isOutside } from "./machine.ts";

const threadPlace: number = kinds.indexOf("thread");
const waitablePlace: number = kinds.indexOf("waitable");

/** A thread that is ready, or was last time. */
interface Entry {
  readonly name: string;
  readonly path: string;
  readonly action: Action;
  isReady: boolean;
}

/** A kind whose writes matter, and what to do about them. */
interface Watched {
  readonly slots: { drain(visit: (id: number) => void): void };
  readonly visit: (id: number) => void;
}

/**
 * Whether a thread is ready is evaluated by the rules' own `isReady`, and the entities that this reads
 * are noted. The thread is looked at again when it, or one of these, was written.
 */
export class Agenda implements Reader {
  readonly #c: Ctx;
  readonly #edit: Token;
  /** By thread; none for one that was never ready. */
  readonly #entries: (Entry | undefined)[] = [];
  /** The ready threads by path, and their actions in the same order. */
  readonly #ready: Entry[] = [];
  readonly #actions: Action[] = [];
  /** Threads to look at again, each once: the first `#marked` of these. */
  readonly #stale: number[] = [];
  #marked = 0;
  readonly #isStale: boolean[] = [];
  /** By kind and id: the threads to look at when it was written. */
  readonly #dependents: readonly (number[] | undefined)[][];
  /** By kind: whether its writes matter, because something was read once. */
  readonly #isWatched: boolean[] = [];
  readonly #watched: Watched[] = [];
  /** The thread that is being looked at. */
  #looking = -1;
  readonly #deferred = new Set<WaitableId>();

  constructor(c: Ctx, edit: Token) {
    this.#c = c;
    this.#edit = edit;
    this.#dependents = kinds.map(() => []);
    this.#watch(threadPlace);
    this.#watch(waitablePlace);
    for (const id of edit.ids("thread")) this.#markStale(id);
    for (const id of edit.ids("waitable")) this.#checkDeferred(id);
  }

  /** The host's moves now, the default first; good until the next step. */
  actions(): readonly Action[] {
    for (const { slots, visit } of this.#watched) slots.drain(visit);
    for (let i = 0; i < this.#marked; i++) this.#look(this.#stale[i] as ThreadId);
    this.#marked = 0;
    if (this.#deferred.size === 0) {
      const idle = this.#actions.every((action) => isOutside(this.#c, action));
      return idle ? [...this.#actions, ...idleMoves(this.#c).map(hostAction)] : this.#actions;
    }
    return [...this.#actions, ...completions(this.#c, [...this.#deferred]).map(hostAction)];
  }

  #watch(place: number): void {
    const kind = kinds[place];
    if (this.#isWatched[place] === true || kind === undefined) return;
    this.#isWatched[place] = true;
    this.#watched.push({ slots: this.#edit.of(kind), visit: (id) => this.#written(place, id) });
  }

  #written(kind: number, id: number): void {
    if (kind === threadPlace) this.#markStale(id);
    else if (kind === waitablePlace) this.#checkDeferred(id as WaitableId);
    const dependents = this.#dependents[kind]?.[id];
    while (dependents !== undefined && dependents.length > 0) {
      this.#markStale(dependents.pop() as number);
    }
  }

  #markStale(id: number): void {
    if (this.#isStale[id] === true) return;
    this.#isStale[id] = true;
    this.#stale[this.#marked] = id;
    this.#marked += 1;
  }

  #checkDeferred(id: WaitableId): void {
    const deferred = this.#edit.waitable.has(id) && isDeferredCancel(this.#c, id);
    if (deferred) this.#deferred.add(id);
    else if (this.#deferred.size > 0) this.#deferred.delete(id);
  }

  #look(id: ThreadId): void {
    this.#isStale[id] = false;
    const t = this.#edit.thread.list[id] ?? null;
    const old = this.#entries[id];
    const ready = t?.state.tag === "waiting" && this.#evaluate(id);
    const entry = ready ? this.#entryOf(t, id, old) : null;
    if (old?.isReady === true && old !== entry) this.#remove(old);
    if (entry?.isReady === false) this.#insert(entry);
  }

  /** The entry of a ready thread: the old one, unless its id was another thread's then. */
  #entryOf({ name, path }: Readonly<Thread>, id: ThreadId, old: Entry | undefined): Entry {
    if (old !== undefined && old.path === path && old.name === name) return old;
    const action = hostAction(resumption(this.#c, id));
    const entry: Entry = { name, path, action, isReady: false };
    this.#entries[id] = entry;
    return entry;
  }

  #insert(entry: Entry): void {
    entry.isReady = true;
    const at = this.#placeOf(entry.path);
    if (at === this.#ready.length) {
      this.#ready.push(entry);
      this.#actions.push(entry.action);
    } else {
      this.#ready.splice(at, 0, entry);
      this.#actions.splice(at, 0, entry.action);
    }
  }

  #remove(entry: Entry): void {
    entry.isReady = false;
    const at = this.#indexOf(entry);
    if (at === this.#ready.length - 1) {
      this.#ready.pop();
      this.#actions.pop();
    } else {
      this.#ready.splice(at, 1);
      this.#actions.splice(at, 1);
    }
  }

  /** Another thread may have the path by now. */
  #indexOf(entry: Entry): number {
    const at = this.#placeOf(entry.path);
    return this.#ready[at] === entry ? at : this.#ready.indexOf(entry, at);
  }

  /** Where the ready thread with this path is, or would be. */
  #placeOf(path: string): number {
    let low = 0;
    let high = this.#ready.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ready[middle]?.path ?? "") < path) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #evaluate(id: ThreadId): boolean {
    this.#looking = id;
    this.#edit.tell(this);
    const ready = isReady(this.#c, id);
    this.#edit.tell(null);
    return ready;
  }

  note(kind: number, id: number): void {
    const thread = this.#looking;
    if (kind === threadPlace && id === thread) return;
    if (this.#isWatched[kind] !== true) this.#watch(kind);
    const lists = this.#dependents[kind] ?? [];
    const list = lists[id];
    if (list === undefined) lists[id] = [thread];
    else if (list.length === 0 || list[list.length - 1] !== thread) {
      list.push(thread);
      if (list.length > 2 * this.#edit.thread.list.length + 8) lists[id] = [...new Set(list)];
    }
  }
}
