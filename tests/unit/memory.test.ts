// Linear memory and stores as values: pages, copies, ids, and the JSON of a store.

import { describe, expect, test } from "vitest";
import { editStore, noEntities } from "../../src/model/edit.ts";
import type { SetId } from "../../src/model/ids.ts";
import { storeFromJson, storeToJson } from "../../src/model/json.ts";
import { newMemory, readBytes, readInt, writeBytes, writeInt } from "../../src/model/memory.ts";
import type { Memory, Store } from "../../src/model/store.ts";
import { exploreText } from "./scenario-harness.ts";

const page = 4096;
const counting = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i % 250) + 1);

function sizes({ pages }: Memory): readonly (number | null)[] {
  return pages.map((p) => p?.length ?? null);
}

describe("a memory", () => {
  test("begins with zeros, in pages that cost nothing", () => {
    const memory = newMemory("i32", 2 * page + 8);
    expect(memory).toEqual({ address: "i32", length: 2 * page + 8, pages: [null, null, null] });
    expect(readBytes(memory, page - 2, 4)).toEqual(new Uint8Array(4));
  });
  test("keeps what is written over several pages, and only there", () => {
    const memory = newMemory("i64", 3 * page + 8);
    const bytes = counting(2 * page);
    writeBytes(memory, page - 3, bytes);
    expect(readBytes(memory, page - 3, 2 * page)).toEqual(bytes);
    expect(readBytes(memory, page - 5, 4)).toEqual(Uint8Array.of(0, 0, 1, 2));
    expect(readBytes(memory, 3 * page - 4, 3)).toEqual(Uint8Array.of(...bytes.slice(-1), 0, 0));
    expect(sizes(memory)).toEqual([page, page, page, null]);
  });
  test("has a last page that ends with it", () => {
    const memory = newMemory("i32", page + 8);
    writeBytes(memory, page + 7, Uint8Array.of(9));
    expect(sizes(memory)).toEqual([null, 8]);
    expect(readBytes(memory, page + 6, 2)).toEqual(Uint8Array.of(0, 9));
  });
  test("shares pages that are not written, and never changes a shared one", () => {
    const before = newMemory("i32", 2 * page);
    writeBytes(before, 0, Uint8Array.of(1));
    writeBytes(before, page, Uint8Array.of(2));
    const after = { ...before };
    const [first, second] = before.pages;
    writeBytes(after, 0, Uint8Array.of(7));
    expect(before.pages).toEqual([first, second]);
    expect(before.pages[0]?.[0]).toBe(1);
    expect(after.pages[0]?.[0]).toBe(7);
    expect(after.pages[1]).toBe(second);
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
