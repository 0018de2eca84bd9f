// The parts of a store by name: what is asked when there are too many states. Mirrors spec/07.

import type { Memory, Store } from "../model/store.ts";
import type { System } from "./machine.ts";
import { live } from "./survey.ts";

type Field = readonly [name: string, value: string];

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "bigint" ? `${inner}n` : inner,
  );
}

/** Enough to tell contents apart: FNV-1a over all pages. */
function contents({ leaves }: Readonly<Memory>): string {
  let h = 0x811c9dc5;
  for (const page of leaves.flatMap((leaf) => leaf ?? [null])) {
    h = Math.imul(h ^ (page === null ? 0 : page.length), 0x01000193);
    for (const byte of page ?? []) h = Math.imul(h ^ byte, 0x01000193);
  }
  return String(h);
}

function* instanceFields(system: System, store: Store): Generator<Field> {
  for (const [id, inst] of live(store.entities.instance)) {
    const name = system.program.instances[id]?.name ?? `instance ${id}`;
    for (const [variable, value] of Object.entries(inst.globals)) {
      const what = variable === "%heap" ? `allocations of ${name}` : `${name}.${variable}`;
      yield [what, text(value)];
    }
    const { handles, threads, exclusiveThread, backpressure } = inst;
    yield [`handle table of ${name}`, text(handles)];
    yield [`threads of ${name}`, text([threads, exclusiveThread, backpressure])];
    const memory = inst.memory === null ? null : store.entities.memory[inst.memory];
    if (memory) yield [`memory of ${name}`, contents(memory)];
  }
}

/** Every part of a store that has a name of its own, with its value as a text. */
export function storeFields(system: System): (store: Store) => Iterable<Field> {
  return function* (store) {
    yield* instanceFields(system, store);
    for (const [, t] of live(store.entities.thread)) {
      yield [`where ${t.name} stands`, text([t.state, t.frames.map((f) => f.tag)])];
      yield [`locals of ${t.name}`, text(t.frames)];
    }
    yield ["subtasks and ends", text(store.entities.waitable)];
  };
}
