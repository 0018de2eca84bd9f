// What the names in a trace stand for, which instance and which thread, and what is still to be told. Mirrors spec/15.

import type { InstanceId } from "../../model/ids.ts";
import type { Key } from "../../scheduler/encoding/encoding.ts";
import { type HostCalls, noHostCalls } from "./host-calls.ts";

/** A value: binding a name makes another one. */
export interface Bindings {
  readonly instances: ReadonlyMap<string, InstanceId>;
  /** paths of live threads */
  readonly threads: ReadonlyMap<string, string>;
  /** results that invocations have had, and that the trace may tell later: in WAVE, null if there is none */
  readonly owed: ReadonlyMap<string, string | null>;
  readonly host: HostCalls;
}

export const nothingBound: Bindings = {
  instances: new Map(),
  threads: new Map(),
  owed: new Map(),
  host: noHostCalls,
};

/** Names of threads that are remembered at a time; of more, the oldest ones may be bound anew. */
const mostNames = 1024;

/** An unbound name of an instance becomes bound. */
export function bindInstance(of: Bindings, name: string, instance: InstanceId): Bindings {
  return { ...of, instances: new Map(of.instances).set(name, instance) };
}

/** An unbound name of a thread becomes bound. */
export function bindThread(
  { instances, threads: old, owed, host }: Bindings,
  name: string,
  path: string,
): Bindings {
  const threads = new Map(old).set(name, path);
  const [oldest] = threads.keys();
  if (threads.size > mostNames && oldest !== undefined) threads.delete(oldest);
  return { instances, threads, owed, host };
}

/** An invocation has had its result. */
export function owe(
  { instances, threads, owed, host }: Bindings,
  call: string,
  value: string | null,
): Bindings {
  return { instances, threads, owed: new Map(owed).set(call, value), host };
}

/** Its result is told. */
export function tell({ instances, threads, owed: old, host }: Bindings, call: string): Bindings {
  const owed = new Map(old);
  owed.delete(call);
  return { instances, threads, owed, host };
}

/** A thread has ended: its names may be bound anew. */
export function unbindThread(of: Bindings, path: string): Bindings {
  let threads: Map<string, string> | null = null;
  for (const [name, target] of of.threads) {
    if (target !== path) continue;
    threads ??= new Map(of.threads);
    threads.delete(name);
  }
  const { instances, owed, host } = of;
  return threads === null ? of : { instances, threads, owed, host };
}

/** Something happens to calls of the host's functions. */
export function withHost({ instances, threads, owed }: Bindings, host: HostCalls): Bindings {
  return { instances, threads, owed, host };
}

/** A name that is bound to this; null: there is none. */
export function nameFor<T>(names: ReadonlyMap<string, T>, target: T): string | null {
  for (const [name, to] of names) if (to === target) return name;
  return null;
}

function hashText(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** One of two independent hashes of a name and what it stands for. */
function hashPair(name: string, target: string, seed: number): number {
  const hash = hashText(target, hashText(name, seed) ^ 0x5bd1e995);
  return Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
}

/** A hash of all that is bound, in whatever order it was. */
export function hashOf({ instances, threads, owed, host }: Bindings): Key {
  const key: Key = { hi: 0, lo: 0 };
  const add = (name: string, target: string): void => {
    key.hi = (key.hi + hashPair(name, target, 0x811c9dc5)) | 0;
    key.lo = (key.lo + hashPair(name, target, 0x9e3779b1)) | 0;
  };
  for (const [name, path] of threads) add(name, path);
  for (const [name, id] of instances) add(name, `instance ${id}`);
  for (const [call, value] of owed) add(call, value === null ? "owed" : `owed ${value}`);
  // which calls are open is known from the store
  for (const [i, { event, calls }] of host.announced.entries()) {
    add(`${i} ${JSON.stringify(event)}`, calls.join());
  }
  return key;
}
