// Resources of guests in the hands of JavaScript.

import type { ResourceTypeId } from "../model/ids.ts";

/**
 * A handle of a resource that a guest implements. JavaScript can hand it on, where an `own` uses it up,
 * or drop it; `type` is `Component.resource`. What the guest lent (`borrowed`) cannot be dropped, and is
 * only good until the function that got it has returned.
 */
export class GuestResource {
  readonly type: string;
  readonly borrowed: boolean;
  readonly #drop: () => Promise<unknown>;
  #used = false;

  constructor(type: string, borrowed: boolean, drop: () => Promise<unknown>) {
    this.type = type;
    this.borrowed = borrowed;
    this.#drop = drop;
  }

  /** Whether it was given away or dropped. */
  get used(): boolean {
    return this.#used;
  }

  /** From now on it is somebody else's. Throws `TypeError` unless it is JavaScript's own. */
  use(): void {
    if (this.#used || this.borrowed) throw new TypeError(`this ${this.type} is not ours to give`);
    this.#used = true;
  }

  /** Calls the destructor. Rejects as `invoke` does. */
  async drop(): Promise<void> {
    this.use();
    await this.#drop();
  }
}

/** The representation behind each handle: nobody but the embedding sees it. */
export class Handles {
  readonly #known = new WeakMap<object, { readonly rt: ResourceTypeId; readonly rep: number }>();

  add(handle: GuestResource, rt: ResourceTypeId, rep: number): GuestResource {
    this.#known.set(handle, { rt, rep });
    return handle;
  }

  /** null: it is no handle of this type and this embedding, or it is used up. */
  rep(js: unknown, rt: ResourceTypeId, own: boolean): number | null {
    if (!(js instanceof GuestResource) || js.used) return null;
    const known = this.#known.get(js);
    if (known?.rt !== rt) return null;
    if (own) js.use();
    return known.rep;
  }
}
