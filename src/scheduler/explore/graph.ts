// The state graph that a search leaves behind: plain data, enough for every later question. Mirrors spec/07.

/** How much of the state space a search covered. */
export type Coverage =
  | { readonly tag: "all" }
  | { readonly tag: "states"; readonly bound: number }
  | { readonly tag: "deviations"; readonly bound: number }
  | { readonly tag: "interrupted" };

/** A state in which nothing is enabled. */
export interface FinalNode {
  readonly node: number;
  /** What the caller's `final` said of it. */
  readonly fact: string;
}

export interface BrokenNode {
  readonly node: number;
  readonly property: string;
}

/** What the step of an edge took on its own, when nothing else was enabled: indices into `names`. */
export interface Took {
  readonly node: number;
  readonly pick: number;
  readonly ids: readonly number[];
}

/**
 * Nodes are numbered from 0, the initial state; the edges of node `n` stand at `offsets[n]` up to
 * `offsets[n + 1]`, one for each enabled action in order, so that an edge's place is its pick.
 */
export interface Graph {
  readonly nodes: number;
  /** 64-bit keys, two halves for each node */
  readonly keys: Int32Array;
  readonly offsets: Uint32Array;
  /** node, or -1 where a bound kept the search from going */
  readonly targets: Int32Array;
  /** index into `observations`, for each edge; 0 is nothing */
  readonly labels: Uint32Array;
  readonly observations: readonly (readonly string[])[];
  /** index into `observations`: what was observed up to the initial state */
  readonly first: number;
  /** index into `names`, for each edge: the id of its action; 0 is none */
  readonly ids: Uint32Array;
  readonly names: readonly string[];
  /** only those that took something */
  readonly took: readonly Took[];
  readonly finals: readonly FinalNode[];
  readonly broken: readonly BrokenNode[];
  /** steps that were executed: edges found without a step are not counted */
  readonly steps: number;
  readonly coverage: Coverage;
}
