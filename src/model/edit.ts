// How a step changes a store: copy-on-write behind `read` and `edit`. Mirrors spec/01.

import { copies } from "./copies.ts";
import type { Frame } from "./frames.ts";
import type { InstanceId, ThreadId } from "./ids.ts";
import { type Audience, type Entries, type Reader, Slots } from "./slots.ts";
import type { Entities, Globals, HandleEntry, Ids, Kind, Store } from "./store.ts";
import { kinds } from "./store.ts";
import type { Thread } from "./thread.ts";

/** A table of an instance whose two arrays may be changed in place. */
export interface OwnTable<E> {
  readonly array: (E | null)[];
  readonly free: number[];
}

export type OwnThread = Omit<Thread, "frames"> & { readonly frames: Frame[] };

/** The tables of an instance by name, with what they hold. */
export interface Tables {
  handles: HandleEntry;
  threads: ThreadId;
}

/**
 * The rules' view of a store. An entity that may be assigned to comes from `edit`. What is nested in it
 * is a value: it is replaced, never changed. The exceptions are the parts that grow and shrink all the
 * time, which `continuation`, `table`, `log`, `enter` and `leave` change in place. What a rule got from any of
 * these is good until the end of the step.
 */
export interface Edit extends EditOfKinds {
  read<K extends Kind>(kind: K, id: Ids[K]): Readonly<Entities[K]>;
  edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K];
  has<K extends Kind>(kind: K, id: Ids[K]): boolean;
  add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K];
  remove<K extends Kind>(kind: K, id: Ids[K]): void;
  ids<K extends Kind>(kind: K): Ids[K][];
  /** A thread to assign to, whose frames may be pushed and popped. */
  continuation(id: ThreadId): OwnThread;
  /** A table of an instance, to change. */
  table<T extends keyof Tables>(id: InstanceId, name: T): OwnTable<Tables[T]>;
  /** Appends to the log. */
  log(line: string): void;
  /** The thread on top of the stack; null while the host is at its turn. */
  readonly running: ThreadId | null;
  /** Puts a thread on the stack: it runs. */
  enter(id: ThreadId): void;
  /** Takes the running thread off the stack. */
  leave(): void;
  /** The part that is not an entity; assignable, but for the stack. */
  readonly globals: Globals;
  /** The store with all edits; what was changed before is not changed in place any more. */
  done(): Store;
}

/** The entities kind by kind: what rules use; the methods that take a kind say the same. */
type EditOfKinds = { readonly [K in Kind]: Entries<K> };

/**
 * An ownership token: an entity is copied on its first write and shared otherwise. After `done` it
 * goes on, and copies again; `load` makes it a token of another store.
 */
export class Token implements Edit {
  readonly #audience: Audience = { reader: null };
  readonly instance: Slots<"instance"> = new Slots("instance", this.#audience, copies.instance);
  readonly task: Slots<"task"> = new Slots("task", this.#audience, copies.task);
  readonly thread: Slots<"thread"> = new Slots("thread", this.#audience, copies.thread);
  readonly waitable: Slots<"waitable"> = new Slots("waitable", this.#audience, copies.waitable);
  readonly set: Slots<"set"> = new Slots("set", this.#audience, copies.set);
  readonly handle: Slots<"handle"> = new Slots("handle", this.#audience, copies.handle);
  readonly memory: Slots<"memory"> = new Slots("memory", this.#audience, copies.memory);
  globals: Globals;
  running: ThreadId | null = null;
  /** The arrays that belong to this token alone, each null while it is shared. */
  #stack: ThreadId[] | null = null;
  #log: string[] | null = null;

  constructor(store: Store) {
    this.globals = this.#take(store);
  }

  /** From now on tells `reader` what is read; null: nobody. */
  tell(reader: Reader | null): void {
    this.#audience.reader = reader;
  }

  /** Forgets everything and begins with another store. */
  load(store: Store): void {
    this.globals = this.#take(store);
  }

  #take({ entities, amendments, profile, stack, roots, log, ending }: Store): Globals {
    this.instance.load(entities.instance);
    this.task.load(entities.task);
    this.thread.load(entities.thread);
    this.waitable.load(entities.waitable);
    this.set.load(entities.set);
    this.handle.load(entities.handle);
    this.memory.load(entities.memory);
    this.#stack = null;
    this.#log = null;
    this.running = lastOf(stack);
    return { amendments, profile, stack, roots, log, ending };
  }

  /** The slots of one kind; the compiler does not see that a field and its kind go together. */
  of<K extends Kind>(kind: K): Slots<K> {
    return this[kind] as unknown as Slots<K>;
  }

  read<K extends Kind>(kind: K, id: Ids[K]): Readonly<Entities[K]> {
    return this.of(kind).read(id);
  }

  edit<K extends Kind>(kind: K, id: Ids[K]): Entities[K] {
    return this.of(kind).edit(id);
  }

  has<K extends Kind>(kind: K, id: Ids[K]): boolean {
    return this.of(kind).has(id);
  }

  add<K extends Kind>(kind: K, entity: Entities[K]): Ids[K] {
    return this.of(kind).add(entity);
  }

  remove<K extends Kind>(kind: K, id: Ids[K]): void {
    this.of(kind).remove(id);
  }

  ids<K extends Kind>(kind: K): Ids[K][] {
    return this.of(kind).ids();
  }

  continuation(id: ThreadId): OwnThread {
    const t = this.thread.edit(id);
    if (this.thread.ownPart(id, 0)) t.frames = t.frames.slice();
    return t as OwnThread;
  }

  table<T extends keyof Tables>(id: InstanceId, name: T): OwnTable<Tables[T]> {
    const inst = this.instance.edit(id);
    if (this.instance.ownPart(id, name === "handles" ? 0 : 1)) {
      const { array, free } = inst[name];
      const own = { array: array.slice(), free: free.slice() };
      if (name === "handles") inst.handles = own as Entities["instance"]["handles"];
      else inst.threads = own as Entities["instance"]["threads"];
    }
    return inst[name] as unknown as OwnTable<Tables[T]>;
  }

  log(line: string): void {
    const { globals } = this;
    if (this.#log === null || this.#log !== globals.log) this.#log = globals.log.slice();
    this.#log.push(line);
    globals.log = this.#log;
  }

  enter(id: ThreadId): void {
    this.#ownStack().push(id);
    this.running = id;
  }

  leave(): void {
    const stack = this.#ownStack();
    stack.pop();
    this.running = lastOf(stack);
  }

  #ownStack(): ThreadId[] {
    if (this.#stack === null) {
      this.#stack = this.globals.stack.slice();
      this.globals.stack = this.#stack;
    }
    return this.#stack;
  }

  done(): Store {
    this.#stack = null;
    this.#log = null;
    const { instance, task, thread, waitable, set, handle, memory } = this;
    const entities = {
      instance: instance.share(),
      task: task.share(),
      thread: thread.share(),
      waitable: waitable.share(),
      set: set.share(),
      handle: handle.share(),
      memory: memory.share(),
    };
    const { amendments, profile, stack, roots, log, ending } = this.globals;
    return { amendments, profile, stack, roots, log, ending, entities };
  }
}

/** Asks for the length first: to look up -1 is slow. */
function lastOf(stack: readonly ThreadId[]): ThreadId | null {
  return stack.length === 0 ? null : (stack[stack.length - 1] ?? null);
}

/** A token of a store. */
export function editStore(store: Store): Token {
  return new Token(store);
}

/** The entities of an empty store. */
export function noEntities(): Store["entities"] {
  return Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Store["entities"];
}
