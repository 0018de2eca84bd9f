// Laws of the canonical key: it forgets ids and nothing that matters.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Kind, Store } from "../../src/model/store.ts";
import { explore } from "../../src/scheduler/explore.ts";
import { storeKey } from "../../src/scheduler/key.ts";
import { enabled, machineModel, macrostep, type System } from "../../src/scheduler/machine.ts";
import type { Model } from "../../src/scheduler/model.ts";
import { outcomeKey, outcomeOf } from "../../src/scheduler/outcome.ts";
import { anyPipe, pipeScenario } from "./arbitraries/streams.ts";
import { anySystem, smallSystem } from "./arbitraries/systems.ts";
import { anySeed, replayable, runs, systemUnder, walk } from "./laws.ts";

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
  waiting: "thread",
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

describe("the key of a store", () => {
  test("does not change when tasks, threads, waitables, sets and handles are renumbered", () => {
    fc.assert(
      fc.property(anySystem, anySeed, anyRenaming, (scenario, policySeed, ids) => {
        let n = 0;
        walk(scenario, "d1daf829", policySeed, ({ after }) => {
          n += 1;
          if (n % 7 !== 0 || !fits(after)) return;
          if (storeKey(renamed(after, ids)) === storeKey(after)) return;
          expect(storeKey(renamed(after, ids))).toBe(storeKey(after));
        });
      }),
      runs(60),
    );
  });

  test("is the same only for stores that behave alike, as far as three choices show", () => {
    fc.assert(
      fc.property(fewStates, (scenario) => {
        const system = systemUnder(scenario, "d1daf829");
        const known = new Map<string, Store>();
        for (const store of tree(system, 120)) {
          const key = storeKey(store);
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
        let steps = n;
        walk(scenario, "d1daf829", policySeed, ({ after }) => {
          steps += 1;
          if (steps % 11 !== 0) return;
          for (const { changed, what } of changes(after, steps)) {
            expect(storeKey(changed) === storeKey(after), what).toBe(false);
          }
        });
      }),
      runs(100),
    );
  });
});

type Path = readonly (string | number)[];

/** What is static, or a name, or one of the ids that the first law is about. */
const silent: ReadonlySet<string> = new Set([
  ...["name", "ft", "opts", "instance", "memory", "owner", "caller", "pages", "table", "core"],
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
    return leaves(inner, [...path, field], guestData.has(field));
  });
}

function changedAt(value: unknown, [field, ...rest]: Path): unknown {
  if (field === undefined) {
    if (typeof value === "number") return value + 1;
    return typeof value === "boolean" ? !value : `${String(value)}!`;
  }
  if (Array.isArray(value)) return value.with(Number(field), changedAt(value[Number(field)], rest));
  const of = value as Readonly<Record<string, unknown>>;
  return { ...of, [field]: changedAt(of[field], rest) };
}

/** One change of an entity of each kind, picked by `n`; entities that nothing refers to do not count. */
function changes(store: Store, n: number): { changed: Store; what: string }[] {
  const { entities } = store;
  return (["instance", ...dynamic] as const).flatMap((kind) => {
    const slots: readonly unknown[] = entities[kind];
    const id = n % Math.max(slots.length, 1);
    const paths = leaves(slots[id], [], false);
    const path = paths[n % Math.max(paths.length, 1)];
    if (path === undefined) return [];
    const put = (slot: unknown): Store =>
      ({ ...store, entities: { ...entities, [kind]: slots.with(id, slot) } }) as Store;
    if (storeKey(put(null)) === storeKey(store)) return [];
    return [{ changed: put(changedAt(slots[id], path)), what: `${kind} ${path.join(".")}` }];
  });
}

/** Threads of one function differ by a number in their names, which says nothing about them. */
const anonymous = (name: string): string => name.replace(/#[0-9]+/g, "");

/** Everything that can be seen of a store within some moves: its log and end, and what it offers. */
function behaviour(system: System, store: Store, depth: number): string {
  const { log, ending } = store;
  if (depth === 0) return JSON.stringify([log, ending]);
  const moves = enabled(system, store).map((move) => [
    anonymous(move.name),
    behaviour(system, macrostep(system, store, move), depth - 1),
  ]);
  return JSON.stringify([log, ending, moves.map((move) => move.join(" ")).sort()]);
}

/** Stores at choice points, breadth first, met again as often as there are ways to them. */
function* tree(system: System, most: number): Generator<Store> {
  const queue = [macrostep(system, system.initial, null)];
  for (let n = 0; n < most; n++) {
    const store = queue.shift();
    if (store === undefined) return;
    yield store;
    for (const action of enabled(system, store)) queue.push(macrostep(system, store, action));
  }
}

/** The same system, in which no two states have one key. */
function withoutKeys(model: Model<Store, ReturnType<typeof enabled>[number]>): typeof model {
  let n = 0;
  return {
    ...model,
    key: () => {
      n += 1;
      return String(n);
    },
  };
}

describe("deduplication by the key", () => {
  test("loses no outcome and adds none", () => {
    fc.assert(
      fc.property(fewStates, (scenario) => {
        const model = machineModel(systemUnder(scenario, "d1daf829"));
        const apart = explore(withoutKeys(model), { maxStates: 1500 });
        fc.pre(apart.coverage.tag === "all");
        const merged = explore(model, { maxStates: 1500 });
        const outcomes = (found: typeof merged): string[] => [
          ...new Set(found.finals.map((f) => outcomeKey(outcomeOf(f.state)))),
        ];
        expect(outcomes(merged).sort()).toEqual(outcomes(apart).sort());
      }),
      runs(100),
    );
  });
});
