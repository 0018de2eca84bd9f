// Laws of the encoding of stores: it forgets ids, history and dead data, and nothing that matters.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { storeFromJson, storeToJson } from "../../src/model/json.ts";
import type { Kind, Store } from "../../src/model/store.ts";
import { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import { storeEncoder } from "../../src/scheduler/encoding/store.ts";
import { type Action, enabled, macrostep, type System, step } from "../../src/scheduler/machine.ts";
import { outcomeKey, outcomeOf } from "../../src/scheduler/outcome.ts";
import { random } from "../../src/scheduler/sampling/random.ts";
import { anyPipe, pipeScenario } from "./arbitraries/streams.ts";
import { anySystem, smallSystem } from "./arbitraries/systems.ts";
import { anySeed, replayable, runs, systemUnder, walk } from "./laws.ts";

/** What an encoder of its own writes for stores of one system, as text. */
function writer(system: System, dead: boolean, exact = true): (store: Store) => string {
  const encoder = storeEncoder(system, { dead });
  const out = new Encoding(exact);
  return (store) => {
    out.clear();
    try {
      encoder.encode(store, out);
    } catch (error) {
      return String(error); // of a store that was made up
    }
    return out.ints.subarray(0, out.length).join();
  };
}

/** One for all stores of a walk, which are of one system. */
function lazyWriter(dead: boolean): (system: System) => (store: Store) => string {
  let known: ((store: Store) => string) | null = null;
  return (system) => {
    known ??= writer(system, dead);
    return known;
  };
}

const silently = (store: Store): Store => ({ ...store, log: [] });

/** The kinds whose ids are made while a system runs; instances and memories are part of a program. */
const dynamic = ["task", "thread", "waitable", "set", "handle"] as const;
type Dynamic = (typeof dynamic)[number];

type Renaming = Readonly<Record<Dynamic, readonly number[]>>;

/** Fields of entities, frames and their parts that hold one id or a list of them. */
const fields: Readonly<Record<string, Dynamic>> = {
  task: "task",
  thread: "thread",
  threads: "thread",
  stack: "thread",
  exclusiveThread: "thread",
  implicitThread: "thread",
  waitable: "waitable",
  elems: "waitable",
  other: "waitable",
  src: "waitable",
  dst: "waitable",
  set: "set",
  handle: "handle",
  lenders: "handle",
};

/** Fields whose own fields are named by the guest: only `{tag: "end"}` values in them hold ids. */
const guestData: ReadonlySet<string> = new Set(["globals", "fields"]);

function isEndValue(value: object): value is { waitable: number } {
  return "tag" in value && value.tag === "end" && "waitable" in value && !("kind" in value);
}

function rename(value: unknown, ids: Renaming, kind: Dynamic | null): unknown {
  if (typeof value === "number") return kind === null ? value : (ids[kind][value] ?? value);
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return value.map((item) => rename(item, ids, kind));
  if (isEndValue(value)) return { ...value, waitable: ids.waitable[value.waitable] };
  // bytes to copy: `src` is an address
  if ("tag" in value && value.tag === "bytes" && "from" in value) {
    return { ...value, from: rename(value.from, ids, null) };
  }
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => {
      // a table's slots are of its kind; its free list holds indices
      if (field === "array") return [field, rename(inner, ids, kind)];
      if (guestData.has(field)) return [field, renameData(inner, ids)];
      return [field, rename(inner, ids, fields[field] ?? null)];
    }),
  );
}

function renameData(value: unknown, ids: Renaming): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => rename(item, ids, null));
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [field, rename(inner, ids, null)]),
  );
}

/** The store in which every dynamic id `i` is `ids[kind][i]`. */
function renamed(store: Store, ids: Renaming): Store {
  const { entities, ...globals } = store;
  const moved = Object.entries(entities).map(([kind, slots]) => {
    const inner = slots.map((slot) => rename(slot, ids, null));
    if (!(dynamic as readonly string[]).includes(kind)) return [kind, inner];
    const order = ids[kind as Dynamic];
    const out: unknown[] = new Array(order.length).fill(null);
    for (const [i, slot] of inner.entries()) out[order[i]!] = slot;
    return [kind, out];
  });
  const rest = rename(globals, ids, null) as Omit<Store, "entities">;
  return { ...rest, entities: Object.fromEntries(moved) as Store["entities"] };
}

