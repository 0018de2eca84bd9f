// Exhaustive exploration ordered by the number of non-default choices. Mirrors spec/07.

import type { Model, Named, Schedule } from "./model.ts";
import { record } from "./model.ts";

/** How much of the state space a search covered. */
export type Coverage =
  | { readonly tag: "all" }
  | { readonly tag: "states"; readonly bound: number }
  | { readonly tag: "deviations"; readonly bound: number }
  | { readonly tag: "interrupted" };

export interface ExploreOptions<S> {
  /** states to visit at the most */
  readonly maxStates?: number;
  /** non-default choices to follow at the most */
  readonly maxDeviations?: number;
  /** what makes two finals different; without it every state is a final of its own */
  readonly distinct?: (state: S) => string;
  /** the name of a property that a state breaks; `final`: nothing is enabled there */
  readonly check?: (state: S, final: boolean) => string | null;
  /** told every so often how far the search is; returning false stops it */
  readonly progress?: (p: { states: number; frontier: number }) => boolean;
}

/** A place where nothing is enabled, or a cycle, with the fewest deviations that lead there. */
export interface Final<S> {
  readonly state: S;
  readonly tag: "end" | "cycle";
  readonly cost: number;
  readonly witness: Schedule;
}

/** A state that breaks a property, with the fewest deviations that lead to any such state. */
export interface Violation<S> {
  readonly property: string;
  readonly state: S;
  readonly cost: number;
  readonly witness: Schedule;
}

export interface Exploration<S> {
  readonly finals: readonly Final<S>[];
  /** one for each property that is broken somewhere */
  readonly violations: readonly Violation<S>[];
  readonly states: number;
  readonly transitions: number;
  readonly coverage: Coverage;
}

interface Node<S> {
  /** null once it is expanded: the way there says what it was */
  state: S | null;
  readonly parent: number;
  /** index of the action among the parent's enabled ones */
  readonly pick: number;
  readonly cost: number;
  readonly successors: number[];
}

const progressEvery = 256;

/**
 * Visits every state once, those with fewer deviations first (0-1 breadth first), so that each
 * final's witness has the least possible number of deviations.
 */
export function explore<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S> = {},
): Exploration<S> {
  return new Search(model, options).run();
}

class Search<S, A extends Named> {
  readonly #model: Model<S, A>;
  readonly #options: ExploreOptions<S>;
  readonly #nodes: Node<S>[] = [];
  readonly #ids = new Map<string, number>();
  /** Nodes to expand, by cost. */
  readonly #buckets: number[][] = [];
  readonly #ends = new Map<string, number>();
  readonly #broken = new Map<string, number>();
  #transitions = 0;
  #reportAt = progressEvery;
  #coverage: Coverage = { tag: "all" };

  constructor(model: Model<S, A>, options: ExploreOptions<S>) {
    this.#model = model;
    this.#options = options;
  }

