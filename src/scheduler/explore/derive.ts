// The edges that were not executed, made of those that were. Mirrors spec/07.

import { asleep, type Coin, coin, type EdgeTable, type Late, unknown } from "./edges.ts";
import type { Took } from "./graph.ts";
import type { Observations } from "./names.ts";

/** An edge by its node and the index of its action. */
export interface EdgeAt {
  readonly node: number;
  readonly pick: number;
}

/** What the search knows beside its edges. */
export interface Pruned {
  readonly coins: readonly Coin[];
  readonly late: readonly Late[];
  readonly took: readonly Took[];
  /** nodes where nobody ever slept; every node is reached from one of them */
  readonly beginnings: readonly number[];
  /** ids that slept too long somewhere, so that nothing follows from their sleep */
  readonly doubtful: ReadonlySet<number>;
  /** whether it is known what is enabled at a node */
  readonly isExpanded: (node: number) => boolean;
}

/**
 * Puts the targets and labels of all edges that slept or were coins into the table; gives those of
 * which nothing follows, with `unknown` as their target, and what all steps took.
 *
 * If `a` sleeps at `s`, it slept on every way there. Go back from `s` along the first of the shortest
 * ways of executed edges, up to the node `p` where `a` is enabled: all steps from `p` to `s` commute
 * with `a`, so they lead from the target of `a` at `p` to the target of `a` at `s`. At the end of both
 * ways the same has been observed, and the same has been taken; where nothing else is enabled a step
 * may take on its own what is a step of its own on the other way.
 *
 * Every edge that is needed for this is known by then. Call `a` smaller than `t` at a node if it was
 * executed in the same expansion and before `t`, or in a later expansion: then `a` sleeps after `t`
 * only if it is smaller, or sleeps at the node as well. So `w` = way to `p`, `a`, way from `p` on, is a
 * way of the length of the way to `s` and one, and smaller (lexicographically) than the way to `s`
 * with `a` after it; the way to a node where the next letter is looked up is no greater than a part of
 * `w`. Nodes are taken in the order of their first shortest way: shorter ones first, then smaller ones.
 */
export function derive(
  table: EdgeTable,
  pruned: Pruned,
  observations: Observations,
): { readonly underived: readonly EdgeAt[]; readonly took: readonly Took[] } {
  const derivation = new Derivation(table, pruned, observations);
  if (table.targets.includes(asleep)) derivation.run();
  const coins = deriveCoins(table, pruned, observations);
  return { underived: [...derivation.missed, ...coins], took: derivation.took };
}

/** A step on the way from one node to another. */
interface Letter {
  readonly id: number;
  readonly label: number;
  readonly pick: number;
  readonly degree: number;
}

/** Where a way leads, what is observed on it, and what its steps took on their own. */
interface Way {
  readonly target: number;
  readonly label: number;
  readonly took: readonly number[];
}

class Derivation {
  readonly #table: EdgeTable;
  readonly #pruned: Pruned;
  readonly #observations: Observations;
  /** nodes in the order of their first shortest way */
  readonly #order: Int32Array;
  readonly #parents: Int32Array;
  readonly #picks: Int32Array;
  /** by edge */
  readonly #took: Map<number, readonly number[]>;
  readonly missed: EdgeAt[] = [];
  readonly took: Took[];

