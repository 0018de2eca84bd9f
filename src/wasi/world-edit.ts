// Editing a world: a step works on copies of the parts that it looks at; what it leaves as it was is shared. Mirrors spec/09.

import { sameData } from "../model/same.ts";
import { newWorld } from "./first-world.ts";
import type { World } from "./world.ts";

type Parts = Record<string, unknown>;

/** A copy whose objects may be written; bytes and lists of numbers or texts are only ever replaced. */
function copyOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return typeof value[0] === "object" ? value.map(copyOf) : value;
  const copy: Parts = { ...value };
  for (const key in copy) {
    const part = copy[key];
    if (typeof part === "object" && part !== null) copy[key] = copyOf(part);
  }
  return copy;
}

/** A world that a step may write: a part is copied when it is first looked at. */
class EditedWorld {
  readonly before: Readonly<Parts>;
  readonly copies: Parts = {};

  constructor(before: World) {
    this.before = before as unknown as Parts;
  }
}

for (const part of Object.keys(newWorld({}))) {
  Object.defineProperty(EditedWorld.prototype, part, {
    get(this: EditedWorld): unknown {
      if (!(part in this.copies)) this.copies[part] = copyOf(this.before[part]);
      return this.copies[part];
    },
    set(this: EditedWorld, value: unknown) {
      this.copies[part] = value;
    },
  });
}

/** Runs `write` on a world that it may change; gives the new world, or the old one if nothing changed. */
export function edited<T>(before: World, write: (world: World) => T): { world: World; value: T } {
  const edit = new EditedWorld(before);
  const value = write(edit as unknown as World);
  const changed = Object.entries(edit.copies).filter(
    ([part, copy]) => !sameData(edit.before[part], copy),
  );
  const world = changed.length === 0 ? before : { ...before, ...Object.fromEntries(changed) };
  return { world, value };
}
