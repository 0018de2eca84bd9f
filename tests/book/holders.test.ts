// Every row of the two tables of holders is covered by a scenario that exists.

import { describe, expect, it } from "vitest";
import { placesOf } from "../../src/report/claims.ts";
import { readBook, readHolders } from "./files.ts";

const places = placesOf(readBook().entries);
const { holds, holdsNot } = readHolders();

describe("what keeps an object open", () => {
  it("has its rows in order", () => {
    expect(holds.map(({ id }) => id)).toEqual(holds.map((_, i) => `K${i + 1}`));
    expect(holdsNot.map(({ id }) => id)).toEqual(holdsNot.map((_, i) => `N${i + 1}`));
    expect([holds.length, holdsNot.length]).toEqual([20, 10]);
  });
  it.each([...holds, ...holdsNot])("$id is shown by a scenario", ({ scenarios }) => {
    expect(scenarios.length).toBeGreaterThan(0);
    expect(scenarios.filter((name) => typeof places.get(name) !== "string")).toEqual([]);
  });
});
