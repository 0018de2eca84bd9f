// Little programs over promises and tasks: what the model of the bridge runs, and Node too. Mirrors spec/13.

/** How a promise was settled, or a task ended. */
export interface Settled {
  readonly ok: boolean;
  readonly value: number;
}

/** What script of either language may do. Promises, futures and tasks go by number. */
type Common =
  | { readonly do: "log"; readonly text: string }
  /** makes a future of a promise, once: from then on the promise counts as handled */
  | { readonly do: "from"; readonly promise: number; readonly future: number }
  | { readonly do: "drop"; readonly future: number }
  /** hands a task to the run queue */
  | { readonly do: "spawn"; readonly task: number }
  /** hands a task to the run queue, and its end to a promise */
  | { readonly do: "promise"; readonly task: number; readonly promise: number }
  | { readonly do: "settle"; readonly promise: number; readonly with: Settled }
  /** resolves a promise with another one */
  | { readonly do: "adopt"; readonly promise: number; readonly other: number }
  | { readonly do: "then"; readonly promise: number; readonly text: string }
  | { readonly do: "microtask"; readonly text: string };

/** What only a task may do. */
type Own =
  /** polls a future until it is ready */
  | { readonly do: "await"; readonly future: number }
  /** wakes itself and gives way */
  | { readonly do: "yield" }
  | { readonly do: "panic" }
  /** ends; null: with what it awaited last */
  | { readonly do: "end"; readonly with: Settled | null };

/** What the host's language does: in one go, on its own stack. */
export type Act = Common;

/** What a task does: it may wait. */
export type TaskAct = Common | Own;

export interface BridgeProgram {
  readonly promises: number;
  readonly futures: number;
  readonly tasks: readonly (readonly TaskAct[])[];
  readonly main: readonly Act[];
  /** what the host may do later, each once, in any order */
  readonly events: readonly (readonly Act[])[];
}

/** How much one turn of the run queue runs: until it is empty, or what was there at its beginning. */
export type TickSize = "drain" | "batch";

/** Settled with nothing to say. */
export const nothing: Settled = { ok: true, value: 0 };

export function show({ ok, value }: Settled): string {
  return `${ok ? "ok" : "error"} ${value}`;
}