const room = 60;

const anyRenaming: fc.Arbitrary<Renaming> = fc.record(
  Object.fromEntries(
    dynamic.map((kind) => {
      const ids = Array.from({ length: room }, (_, i) => i);
      return [kind, fc.shuffledSubarray(ids, { minLength: room, maxLength: room })];
    }),
  ) as Record<Dynamic, fc.Arbitrary<number[]>>,
);

const fewStates = fc.oneof(smallSystem, anyPipe.map(pipeScenario));

function fits({ entities }: Store): boolean {
  return (Object.keys(entities) as Kind[]).every((kind) => entities[kind].length <= room);
}

describe("the encoding of a store", () => {
  test("does not change when tasks, threads, waitables, sets and handles are renumbered", () => {
    fc.assert(
      fc.property(anySystem, anySeed, anyRenaming, (scenario, policySeed, ids) => {
        const of = lazyWriter(true);
        let n = 0;
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          n += 1;
          if (n % 7 !== 0 || !fits(after)) return;
          const write = of(system);
          expect(write(renamed(after, ids))).toBe(write(after));
        });
      }),
      runs(60),
    );
  });

  test("does not depend on the process: neither on objects nor on what was written before", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        let busy: ((store: Store) => string) | null = null;
        let n = 0;
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          busy ??= writer(system, true, false);
          const written = busy(after);
          n += 1;
          if (n % 7 !== 0) return;
          const fresh = writer(systemUnder(scenario, "d1daf829"), true, false);
          expect(fresh(storeFromJson(storeToJson(after)))).toBe(written);
        });
      }),
      runs(40),
    );
  });

  test("does not hold the log, names, or entities that nothing refers to", () => {
    fc.assert(
      fc.property(anySystem, anySeed, (scenario, policySeed) => {
        const of = lazyWriter(false);
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          const write = of(system);
          expect(write(disguised(after))).toBe(write(after));
        });
      }),
      runs(20),
    );
  });

  test("counts tasks that are left, whoever refers to them", () => {
    const [scenario] = fc.sample(smallSystem, { numRuns: 1, seed: 1 });
    if (scenario === undefined) throw new Error("a sample is not empty");
    const system = systemUnder(scenario, "d1daf829");
    const write = writer(system, true);
    const { entities } = system.initial;
    const task = { ...garbageTask, threads: [] };
    const leaky = {
      ...system.initial,
      entities: { ...entities, task: [task] },
    } as unknown as Store;
    expect(write(leaky)).not.toBe(write(system.initial));
  });

  test("is the same only for stores that behave alike, as far as three choices show", () => {
    fc.assert(
      fc.property(fewStates, (scenario) => {
        const system = systemUnder(scenario, "d1daf829");
        const write = writer(system, true);
        const known = new Map<string, Store>();
        for (const store of tree(system, 120)) {
          const key = write(store);
          const other = known.get(key);
          if (other === undefined) known.set(key, store);
          else {
            const of = { scenario, revision: "d1daf829", schedule: [] } as const;
            replayable(
              () => of,
              () => expect(behaviour(system, store, 3)).toBe(behaviour(system, other, 3)),
            );
          }
        }
      }),
      runs(100),
    );
  });

  test("tells stores apart that differ in one number, flag or word that is not a name or a type", () => {
    fc.assert(
      fc.property(anySystem, anySeed, fc.nat(10_000), (scenario, policySeed, n) => {
        const of = lazyWriter(false);
        let steps = n;
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          steps += 1;
          if (steps % 11 !== 0) return;
          const write = of(system);
          const reached = (without: Store): boolean => write(without) !== write(after);
          for (const { changed, what } of changes(after, steps, reached)) {
            expect(write(changed) === write(after), what).toBe(false);
          }
        });
      }),
      runs(100),
    );
  });

  test("leaves dead data out: whatever it says, the same happens", () => {
    let dead = 0;
    fc.assert(
      fc.property(anySystem, anySeed, fc.nat(10_000), (scenario, policySeed, n) => {
        const of = lazyWriter(true);
        let steps = n;
        walk(scenario, "d1daf829", policySeed, ({ after }, system) => {
          steps += 1;
          if (steps % 17 !== 0) return;
          const write = of(system);
          const { scrambled, what } = scramble(after, write);
          dead += what.length;
          for (const seed of [steps, steps + 1]) {
            const expected = future(system, after, write, seed);
            expect(future(system, scrambled, write, seed), what.join()).toEqual(expected);
          }
        });
      }),
      runs(60),
    );
    expect(dead).toBeGreaterThan(1000);
  });
});

