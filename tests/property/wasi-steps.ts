// Laws of the WASI host about single steps: what is released, when, how often, and what futures are told.

import { context } from "../../src/canon/machine.ts";
import { editStore } from "../../src/model/edit.ts";
import type { InstanceId } from "../../src/model/ids.ts";
import type { Store } from "../../src/model/store.ts";
import { worldKey } from "../../src/wasi/guest.ts";
import type { Host } from "../../src/wasi/host.ts";
import { holdersOf, openObjects, unpinned } from "../../src/wasi/pins.ts";
import type { ObjectRef, World } from "../../src/wasi/world.ts";
import type { Step } from "./laws.ts";

const instance = 0 as InstanceId;

/** The world of a store that has one. */
export function worldIn(store: Store): World {
  return store.entities.instance[instance]?.globals[worldKey] as World;
}

function hostIn(store: Store): Host {
  const program = { instances: [], funcs: [], resourceTypes: [] };
  const c = context({ program, guests: {} }, editStore(store));
  return { c, instance, world: worldIn(store) };
}

const show = ({ kind, id }: ObjectRef): string => `${kind} ${id}`;

const openIn = (store: Store): ReadonlyMap<string, ObjectRef> =>
  new Map(openObjects(worldIn(store)).map((object) => [show(object), object]));

/** The operation whose future the host's thread on top is about to write to. */
function resolving(store: Store): string | null {
  const { stack, entities } = store;
  const frame = entities.thread[stack.at(-1) ?? -1]?.frames.at(-1);
  if (frame?.tag !== "host.copy" || frame.kind !== "writable-future") return null;
  const operations = Object.entries(worldIn(store).operations);
  const found = operations.find(([, { future }]) => future?.waitable === frame.waitable);
  return found?.[0] ?? null;
}

/** Looks at each step of one run: what law it breaks, or null. */
export function stepLaws(): (step: Pick<Step, "before" | "after">) => string | null {
  const gone = new Set<string>();
  const told = new Set<string>();
  return ({ before, after }) => {
    const operation = resolving(before);
    if (operation !== null && told.has(operation)) return `operation ${operation} is told of twice`;
    if (operation !== null) told.add(operation);
    if (after.ending !== null || worldIn(before) === worldIn(after)) return null;
    const [was, is] = [openIn(before), openIn(after)];
    const back = [...is.keys()].find((key) => gone.has(key));
    if (back !== undefined) return `${back} was released and is open again`;
    const released = [...was.values()].filter((object) => !is.has(show(object)));
    for (const object of released) gone.add(show(object));
    const held = released.find((object) => holdersOf(hostIn(after), object).length > 0);
    if (held !== undefined) return `${show(held)} is released, but held`;
    const [late] = unpinned(hostIn(after));
    return late === undefined ? null : `the host has moved, and ${show(late)} is open for nobody`;
  };
}
