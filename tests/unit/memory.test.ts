// Linear memory and stores as values: pages, copies, ids, and the JSON of a store.

import { describe, expect, test } from "vitest";
import { emptyTable } from "../../src/canon/table.ts";
import { editStore, noEntities } from "../../src/model/edit.ts";
import type { SetId, ThreadId } from "../../src/model/ids.ts";
import { storeFromJson, storeToJson } from "../../src/model/json.ts";
import {
  copyBytes,
  fillBytes,
  growMemory,
  moveBytes,
  newMemory,
  readBytes,
  readInt,
  writeBytes,
  writeInt,
} from "../../src/model/memory.ts";
import type { Memory, Store } from "../../src/model/store.ts";
import { exploreText } from "./scenario-harness.ts";

const page = 1024;
const leafBytes = 256 * page;
const counting = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i % 250) + 1);

function pagesOf({ leaves }: Memory): readonly (Uint8Array | null)[] {
  return leaves.flatMap((leaf) => leaf ?? [null]);
}

/** Of the first `n` pages. */
function sizes(memory: Memory, n: number): readonly (number | null)[] {
  return pagesOf(memory)
    .slice(0, n)
    .map((p) => p?.length ?? null);
}

describe("a memory", () => {
  test("begins with zeros, in pages that cost nothing", () => {
    const memory = newMemory("i32", 2 * page + 8);
    expect(memory).toEqual({ address: "i32", length: 2 * page + 8, leaves: [null] });
    expect(readBytes(memory, page - 2, 4)).toEqual(new Uint8Array(4));
  });
  test("keeps what is written over several pages, and only there", () => {
    const memory = newMemory("i64", 3 * page + 8);
    const bytes = counting(2 * page);
    writeBytes(memory, page - 3, bytes);
    expect(readBytes(memory, page - 3, 2 * page)).toEqual(bytes);
    expect(readBytes(memory, page - 5, 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
    expect(readBytes(memory, 3 * page - 4, 3)).toEqual(Uint8Array.of(...bytes.slice(-1), 0, 0));
    expect(sizes(memory, 4)).toEqual([page, page, page, null]);
  });
  test("has a last page that ends with it", () => {
    const memory = newMemory("i32", page + 8);
    writeBytes(memory, page + 7, Uint8Array.of(9));
    expect(sizes(memory, 2)).toEqual([null, 8]);
    expect(readBytes(memory, page + 6, 2)).toEqual(Uint8Array.of(0, 9));
  });
  test("shares pages that are not written, and never changes a shared one", () => {
    const before = newMemory("i32", 2 * page);
    writeBytes(before, 0, Uint8Array.of(1));
    writeBytes(before, page, Uint8Array.of(2));
    const after = { ...before };
    const [first, second] = pagesOf(before);
    writeBytes(after, 0, Uint8Array.of(7));
    expect(pagesOf(before).slice(0, 2)).toEqual([first, second]);
    expect(pagesOf(before)[0]?.[0]).toBe(1);
    expect(pagesOf(after)[0]?.[0]).toBe(7);
    expect(pagesOf(after)[1]).toBe(second);
  });
  test("changes a page in place once it has copied it", () => {
    const memory = newMemory("i32", page);
    writeInt(memory, 1, 0, 4);
    const [own] = pagesOf(memory);
    writeInt(memory, 2, 0, 4);
    expect(pagesOf(memory)[0]).toBe(own);
    const after = { ...memory };
    writeInt(after, 3, 0, 4);
    writeInt(after, 4, 4, 4);
    expect([readInt(memory, 0, 4), readInt(after, 0, 4), readInt(after, 4, 4)]).toEqual([2, 3, 4]);
  });
  test.each([1, 47, 48, page, 2 * page + 3])("copies %i bytes between memories", (n) => {
    const from = newMemory("i32", 4 * page);
    const to = newMemory("i32", 4 * page);
    writeBytes(from, page - 5, counting(n).slice(0, Math.ceil(n / 2)));
    writeBytes(to, 0, counting(4 * page));
    const all = readBytes(to, 0, 4 * page);
    all.set(readBytes(from, page - 5, n), 9);
    copyBytes(from, page - 5, to, 9, n);
    expect(readBytes(to, 0, 4 * page)).toEqual(all);
  });
  test("copies only the leaf and the page that a copy of it writes to", () => {
    const before = newMemory("i32", 2 * leafBytes + 2 * page);
    for (const at of [0, page, leafBytes, 2 * leafBytes]) writeInt(before, 1, at, 4);
    const after = { ...before };
    writeInt(after, 2, leafBytes, 4);
    const same = before.leaves.map((pages, i) => pages === after.leaves[i]);
    expect(same).toEqual([true, false, true]);
    expect(readInt(before, leafBytes, 4)).toBe(1);
    expect(pagesOf(after).filter((p, i) => p !== pagesOf(before)[i])).toHaveLength(1);
  });
  test("grows by zeros, also from the middle of a page, and leaves its original as it was", () => {
    const memory = newMemory("i32", page + 8);
    writeInt(memory, 7, page + 4, 4);
    const copy = { ...memory };
    growMemory(copy, leafBytes);
    expect([copy.length, copy.leaves.length, memory.length]).toEqual([
      leafBytes + page + 8,
      2,
      page + 8,
    ]);
    expect([...readBytes(copy, page + 4, 8)]).toEqual([7, 0, 0, 0, 0, 0, 0, 0]);
    writeInt(copy, 9, page + 4, 4);
    writeInt(copy, 5, leafBytes + page + 4, 4);
    expect(readInt(memory, page + 4, 4)).toBe(7);
    expect(readInt(copy, leafBytes + page + 4, 4)).toBe(5);
  });
  test("is filled over pages; zeros make no page where there is none", () => {
    const memory = newMemory("i32", 4 * page);
    fillBytes(memory, page - 2, 5, page + 4);
    expect([...readBytes(memory, 2 * page, 4)]).toEqual([5, 5, 0, 0]);
    fillBytes(memory, 0, 0, 4 * page);
    expect(readBytes(memory, 0, 4 * page)).toEqual(new Uint8Array(4 * page));
    expect(sizes(memory, 4)).toEqual([page, page, page, null]);
  });
  test.each([
    [0, 1],
    [1, 0],
    [5, 1500],
    [1500, 5],
    [0, 2 * page],
    [page, 0],
  ])("moves bytes from %i to %i as if through a copy", (from, to) => {
    const memory = newMemory("i32", 4 * page);
    writeBytes(memory, 0, counting(4 * page));
    const n = 2 * page - 100;
    const all = readBytes(memory, 0, 4 * page);
    all.copyWithin(to, from, from + n);
    moveBytes(memory, from, to, n);
    expect(readBytes(memory, 0, 4 * page)).toEqual(all);
  });
  test("holds integers with their lowest byte first", () => {
    const memory = newMemory("i32", 16);
    writeInt(memory, 0xfedc_ba98, 1, 4);
    expect([...readBytes(memory, 0, 6)]).toEqual([0, 0x98, 0xba, 0xdc, 0xfe, 0]);
    expect(readInt(memory, 1, 4)).toBe(0xfedc_ba98);
    expect(readInt(memory, 2, 2)).toBe(0xdcba);
    expect(readInt(memory, 1, 1)).toBe(0x98);
    writeInt(memory, 0x1234, 14, 2);
    expect([...readBytes(memory, 12, 4)]).toEqual([0, 0, 0x34, 0x12]);
  });
});

function emptyStore(): Store {
  const [store] = exploreText(
    `scenario "t"\ncomponent A { export f: func() { } }\nrun A.f as x\n`,
  ).finals;
  if (store === undefined) throw new Error("no store");
  return { ...store, entities: noEntities() };
}

const set = (numWaiting: number): { elems: readonly []; numWaiting: number } => ({
  elems: [],
  numWaiting,
});

describe("an edit", () => {
  test("gives the least free id, and forgets ids behind the last entity", () => {
    const edit = editStore(emptyStore());
    const ids = [1, 2, 3].map((n) => edit.add("set", set(n)));
    expect(ids).toEqual([0, 1, 2]);
    edit.remove("set", 1 as SetId);
    expect(edit.ids("set")).toEqual([0, 2]);
    expect([0, 1, 2, 3].map((id) => edit.has("set", id as SetId))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(edit.add("set", set(4))).toBe(1);
    edit.remove("set", 1 as SetId);
    edit.remove("set", 2 as SetId);
    expect(edit.done().entities.set).toEqual([set(1)]);
    edit.remove("set", 0 as SetId);
    expect(edit.done().entities.set).toEqual([]);
  });
  test("copies an entity at its first write, and leaves the store that it began with", () => {
    const first = editStore(emptyStore());
    first.add("set", set(1));
    first.add("set", set(2));
    const before = first.done();
    const edit = editStore(before);
    const mine = edit.edit("set", 0 as SetId);
    expect(mine).not.toBe(before.entities.set[0]);
    expect(edit.edit("set", 0 as SetId)).toBe(mine);
    mine.numWaiting = 9;
    edit.globals.log = ["x"];
    const after = edit.done();
    expect(before.entities.set).toEqual([set(1), set(2)]);
    expect(before.log).toEqual([]);
    expect(after.entities.set).toEqual([set(9), set(2)]);
    expect(after.entities.set[1]).toBe(before.entities.set[1]);
    expect(after.log).toEqual(["x"]);
    expect(after.entities.task).toBe(before.entities.task);
  });
  test("does not copy what it added", () => {
    const edit = editStore(emptyStore());
    const entity = set(1);
    const id = edit.add("set", entity);
    expect(edit.edit("set", id)).toBe(entity);
  });
  test("goes on after it gave a store, and copies again what that has", () => {
    const edit = editStore(emptyStore());
    const id = edit.add("set", set(1));
    edit.log("a");
    edit.enter(7 as ThreadId);
    const before = edit.done();
    edit.edit("set", id).numWaiting = 2;
    edit.log("b");
    edit.leave();
    const after = edit.done();
    expect([before.log, before.stack, before.entities.set]).toEqual([["a"], [7], [set(1)]]);
    expect([after.log, after.stack, after.entities.set]).toEqual([["a", "b"], [], [set(2)]]);
    expect([edit.running, edit.globals.log]).toEqual([null, ["a", "b"]]);
  });
  test("changes tables in place, but not those of a store", () => {
    const edit = editStore(emptyStore());
    const id = edit.add("instance", { handles: emptyTable(), threads: emptyTable() } as never);
    edit.table(id, "threads").array.push(1 as ThreadId);
    const before = edit.done();
    edit.table(id, "threads").array.push(2 as ThreadId);
    edit.table(id, "threads").free.push(3);
    const [old, now] = [before, edit.done()].map((store) => store.entities.instance[id]);
    expect(old?.threads).toEqual({ array: [null, 1], free: [] });
    expect(now?.threads).toEqual({ array: [null, 1, 2], free: [3] });
    expect(now?.handles).toBe(old?.handles);
  });
  test("has nothing at an id that is free", () => {
    const edit = editStore(emptyStore());
    expect(() => edit.read("set", 0 as SetId)).toThrow("no set 0 in this store");
    expect(() => edit.edit("task", 3 as never)).toThrow("no task 3 in this store");
  });
});

test("a store comes back from its JSON as it was", () => {
  const { finals } = exploreText(`scenario "t"
component A {
  export f: async func() stackful { store u32 64 7; thread.suspend }
}
run A.f as x
`);
  for (const store of finals) expect(storeFromJson(storeToJson(store))).toStrictEqual(store);
});