/** The store with everything changed, one thing after the other, that is not in its encoding. */
function scramble(
  store: Store,
  write: (store: Store) => string,
): { readonly scrambled: Store; readonly what: readonly string[] } {
  const same = write(store);
  let scrambled = store;
  const what: string[] = [];
  for (const kind of ["thread", "task", "waitable"] as const) {
    for (const [id, slot] of store.entities[kind].entries()) {
      for (const path of leaves(slot, [], false)) {
        const slots: readonly unknown[] = scrambled.entities[kind];
        const entities = {
          ...scrambled.entities,
          [kind]: slots.with(id, changedAt(slots[id], path)),
        };
        const changed = { ...scrambled, entities } as Store;
        if (write(changed) !== same) continue;
        scrambled = changed;
        what.push(`${kind} ${path.join(".")}`);
      }
    }
  }
  return { scrambled, what };
}

/** The same store with other names, another past, and something that nothing refers to. */
function disguised(store: Store): Store {
  const { entities } = store;
  const named = <E extends { readonly name: string }>(e: E | null): E | null =>
    e === null ? null : { ...e, name: `${e.name}!` };
  return {
    ...store,
    log: [...store.log, "something else"],
    roots: store.roots.map((root) => ({ ...root, name: `${root.name}!` })),
    entities: {
      ...entities,
      task: entities.task.map(named),
      thread: entities.thread.map(named),
      set: [...entities.set, { elems: [], numWaiting: 3 }],
      handle: [...entities.handle, garbageHandle],
    },
  } as Store;
}

const garbageHandle = { rt: 0, rep: 7, own: true, task: null, numLends: 0 };

const garbageTask = {
  name: "left over",
  ft: { params: [], result: null, async: true },
  opts: null,
  instance: 0,
  caller: { tag: "subtask", waitable: 0 },
  state: "started",
  numBorrows: 0,
  implicitThread: null,
  driven: false,
};

/** What a random run shows from here on, and where it comes through. */
function future(
  system: System,
  store: Store,
  write: (store: Store) => string,
  seed: number,
): readonly unknown[] {
  const next = random(seed);
  const seen: unknown[] = [];
  let at = silently(store);
  for (let n = 0; n < 40; n++) {
    const actions = enabled(system, at);
    const action = actions[next() % Math.max(actions.length, 1)];
    if (action === undefined) break;
    at = step(system, at, action);
    seen.push([actions.length, at.log, write(at)]);
    if (at.ending !== null) break;
  }
  return seen;
}

type Path = readonly (string | number)[];

/** What is static, or a name, or one of the ids that the first law is about. */
const silent: ReadonlySet<string> = new Set([
  ...[
    "name",
    "code",
    "ft",
    "opts",
    "instance",
    "memory",
    "owner",
    "caller",
    "leaves",
    "table",
    "core",
  ],
  ...Object.keys(fields),
]);

/** The paths of the numbers, flags and words in a piece of a store. */
function leaves(value: unknown, path: Path, named: boolean): Path[] {
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "string") {
    return [path];
  }
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    if (!named && silent.has(field)) return [];
    if (field === "tag" && !isWord(inner)) return []; // with another tag it would have other fields
    return leaves(inner, [...path, field], guestData.has(field));
  });
}

/** Words that stand for each other in some field: a change makes one of another. */
const vocabularies: readonly (readonly string[])[] = [
  ["initial", "started", "pending-cancel", "cancel-delivered", "resolved"],
  ["STARTING", "STARTED", "RETURNED", "CANCELLED_BEFORE_STARTED", "CANCELLED_BEFORE_RETURNED"],
  ["running", "suspended"],
  ["no", "yes", "lock-available"],
  ["readable-stream", "writable-stream", "readable-future", "writable-future"],
  ["idle", "copying", "cancelling", "done"],
  ["COMPLETED", "DROPPED", "CANCELLED"],
];

