// How much is worth observing where a cycle observes something each time round. Mirrors spec/07.

import { type Components, componentsOf } from "./components.ts";
import type { Graph } from "./graph.ts";

/** So many times round every edge of such a cycle is followed, at the least. */
const rounds = 3;

/** The lengths of what is observed inside each component, and behind it at the most. */
interface Lengths {
  readonly inside: Float64Array;
  readonly behind: Float64Array;
}

function lengthsOf(graph: Graph, components: Components): Lengths {
  const inside = new Float64Array(components.count);
  const behind = new Float64Array(components.count);
  // An edge leads to a smaller number: what lies behind a component is known when its turn comes.
  for (let component = 0; component < components.count; component++) {
    for (const [length, to] of edgesOf(graph, components, component)) {
      if (to === component) inside[component] = (inside[component] ?? 0) + length;
      else {
        const all = length + (inside[to] ?? 0) * rounds + (behind[to] ?? 0);
        behind[component] = Math.max(behind[component] ?? 0, all);
      }
    }
  }
  return { inside, behind };
}

/** The edges of a component that were followed: how much each observes, and into which it leads. */
function* edgesOf(
  { offsets, targets, labels, observations }: Graph,
  { of, order, starts }: Components,
  component: number,
): Generator<readonly [length: number, to: number]> {
  const nodes = order.subarray(starts[component], starts[component + 1]);
  for (const node of nodes) {
    for (let edge = offsets[node] ?? 0; edge < (offsets[node + 1] ?? 0); edge++) {
      const to = of[targets[edge] ?? -1] ?? -1;
      if (to >= 0) yield [observations[labels[edge] ?? 0]?.length ?? 0, to];
    }
  }
}

/**
 * The longest sequence of observations to tell apart: infinite if only finitely many are possible;
 * otherwise long enough for every way that takes no edge of an observing cycle more than a few times.
 */
export function longestObserved(graph: Graph): number {
  const components = componentsOf(graph);
  const { inside, behind } = lengthsOf(graph, components);
  if (inside.every((length) => length === 0)) return Number.POSITIVE_INFINITY;
  const first = components.of[0] ?? 0;
  const before = graph.observations[graph.first]?.length ?? 0;
  return before + (inside[first] ?? 0) * rounds + (behind[first] ?? 0);
}