  run(): Exploration<S> {
    this.#add(this.#model.initial, -1, -1, 0);
    for (let cost = 0; cost < this.#buckets.length; cost++) this.#expandAll(cost);
    const finals = [
      ...[...this.#ends.values()].map((id) => this.#final(id, "end")),
      ...this.#cycles().map((id) => this.#final(id, "cycle")),
    ];
    const { length: states } = this.#nodes;
    const violations = [...this.#broken].map(
      ([property, id]): Violation<S> => ({ property, ...this.#reached(id) }),
    );
    const transitions = this.#transitions;
    return { finals, violations, states, transitions, coverage: this.#coverage };
  }

  #expandAll(cost: number): void {
    const bucket = this.#buckets[cost] ?? [];
    for (let at = 0; at < bucket.length; at++) {
      if (this.#stopped(bucket.length - at)) return;
      const id = bucket[at];
      if (id !== undefined) this.#expand(id);
    }
  }

  #stopped(frontier: number): boolean {
    if (this.#coverage.tag === "states" || this.#coverage.tag === "interrupted") return true;
    const states = this.#nodes.length;
    const { maxStates, progress } = this.#options;
    if (maxStates !== undefined && states > maxStates) {
      this.#coverage = { tag: "states", bound: maxStates };
      return true;
    }
    if (progress === undefined || states < this.#reportAt) return false;
    this.#reportAt = states + progressEvery;
    if (progress({ states, frontier })) return false;
    this.#coverage = { tag: "interrupted" };
    return true;
  }

  #expand(id: number): void {
    const node = this.#node(id);
    const { state } = node;
    if (state === null) return;
    node.state = null;
    const actions = this.#model.enabled(state);
    if (actions.length === 0) this.#end(id, state);
    const broken = this.#options.check?.(state, actions.length === 0) ?? null;
    if (broken !== null && !this.#broken.has(broken)) this.#broken.set(broken, id);
    for (const [pick, action] of actions.entries()) {
      const cost = node.cost + (pick === 0 ? 0 : 1);
      if (this.#tooFar(cost)) continue;
      this.#transitions += 1;
      node.successors.push(this.#add(this.#model.step(state, action), id, pick, cost));
    }
  }

  /** Of finals that are not distinct the first one counts: none has fewer deviations. */
  #end(id: number, state: S): void {
    const key = this.#options.distinct?.(state) ?? String(id);
    if (!this.#ends.has(key)) this.#ends.set(key, id);
  }

  #tooFar(cost: number): boolean {
    const { maxDeviations } = this.#options;
    if (maxDeviations === undefined || cost <= maxDeviations) return false;
    this.#coverage = { tag: "deviations", bound: maxDeviations };
    return true;
  }

  #node(id: number): Node<S> {
    const node = this.#nodes[id];
    if (node === undefined) throw new Error(`no node ${id}`);
    return node;
  }

  /** A state met again more cheaply than when it was queued takes the cheaper way. */
  #add(state: S, parent: number, pick: number, cost: number): number {
    const key = this.#model.key(state);
    const known = this.#ids.get(key);
    if (known !== undefined) {
      const old = this.#node(known);
      if (cost < old.cost && old.state !== null) {
        this.#nodes[known] = { ...old, state, parent, pick, cost };
        this.#queue(known, cost);
      }
      return known;
    }
    const id = this.#nodes.length;
    this.#ids.set(key, id);
    this.#nodes.push({ state, parent, pick, cost, successors: [] });
    this.#queue(id, cost);
    return id;
  }

  #queue(id: number, cost: number): void {
    for (let i = this.#buckets.length; i <= cost; i++) this.#buckets.push([]);
    this.#buckets[cost]?.push(id);
  }

  #final(id: number, tag: "end" | "cycle"): Final<S> {
    return { tag, ...this.#reached(id) };
  }

  /** Goes the way to a node again: the state there, and the schedule that leads to it. */
  #reached(id: number): { state: S; cost: number; witness: Schedule } {
    const picks: number[] = [];
    for (let at = id; at > 0; at = this.#node(at).parent) picks.push(this.#node(at).pick);
    const recorder = record();
    let state = this.#model.initial;
    for (const pick of picks.reverse()) {
      const actions = this.#model.enabled(state);
      const action = actions[pick];
      if (action === undefined) throw new Error("a state enables what it enabled before");
      recorder.record(actions, action);
      state = this.#model.step(state, action);
    }
    return { state, cost: this.#node(id).cost, witness: recorder.schedule() };
  }

  /** The cheapest node of each strongly connected component that has an edge inside. */
  #cycles(): number[] {
    const components = stronglyConnected(this.#nodes.map((node) => node.successors));
    const cheapest = components.map((ids) =>
      ids.reduce((a, b) => (this.#node(b).cost < this.#node(a).cost ? b : a)),
    );
    return cheapest.sort((a, b) => this.#node(a).cost - this.#node(b).cost || a - b);
  }
}

/** Tarjan's algorithm without recursion; only components with a cycle in them. */
function stronglyConnected(edges: readonly (readonly number[])[]): number[][] {
  const index = new Int32Array(edges.length).fill(-1);
  const low = new Int32Array(edges.length);
  const onStack = new Uint8Array(edges.length);
  const stack: number[] = [];
  const found: number[][] = [];
  let counter = 0;

  function enter(v: number, calls: { v: number; next: number }[]): void {
    index[v] = counter;
    low[v] = counter;
    counter += 1;
    stack.push(v);
    onStack[v] = 1;
    calls.push({ v, next: 0 });
  }

  function leave(v: number): void {
    if (low[v] !== index[v]) return;
    const component = stack.splice(stack.indexOf(v));
    for (const w of component) onStack[w] = 0;
    if (component.length > 1 || edges[v]?.includes(v)) found.push(component);
  }

  function visit(calls: { v: number; next: number }[]): void {
    const call = calls[calls.length - 1];
    if (call === undefined) return;
    const w = edges[call.v]?.[call.next];
    call.next += 1;
    if (w === undefined) {
      leave(call.v);
      calls.pop();
      const parent = calls[calls.length - 1];
      if (parent) low[parent.v] = Math.min(low[parent.v] ?? 0, low[call.v] ?? 0);
    } else if (index[w] === -1) enter(w, calls);
    else if (onStack[w] === 1) low[call.v] = Math.min(low[call.v] ?? 0, index[w] ?? 0);
  }

  for (let root = 0; root < edges.length; root++) {
    if (index[root] !== -1) continue;
    const calls: { v: number; next: number }[] = [];
    enter(root, calls);
    while (calls.length > 0) visit(calls);
  }
  return found;
}
