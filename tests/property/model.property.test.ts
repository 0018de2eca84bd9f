// Laws of the plain data that stores are made of, against naive models.

import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Trap } from "../../src/canon/machine.ts";
import { emptyTable, tableAdd, tableGet, tableRemove } from "../../src/canon/table.ts";
import { editStore, type OwnTable } from "../../src/model/edit.ts";
import type { HandleId, SetId, WaitableId } from "../../src/model/ids.ts";
import { newMemory, readBytes, readInt, writeBytes, writeInt } from "../../src/model/memory.ts";
import { kinds, type Memory, type Store } from "../../src/model/store.ts";
import { deepFreeze, runs } from "./laws.ts";

/** What `f` gives, or the code that it traps with. */
function orTrap<T>(f: () => T): T | string {
  try {
    return f();
  } catch (error) {
    if (error instanceof Trap) return error.code;
    throw error;
  }
}

type TableOp = { readonly op: "add" | "get" | "remove"; readonly n: number };

const tableOp: fc.Arbitrary<TableOp> = fc.record({
  op: fc.constantFrom("add", "add", "get", "remove"),
  n: fc.nat(9),
});

describe("a table", () => {
  test("is a map from indices, reuses the index freed last, and never uses 0", () => {
    fc.assert(
      fc.property(fc.array(tableOp, { maxLength: 60 }), (ops) => {
        const table: OwnTable<number> = { array: [...emptyTable<number>().array], free: [] };
        const entries = new Map<number, number>();
        const freed: number[] = [];
        for (const [at, { op, n }] of ops.entries()) {
          if (op === "add") {
            const index = tableAdd(table, at);
            expect(index).toBe(freed.pop() ?? entries.size + 1);
            entries.set(index, at);
          } else if (op === "get") {
            expect(orTrap(() => tableGet(table, n))).toBe(entries.get(n) ?? "table.no-such-index");
          } else {
            const removed = orTrap(() => tableRemove(table, n));
            expect(removed).toBe(entries.get(n) ?? "table.no-such-index");
            if (entries.delete(n)) freed.push(n);
          }
        }
        const left = [...table.array.entries()].filter(([, entry]) => entry !== null);
        expect(new Map(left)).toEqual(entries);
      }),
      runs(300),
    );
  });
});

const pageSize = 1024;
const length = 3 * pageSize - 100;

/** Ranges that often cross a page or end at the end. */
const anyRange = fc
  .tuple(fc.constantFrom(0, pageSize, 2 * pageSize, length), fc.integer({ min: -40, max: 40 }))
  .chain(([near, off]) => {
    const ptr = Math.min(Math.max(near + off, 0), length);
    return fc.tuple(fc.constant(ptr), fc.nat(Math.min(60, length - ptr)));
  });

type MemoryOp =
  | { readonly op: "bytes"; readonly ptr: number; readonly data: Uint8Array }
  | { readonly op: "int"; readonly ptr: number; readonly n: 1 | 2 | 4; readonly value: number };

const memoryOp: fc.Arbitrary<MemoryOp> = fc.oneof(
  anyRange.chain(([ptr, n]) =>
    fc
      .uint8Array({ minLength: n, maxLength: n })
      .map((data): MemoryOp => ({ op: "bytes", ptr, data })),
  ),
  fc
    .tuple(anyRange, fc.constantFrom(1, 2, 4), fc.nat(0xffff_ffff))
    .map(([[ptr], n, value]): MemoryOp => {
      return { op: "int", ptr: Math.min(ptr, length - 4), n: n as 1 | 2 | 4, value };
    }),
);

function write(memory: Memory, plain: Uint8Array, op: MemoryOp): void {
  if (op.op === "bytes") {
    writeBytes(memory, op.ptr, op.data);
    plain.set(op.data, op.ptr);
    return;
  }
  writeInt(memory, op.value, op.ptr, op.n);
  for (let i = 0; i < op.n; i++) plain[op.ptr + i] = Math.floor(op.value / 256 ** i) % 256;
}

