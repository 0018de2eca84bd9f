// Which objects of a WASI host are open, and why: for those who have a store. Mirrors spec/09.

import type { Store } from "../model/store.ts";
import { readOnly } from "../scheduler/explain.ts";
import type { System } from "../scheduler/machine.ts";
import { aliveNamed, aliveSentences, openIn } from "../wasi/alive.ts";
import type { OpenObject } from "../wasi/object-names.ts";
import { didYouMean } from "../wit/spelling.ts";

/**
 * What is open in a store's WASI host: files, TCP sockets, UDP sockets, then its inodes, each by number;
 * nothing for a system without WASI. `name` is what `whyAlive` takes.
 */
export function objectsOf(system: System, store: Store): readonly OpenObject[] {
  return openIn(readOnly(system, store));
}

/** `there are: file a, inode a; did you mean ..?` */
export function whatThereIs(name: string, known: readonly string[]): string {
  if (known.length === 0) return "there is nothing open";
  const meant = didYouMean(name, [...known, ...known.map((one) => one.replace(/^\w+ /, ""))]);
  return `there are: ${known.join(", ")}${meant === null ? "" : `; ${meant}`}`;
}

/**
 * Why an object is open in a store: one sentence for each holder, such as `file a is open because
 * component C holds the descriptor handle 2`. `name` is `file a`, `tcp 127.0.0.1:80`, `udp ..`,
 * `inode a`, with its number (`file a#7`) where several are called so, or without the kind; a name that
 * several have gives the sentences of each. If nothing of that name is open, one sentence says so and
 * what is. Never throws.
 */
export function whyAlive(system: System, store: Store, name: string): readonly string[] {
  const found = aliveNamed(readOnly(system, store), name).flatMap(aliveSentences);
  if (found.length > 0) return found;
  const known = objectsOf(system, store).map((object) => object.name);
  return [`nothing called "${name}" is open; ${whatThereIs(name, known)}`];
}