const isWord = (word: unknown): boolean => vocabularies.some((some) => some.includes(String(word)));

function otherWord(word: string): string {
  const words = vocabularies.find((some) => some.includes(word));
  if (words === undefined) return `${word}!`;
  return words[(words.indexOf(word) + 1) % words.length] ?? word;
}

function changedAt(value: unknown, [field, ...rest]: Path): unknown {
  if (field === undefined) {
    if (typeof value === "number") return value + 1;
    return typeof value === "boolean" ? !value : otherWord(String(value));
  }
  if (Array.isArray(value)) return value.with(Number(field), changedAt(value[Number(field)], rest));
  const of = value as Readonly<Record<string, unknown>>;
  return { ...of, [field]: changedAt(of[field], rest) };
}

/** One change of an entity of each kind, picked by `n`; entities that nothing refers to do not count. */
function changes(
  store: Store,
  n: number,
  reached: (without: Store) => boolean,
): { changed: Store; what: string }[] {
  const { entities } = store;
  return (["instance", ...dynamic] as const).flatMap((kind) => {
    const slots: readonly unknown[] = entities[kind];
    const id = n % Math.max(slots.length, 1);
    const paths = leaves(slots[id], [], false);
    const path = paths[n % Math.max(paths.length, 1)];
    if (path === undefined) return [];
    const put = (slot: unknown): Store =>
      ({ ...store, entities: { ...entities, [kind]: slots.with(id, slot) } }) as Store;
    if (!reached(put(null))) return [];
    return [{ changed: put(changedAt(slots[id], path)), what: `${kind} ${path.join(".")}` }];
  });
}

/** Which move it is, in words that two stores that behave alike share: of a pick, its kind. */
function identity(move: Action): string {
  return move.tag === "host" ? String(move.id) : (move.name.split(" ")[0] ?? "");
}

/** Everything that can be seen of a store within some moves: what it logs, how it ends, what it offers. */
function behaviour(system: System, store: Store, depth: number): string {
  const { log, ending } = store;
  const end = ending === null ? null : [ending.tag, ending.tag === "limit" ? "" : ending.code];
  if (depth === 0) return JSON.stringify([log, end]);
  const moves = enabled(system, store).map((move) => [
    identity(move),
    behaviour(system, macrostep(system, silently(store), move), depth - 1),
  ]);
  return JSON.stringify([log, end, moves]);
}

/** Stores at choice points, breadth first, met again as often as there are ways to them; without a past. */
function* tree(system: System, most: number): Generator<Store> {
  const queue = [macrostep(system, system.initial, null)];
  for (let n = 0; n < most; n++) {
    const store = queue.shift();
    if (store === undefined) return;
    const here = silently(store);
    yield here;
    for (const action of enabled(system, here)) queue.push(macrostep(system, here, action));
  }
}

/** All outcomes, where states of one key and log are visited once; null beyond a bound. */
function outcomes(system: System, key: (store: Store) => string, most: number): string[] | null {
  const first = macrostep(system, system.initial, null);
  const known = new Set([key(first)]);
  const found = new Set<string>();
  const todo = [first];
  for (let store = todo.pop(); store !== undefined; store = todo.pop()) {
    const actions = enabled(system, store);
    if (actions.length === 0) found.add(outcomeKey(outcomeOf(store)));
    for (const action of actions) {
      const next = macrostep(system, store, action);
      const name = key(next);
      if (known.has(name)) continue;
      known.add(name);
      todo.push(next);
      if (known.size > most) return null;
    }
  }
  return [...found].sort();
}

describe("deduplication by the encoding", () => {
  test("loses no outcome and adds none", () => {
    fc.assert(
      fc.property(fewStates, (scenario) => {
        const system = systemUnder(scenario, "d1daf829");
        let n = 0;
        const apart = outcomes(system, () => String(n++), 1500);
        fc.pre(apart !== null);
        const write = writer(system, true, false);
        const merged = outcomes(system, (s) => `${write(s)} ${JSON.stringify(s.log)}`, 1500);
        expect(merged).toEqual(apart);
      }),
      runs(100),
    );
  });
});
