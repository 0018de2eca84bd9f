// Which instance and which thread an event means: by the model's names, or by what the trace's were bound to. Mirrors spec/15.

import { type Ctx, currentThread } from "../../canon/machine.ts";
import type { InstanceId } from "../../model/ids.ts";
import type { Program } from "../../model/program.ts";
import type { Thread } from "../../model/thread.ts";
import type { HostReturn } from "../host-functions.ts";
import { instanceNamed } from "../names.ts";
import type { HostFunc } from "../recorded-imports.ts";
import {
  type Bindings,
  bindInstance,
  bindThread,
  nameFor,
  nothingBound,
  owe,
  tell,
  unbindThread,
  withHost,
} from "./bindings.ts";
import { announce, closed, opened } from "./host-calls.ts";

/** Where something happens: what an event's `instance` and `thread` are compared with. */
export interface Place {
  /** null: not judged */
  readonly instance: InstanceId | null;
  /** null: no thread runs */
  readonly thread: Readonly<Pick<Thread, "path" | "name">> | null;
}

/** Where the thread is that runs. */
export function runningPlace(c: Ctx, instance: InstanceId | null): Place {
  const { path, name } = c.edit.thread.read(currentThread(c));
  return { instance, thread: { path, name } };
}

/** What an event says about its place. */
type Where = { readonly instance?: string; readonly thread?: string };

export class Labels {
  /** what the names stand for on the way that is followed now */
  bindings: Bindings = nothingBound;
  readonly #program: Program;
  readonly #instances: ReadonlyMap<string, InstanceId>;

  constructor(program: Program) {
    this.#program = program;
    const ids = program.instances.map(({ name }, id) => [name, id as InstanceId] as const);
    this.#instances = new Map(ids.reverse());
  }

  /** Whether the event's names may mean this place; those that are new mean it from now on. */
  fits(event: Where, instance: Place["instance"], thread: Place["thread"]): boolean {
    if (event.instance !== undefined && instance !== null) {
      if (!this.#isInstance(event.instance, instance)) return false;
    }
    return (
      event.thread === undefined || thread === null || this.#isThread(event.thread, thread.path)
    );
  }

  /** The names of a thread that has ended are free. */
  ended(path: string): void {
    if (this.bindings.threads.size > 0) this.bindings = unbindThread(this.bindings, path);
  }

  owe(call: string, value: string | null): void {
    this.bindings = owe(this.bindings, call, value);
  }

  tell(call: string): void {
    this.bindings = tell(this.bindings, call);
  }

  /** A thread begins a call of a function of the host. */
  opened(path: string, func: HostFunc): void {
    this.bindings = withHost(this.bindings, opened(this.bindings.host, path, func));
  }

  /** Whether an open call can be meant; then it has ended, and will take the event. */
  announce(event: HostReturn): boolean {
    const path = event.thread === undefined ? undefined : this.bindings.threads.get(event.thread);
    const host = announce(this.bindings.host, event, path);
    if (host !== null) this.bindings = withHost(this.bindings, host);
    return host !== null;
  }

  /** The call of a thread ends with `event`, if that was announced; false: then another end has no call. */
  closed(path: string, event: HostReturn | null): boolean {
    const host = closed(this.bindings.host, path, event);
    if (host !== null) this.bindings = withHost(this.bindings, host);
    return host !== null;
  }

  #isInstance(name: string, instance: InstanceId): boolean {
    const bound = this.#instances.get(name) ?? this.bindings.instances.get(name);
    if (bound === undefined) this.bindings = bindInstance(this.bindings, name, instance);
    return bound === undefined || bound === instance;
  }

  #isThread(name: string, path: string): boolean {
    const bound = this.bindings.threads.get(name);
    if (bound === undefined) this.bindings = bindThread(this.bindings, name, path);
    return bound === undefined || bound === path;
  }

  /** The trace's own names for a place; the model's, where it has none. */
  where({ instance, thread }: Place, { instances, threads }: Bindings): Where {
    const own = instance === null ? null : instanceNamed(this.#program, instance);
    const bound = instance === null ? null : nameFor(instances, instance);
    const instanceName = bound ?? own;
    const threadName = thread === null ? null : nameOfThread(thread, threads);
    return {
      ...(instanceName !== null && { instance: instanceName }),
      ...(threadName !== null && { thread: threadName }),
    };
  }
}

/** Null: its own name means another thread. */
function nameOfThread(
  { path, name }: Pick<Thread, "path" | "name">,
  threads: ReadonlyMap<string, string>,
): string | null {
  return nameFor(threads, path) ?? (threads.has(name) ? null : name);
}
