// A component instance as it begins. Mirrors spec/01.

import type { MemoryId } from "../model/ids.ts";
import type { Instance } from "../model/store.ts";
import { emptyTable } from "./table.ts";

/** Nobody is inside, and nobody waits. */
export function newInstance(memory: MemoryId | null, globals: Instance["globals"] = {}): Instance {
  return {
    handles: emptyTable(),
    threads: emptyTable(),
    mayEnter: true,
    mayLeave: true,
    backpressure: 0,
    numWaitingToEnter: 0,
    exclusiveThread: null,
    memory,
    globals,
  };
}
