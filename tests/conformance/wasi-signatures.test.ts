// The host's functions are those of the WIT that it offers, and that WIT is WASI's own.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codes, functions, wasiCode } from "../../src/wasi/bodies.ts";
import { choicePoints } from "../../src/wasi/choice-points.ts";
import { wasiInterfaces } from "../../src/wasi/interfaces.ts";
import { parseWit } from "../../src/wit/parse.ts";
import { interfaces } from "../../src/wit/resolve.ts";
import type { Interface } from "../../src/wit/resolved.ts";

function keysOf({ id, resources, funcs }: Interface): readonly string[] {
  const at = id.replace(/@.*$/, "");
  const drops = resources.map((name) => `${at}.${name}.drop`);
  return [
    ...funcs.map(({ resource, name }) =>
      [at, ...(resource === null ? [] : [resource]), name].join("."),
    ),
    ...drops,
  ];
}

const offered = new Set(
  choicePoints.variant.values.flatMap((variant) =>
    [...wasiInterfaces(variant).values()].flatMap(keysOf),
  ),
);

describe("the host's functions", () => {
  it("are those of its WIT, under some variant", () => {
    expect(Object.keys(functions).sort()).toEqual([...offered].sort());
  });

  it("have a body each, which begins at `start`", () => {
    for (const key of offered) expect(codes[wasiCode(key)]?.start, key).toBeDefined();
  });
});

/** What of an interface another host must agree with. */
function contract({ types, resources, funcs }: Interface): unknown {
  const strip = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (k, v) => (k === "pos" ? undefined : v)));
  return strip({
    types: [...types.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    resources: [...resources].sort(),
    funcs: funcs.toSorted((a, b) =>
      `${a.resource} ${a.name}` < `${b.resource} ${b.name}` ? -1 : 1,
    ),
  });
}

const checkout = process.env.CANON_WASI;

function published(root: string | undefined): ReadonlyMap<string, Interface> {
  if (root === undefined) return new Map();
  const files = ["cli", "clocks", "filesystem", "random", "sockets"].flatMap((name) => {
    const folder = join(root, "proposals", name, "wit");
    return readdirSync(folder)
      .filter((file) => file.endsWith(".wit"))
      .map((file) => parseWit(readFileSync(join(folder, file), "utf8"), join(folder, file)));
  });
  return interfaces(files);
}

/** Our own interface, for tests. */
const own = "canon-async:testing/fixture@0.1.0";

describe.skipIf(checkout === undefined)("the host's WIT (skipped without CANON_WASI)", () => {
  const theirs = published(checkout);
  // Of 0.2 only a part is offered, which no checkout of 0.3.0 has.
  const isOld = (id: string): boolean => id.endsWith("@0.2.0");
  const ours = [...wasiInterfaces("V2").values()].filter(({ id }) => id !== own && !isOld(id));
  it.each(ours.map((one) => [one.id, one] as const))("%s is WASI's", (id, one) => {
    const other = theirs.get(id);
    expect(other === undefined ? null : contract(one)).toEqual(
      other === undefined ? id : contract(other),
    );
  });
});