  constructor(table: EdgeTable, pruned: Pruned, observations: Observations) {
    const nodes = table.offsets.length - 1;
    this.#table = table;
    this.#pruned = pruned;
    this.#observations = observations;
    this.took = [...pruned.took];
    this.#took = new Map(
      pruned.took.map(({ node, pick, ids }) => [(table.offsets[node] ?? 0) + pick, ids]),
    );
    this.#order = new Int32Array(nodes);
    this.#parents = new Int32Array(nodes).fill(-1);
    this.#picks = new Int32Array(nodes);
  }

  run(): void {
    const found = this.#breadthFirst();
    for (let i = 0; i < found; i++) this.#deriveAt(this.#order[i] ?? 0);
  }

  #breadthFirst(): number {
    const { offsets, targets } = this.#table;
    const late = lateByNode(this.#pruned.late);
    const met = new Uint8Array(offsets.length);
    let found = 0;
    const meet = (node: number, parent: number, pick: number): void => {
      if (met[node] === 1) return;
      met[node] = 1;
      this.#parents[node] = parent;
      this.#picks[node] = pick;
      this.#order[found] = node;
      found += 1;
    };
    for (const node of this.#pruned.beginnings) meet(node, -1, 0);
    for (let i = 0; i < found; i++) {
      const node = this.#order[i] ?? 0;
      const from = offsets[node] ?? 0;
      const degree = (offsets[node + 1] ?? 0) - from;
      for (const pick of picksInOrder(degree, late.get(node))) {
        const target = targets[from + pick] ?? unknown;
        if (target >= 0) meet(target, node, pick);
      }
    }
    return found;
  }

  #deriveAt(node: number): void {
    const { offsets, targets } = this.#table;
    const from = offsets[node] ?? 0;
    const to = offsets[node + 1] ?? 0;
    for (let edge = from; edge < to; edge++) {
      if (targets[edge] !== asleep) continue;
      targets[edge] = this.#target(node, edge);
      const pick = edge - from;
      if (targets[edge] === unknown) this.missed.push({ node, pick });
      const ids = this.#took.get(edge);
      if (ids !== undefined) this.took.push({ node, pick, ids });
    }
  }

  #target(node: number, edge: number): number {
    const { ids, labels } = this.#table;
    const id = ids[edge] ?? 0;
    if (this.#pruned.doubtful.has(id)) return unknown;
    const letters: Letter[] = [];
    let at = node;
    let above = -1;
    while (above < 0) {
      const parent = this.#parents[at] ?? -1;
      if (parent < 0) return unknown;
      letters.unshift(...this.#lettersOf(parent, this.#picks[at] ?? 0));
      at = parent;
      above = edgeWithId(this.#table, at, id);
    }
    const way = this.#along(above, letters);
    const observed = letters.reduce((all, { label }) => this.#observations.both(all, label), 0);
    labels[edge] = this.#observations.after(observed, way.label);
    if (way.took.length > 0) this.#took.set(edge, way.took);
    return way.target;
  }

  /** Takes an edge, then the steps of `letters`, but for those that were taken on the way already. */
  #along(edge: number, letters: readonly Letter[]): Way {
    const { targets, labels } = this.#table;
    const took = [...(this.#took.get(edge) ?? [])];
    let label = labels[edge] ?? 0;
    let target = known(targets[edge]);
    for (const letter of letters) {
      const next = target < 0 ? -1 : this.#edgeOf(target, letter);
      const taken = next < 0 ? took.indexOf(letter.id) : -1;
      if (taken >= 0) took.splice(taken, 1);
      else {
        target = known(targets[next]);
        label = this.#observations.both(label, labels[next] ?? 0);
        took.push(...(this.#took.get(next) ?? []));
      }
    }
    return { target, label, took };
  }

  /** A step, and what it took on its own. */
  #lettersOf(node: number, pick: number): readonly Letter[] {
    const taken = this.#took.get((this.#table.offsets[node] ?? 0) + pick) ?? [];
    const letters = taken.map((id): Letter => ({ id, label: 0, pick: 0, degree: 0 }));
    return [this.#letter(node, pick), ...letters];
  }

  #letter(node: number, pick: number): Letter {
    const { offsets, ids, labels } = this.#table;
    const from = offsets[node] ?? 0;
    const degree = (offsets[node + 1] ?? 0) - from;
    return { id: ids[from + pick] ?? 0, label: labels[from + pick] ?? 0, pick, degree };
  }

  /** Where the same step is taken at another node; -1: nowhere. */
  #edgeOf(node: number, letter: Letter): number {
    if (letter.id !== 0) return edgeWithId(this.#table, node, letter.id);
    const { offsets, ids } = this.#table;
    const edge = (offsets[node] ?? 0) + letter.pick;
    const degree = (offsets[node + 1] ?? 0) - (offsets[node] ?? 0);
    return degree === letter.degree && ids[edge] === 0 ? edge : -1;
  }
}

/** Index of an edge, -1 if the node has none with that id. */
function edgeWithId({ offsets, ids }: EdgeTable, node: number, id: number): number {
  const to = offsets[node + 1] ?? 0;
  for (let edge = offsets[node] ?? 0; edge < to; edge++) if (ids[edge] === id) return edge;
  return -1;
}

/** Round by pick, of each node that has edges from later rounds. */
function lateByNode(late: readonly Late[]): ReadonlyMap<number, ReadonlyMap<number, number>> {
  const byNode = new Map<number, Map<number, number>>();
  for (const { node, pick, round } of late) {
    byNode.set(node, (byNode.get(node) ?? new Map<number, number>()).set(pick, round));
  }
  return byNode;
}

/** Those of later rounds first. */
function picksInOrder(
  degree: number,
  rounds: ReadonlyMap<number, number> | undefined,
): readonly number[] | IterableIterator<number> {
  const picks = Array.from({ length: degree }, (_, pick) => pick);
  if (rounds === undefined) return picks;
  return picks.sort((a, b) => (rounds.get(b) ?? 0) - (rounds.get(a) ?? 0) || a - b);
}

function deriveCoins(
  table: EdgeTable,
  { coins, isExpanded }: Pruned,
  observations: Observations,
): readonly EdgeAt[] {
  const { offsets, targets, labels } = table;
  const missed: EdgeAt[] = [];
  for (const { node, pick, via } of coins) {
    const first = offsets[node] ?? 0;
    const edge = first + pick;
    if (targets[edge] !== coin) continue;
    const middle = targets[first] ?? unknown;
    const second = via === 0 ? -1 : edgeWithId(table, middle, via);
    const isOver = second < 0 && (via === 0 || isExpanded(middle));
    targets[edge] = isOver ? middle : known(targets[second]);
    labels[edge] = observations.both(labels[first] ?? 0, labels[second] ?? 0);
    if (targets[edge] === unknown) missed.push({ node, pick });
  }
  return missed;
}

function known(target: number = unknown): number {
  return Math.max(target, unknown);
}
