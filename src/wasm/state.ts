// The state of a core space, from its first moment on: globals, tables, dropped segments. Mirrors spec/14.

import type { CoreSpace, CoreState } from "./program.ts";

const noState: CoreState = {
  globals: new Int32Array(),
  tables: [],
  droppedElements: new Uint8Array(),
  droppedDatas: new Uint8Array(),
  exceptions: [],
};

/** As long as is wanted, with 0 where nothing was. */
function words(old: Int32Array, length: number): Int32Array {
  if (old.length === length) return old;
  const longer = new Int32Array(length);
  longer.set(old);
  return longer;
}

function flags(old: Uint8Array, length: number): Uint8Array {
  if (old.length === length) return old;
  const longer = new Uint8Array(length);
  longer.set(old);
  return longer;
}

/** The state with what the space got since: globals of zeros, tables of null, segments that are there. */
export function grownState(state: CoreState, space: CoreSpace): CoreState {
  const { globals, tables, elements, datas } = space;
  return {
    globals: words(state.globals, 2 * globals.length),
    tables: tables.map(({ limits }, i) => state.tables[i] ?? new Int32Array(Number(limits.min))),
    droppedElements: flags(state.droppedElements, elements),
    droppedDatas: flags(state.droppedDatas, datas),
    exceptions: state.exceptions,
  };
}

/** The state before anything in the space is initialized. */
export function firstCoreState(space: CoreSpace): CoreState {
  return grownState(noState, space);
}
