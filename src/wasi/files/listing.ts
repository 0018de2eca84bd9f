// Reading a directory: each name once, and what changes meanwhile as the host likes. Mirrors spec/09 and wasi:filesystem/types.

import { stringValue } from "../../canon/values/strings.ts";
import type { Value } from "../../model/values.ts";
import { type Host, settled } from "../host.ts";
import type { Producer } from "../operation.ts";
import type { Inode, Listed, Operation, World } from "../world.ts";
import { inodeOf, openedFile } from "./opened.ts";

/** What a directory holds. */
export function listed(world: World, { entries }: Inode): readonly Listed[] {
  return Object.entries(entries).map(([name, id]) => ({ name, type: inodeOf(world, id).type }));
}

/** What is still to come: who reads may see what was added since the call, and what was removed. */
function toCome(h: Host, { target, listing }: Operation): readonly Listed[] {
  if (listing === null) return [];
  const { atCall, seen } = listing;
  const now = listed(h.world, openedFile(h.world, target?.id ?? -1).inode);
  const stays = atCall.filter(({ name }) => now.some((other) => other.name === name));
  const added = now.filter(({ name }) => !atCall.some((other) => other.name === name));
  const all: Readonly<Record<string, readonly Listed[]>> = {
    live: [...stays, ...added],
    snapshot: atCall,
    "keeps-removed": [...atCall, ...added],
    "misses-added": stays,
  };
  return (all[settled(h, "directory")] ?? []).filter(({ name }) => !seen.includes(name));
}

/** A name that is no sequence of Unicode scalar values cannot be told. */
function isTellable({ name }: Listed): boolean {
  return !/\p{Surrogate}/u.test(name);
}

function tellable(names: readonly Listed[]): readonly Listed[] {
  const bad = names.findIndex((name) => !isTellable(name));
  return bad === -1 ? names : names.slice(0, bad);
}

function directoryEntry(entry: Listed): Value {
  const type: Value = { tag: "case", label: entry.type, value: null };
  return { tag: "record", fields: { type, name: stringValue(entry.name) } };
}

export const readDirectory: Producer = {
  side: "producer",
  supply: (h, op) => {
    const names = toCome(h, op);
    const n = tellable(names).length;
    if (n > 0) return { tag: "some", n };
    return { tag: "end", error: names.length > 0 ? "illegal-byte-sequence" : null };
  },
  take: (h, op, n) => {
    const names = toCome(h, op).slice(0, n);
    if (op.listing !== null) {
      const seen = [...op.listing.seen, ...names.map(({ name }) => name)];
      op.listing = { ...op.listing, seen };
    }
    return names.map(directoryEntry);
  },
};
