// The outcomes that a graph allows: how each can come about, in how many ways, how likely. Mirrors spec/07.

import { type Components, componentsOf, isClosed } from "./components.ts";
import { countWays, visits, type Ways } from "./counting.ts";
import { loopFrom } from "./cycles.ts";
import type { Found } from "./explore.ts";
import type { Graph } from "./graph.ts";
import { type Product, productOf } from "./product.ts";
import type { Picks } from "./replay.ts";
import { cheapestTree, type Tree, wayTo } from "./tree.ts";

/** An outcome with its way as picks, not yet as a schedule. */
export interface Ending extends Omit<Found, "witness"> {
  readonly picks: Picks;
}

export interface Endings {
  /** the cheapest ones first, and first those that are met first */
  readonly endings: readonly Ending[];
  readonly complete: boolean;
}

/**
 * Tells at most `most` pairs of a node and what was observed before apart. Nothing in the result
 * depends on how the nodes are numbered.
 */
export function endingsOf(graph: Graph, most: number): Endings {
  const product = productOf(graph, most);
  const view = viewOf(graph, product);
  const all = [...ends(view), ...loops(view)];
  // Sorting is stable: what costs the same stays in the order in which it is met.
  const endings = all.sort((a, b) => a.cost - b.cost);
  return { endings, complete: product.complete };
}

interface View {
  readonly graph: Graph;
  readonly product: Product;
  readonly tree: Tree;
  readonly components: Components;
  readonly ways: Ways;
  readonly visits: Float64Array;
}

function viewOf(graph: Graph, product: Product): View {
  const components = componentsOf(product);
  return {
    ...{ graph, product, components, tree: cheapestTree(product) },
    ways: countWays(product, components),
    visits: visits(product, components),
  };
}

/** The finals, those with one fact after one sequence of observations taken together. */
function ends({ graph, product, tree, ways, visits: likely }: View): readonly Ending[] {
  const facts = new Map(graph.finals.map(({ node, fact }) => [node, fact]));
  const byKey = new Map<string, Ending>();
  for (const at of tree.order) {
    const fact = facts.get(product.node(at));
    if (fact === undefined) continue;
    const key = `${product.prefix(at)} ${fact}`;
    const known = byKey.get(key);
    const schedules = ways(at);
    const probability = likely[at] ?? 0;
    byKey.set(
      key,
      known === undefined
        ? ending(fact, product.texts(product.prefix(at)), schedules, probability, tree, at)
        : {
            ...known,
            schedules: sum(known.schedules, schedules),
            probability: known.probability + probability,
          },
    );
  }
  return [...byKey.values()];
}

function ending(
  fact: string,
  observed: readonly string[],
  schedules: bigint | null,
  probability: number,
  tree: Tree,
  at: number,
): Ending {
  const cost = tree.costs[at] ?? 0;
  return {
    tag: "end",
    fair: false,
    fact,
    observed,
    schedules,
    probability,
    cost,
    picks: wayTo(tree, at),
  };
}

const sum = (a: bigint | null, b: bigint | null): bigint | null =>
  a === null || b === null ? null : a + b;

/** Loops, those that are entered after one sequence of observations taken together. */
function loops(view: View): readonly Ending[] {
  const { product, tree, components } = view;
  const left = components.cyclic.slice();
  const byPrefix = new Map<number, Ending>();
  for (const at of left.includes(1) ? tree.order : []) {
    const component = components.of[at] ?? -1;
    if (left[component] !== 1) continue;
    left[component] = 0;
    const prefix = product.prefix(at);
    byPrefix.set(prefix, either(byPrefix.get(prefix), loop(view, at)));
  }
  return [...byPrefix.values()];
}

function loop({ graph, product, tree, components, visits: likely }: View, entry: number): Ending {
  const { picks, fair } = loopFrom(graph, product, components, entry);
  return {
    ...{ tag: "cycle", fair, fact: "", schedules: null },
    observed: product.texts(product.prefix(entry)),
    probability: staying(product, components, likely, components.of[entry] ?? -1),
    cost: tree.costs[entry] ?? 0,
    picks: [...wayTo(tree, entry), ...picks],
  };
}

/** The cheaper one; a fair one if they cost the same. */
function either(a: Ending | undefined, b: Ending): Ending {
  if (a === undefined) return b;
  const first = b.cost < a.cost || (b.cost === a.cost && b.fair && !a.fair) ? b : a;
  return { ...first, fair: a.fair || b.fair, probability: a.probability + b.probability };
}

function staying(
  product: Product,
  components: Components,
  likely: Float64Array,
  component: number,
): number {
  if (!isClosed(product, components, component)) return 0;
  const from = components.starts[component];
  const nodes = components.order.subarray(from, components.starts[component + 1]);
  return nodes.reduce((all, at) => all + (likely[at] ?? 0), 0);
}
