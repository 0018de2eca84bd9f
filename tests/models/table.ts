// A transition system written down edge by edge, to test what is said of it.

import type { Model, Named } from "../../src/scheduler/model.ts";

/** `observed` and the rest may be left out. */
export interface Arrow {
  readonly to: string;
  readonly observed?: readonly string[];
  readonly id?: string;
  readonly viaDefault?: string;
}

/** The edges of each state by its name, the default first; the first state is the initial one. */
export type Table = Readonly<Record<string, readonly (Arrow | string)[]>>;

export interface TableState {
  readonly at: string;
  readonly observed: readonly string[];
}

export type TableAction = Named & Arrow;

/** An action is named after its target; no step tells what it reads and writes. */
export function tableModel(table: Table): Model<TableState, TableAction> {
  const actions = new Map<string, readonly TableAction[]>();
  for (const [from, arrows] of Object.entries(table)) {
    const all = arrows.map((arrow) => (typeof arrow === "string" ? { to: arrow } : arrow));
    actions.set(
      from,
      all.map((arrow) => ({ ...arrow, name: arrow.to })),
    );
  }
  return {
    initial: { at: Object.keys(table)[0]!, observed: [] },
    enabled: ({ at }) => actions.get(at) ?? [],
    step: (_, { to, observed = [] }) => ({ at: to, observed }),
    encode: ({ at }, out) => out.text(at),
    observed: ({ observed }) => observed,
  };
}