describe("a memory", () => {
  test("reads what was written, like an array of bytes, and its copies keep what they had", () => {
    fc.assert(
      fc.property(fc.array(memoryOp, { maxLength: 12 }), anyRange, (ops, [ptr, n]) => {
        let memory = newMemory("i32", length);
        const plain = new Uint8Array(length);
        for (const op of ops) {
          const [old, before] = [memory, plain.slice()];
          memory = { ...memory };
          write(memory, plain, op);
          expect(Buffer.compare(readBytes(old, 0, length), before)).toBe(0);
        }
        expect(Buffer.compare(readBytes(memory, 0, length), plain)).toBe(0);
        expect([...readBytes(memory, ptr, n)]).toEqual([...plain.subarray(ptr, ptr + n)]);
        const at = Math.min(ptr, length - 4);
        expect(readInt(memory, at, 4)).toBe(new DataView(plain.buffer).getUint32(at, true));
      }),
      runs(200),
    );
  });
});

type EditOp = {
  readonly op: "edit" | "add" | "remove" | "log";
  readonly kind: "set" | "handle";
  readonly id: number;
  readonly n: number;
};

const editOp: fc.Arbitrary<EditOp> = fc.record({
  op: fc.constantFrom("edit", "edit", "add", "remove", "log"),
  kind: fc.constantFrom("set", "handle"),
  id: fc.nat(5),
  n: fc.nat(99),
});

function emptyStore(): Store {
  return {
    amendments: [],
    profile: { name: "full", nan32: 0, nan64: 0n, hostCancelCopy: "either" },
    stack: [],
    roots: [],
    log: [],
    ending: null,
    entities: Object.fromEntries(kinds.map((kind) => [kind, []])) as unknown as Store["entities"],
  };
}

type Naive = { log: string[]; set: unknown[]; handle: unknown[] };

/** The same change to a deep copy of everything, and what the edit must say. */
function naive(store: Naive, { op, kind, id, n }: EditOp): void {
  const slots = store[kind];
  if (op === "log") store.log.push(String(n));
  else if (op === "add") {
    const hole = slots.indexOf(null);
    slots[hole === -1 ? slots.length : hole] = entity(kind, n);
  } else if (slots[id]) {
    slots[id] = op === "edit" ? entity(kind, n) : null;
    while (slots.length > 0 && slots.at(-1) === null) slots.pop();
  }
}

function entity(kind: "set" | "handle", n: number): object {
  if (kind === "set") return { elems: [n as WaitableId], numWaiting: n };
  return { rt: 0, rep: n, own: true, task: null, numLends: n };
}

function change(edit: ReturnType<typeof editStore>, { op, kind, id, n }: EditOp): void {
  if (op === "log") edit.globals.log = [...edit.globals.log, String(n)];
  else if (op === "add") edit.add(kind, entity(kind, n) as never);
  else if (!edit.has(kind, id as SetId & HandleId)) return;
  else if (op === "remove") edit.remove(kind, id as SetId & HandleId);
  else Object.assign(edit.edit(kind, id as SetId & HandleId), entity(kind, n));
}

describe("an edit", () => {
  test("changes a store as a change of a deep copy does, and leaves the old one alone", () => {
    const batches = fc.array(fc.array(editOp, { maxLength: 8 }), { maxLength: 5 });
    fc.assert(
      fc.property(batches, (steps) => {
        let store = deepFreeze(emptyStore());
        const model: Naive = { log: [], set: [], handle: [] };
        for (const ops of steps) {
          const edit = editStore(store);
          for (const op of ops) {
            change(edit, op);
            naive(model, op);
            const live = [...model[op.kind].keys()].filter((i) => model[op.kind][i]);
            expect(edit.ids(op.kind)).toEqual(live);
          }
          const old = structuredClone(store);
          const next = edit.done();
          expect(isDeepStrictEqual(store, old)).toBe(true);
          store = deepFreeze(next);
          const { set, handle } = store.entities;
          expect({ log: store.log, set, handle }).toEqual(model);
        }
      }),
      runs(200),
    );
  });
});
