// Exhaustive exploration: search, then the questions that its graph answers. Mirrors spec/07.

import type { Model, Named, Schedule } from "../model.ts";
import { diversityOf, sampleOf } from "./diversity.ts";
import type { Coverage, Graph } from "./graph.ts";
import { type Guide, guide } from "./guide.ts";
import type { Order } from "./nodes.ts";
import { endingsOf } from "./outcomes.ts";
import { type Gone, replay } from "./replay.ts";
import { type Searched, search } from "./search.ts";
import { cheapestTree, wayTo } from "./tree.ts";

/**
 * Each reduction can be switched off. Sleep sets and coins do not change the result; under symmetry
 * outcomes stand for their images, their costs are not always the least ones, no cycle counts as fair,
 * and the other two are off.
 */
export interface Reductions {
  /** sleep sets: do not execute a step whose result two commuting steps give already */
  readonly sleep: boolean;
  /** do not execute `viaDefault` actions */
  readonly coin: boolean;
  /** keys under the model's declared symmetry; off unless asked for */
  readonly symmetry: boolean;
}

export interface ExploreOptions<S> {
  /** states to visit at the most */
  readonly maxStates?: number;
  /** non-default choices to follow at the most; switches sleep sets off */
  readonly maxDeviations?: number;
  /**
   * "cost" meets states with fewer deviations first; "depth" holds far fewer states and is faster. Of
   * a search that comes to its end both say the same, so "cost" is the default only where a bound or
   * `progress` may stop it.
   */
  readonly order?: Order;
  readonly reduce?: Partial<Reductions>;
  /** true: compare whole encodings, not only their 64-bit hashes */
  readonly exact?: boolean;
  /** false: keep no edges; then there are no outcomes, only `facts`, and violations are not cheapest */
  readonly graph?: boolean;
  /** states times observations before them to tell apart at the most (default 2 million) */
  readonly maxProduct?: number;
  /** The facts that tell finals apart; without it all are alike. */
  readonly final?: (state: S) => string;
  /** The name of a property that a state breaks; `final`: nothing is enabled there. */
  readonly check?: (state: S, final: boolean) => string | null;
  /** Named parts of a state, asked of a sample of states to say why there are so many. */
  readonly fields?: (state: S) => Iterable<readonly [name: string, value: string]>;
  /** Told every so often how far the search is; returning false stops it. */
  readonly progress?: (p: { readonly states: number; readonly frontier: number }) => boolean;
}

/** One outcome: what was observed on the way and the facts of the final, or a loop without an exit. */
export interface Found {
  /** `cycle`: the run may go round for ever (every cycle is an outcome: nothing makes a host fair) */
  readonly tag: "end" | "cycle";
  /** of a cycle: also under weak fairness, where no action that stays enabled is left out for ever */
  readonly fair: boolean;
  /** empty for a cycle */
  readonly fact: string;
  readonly observed: readonly string[];
  /** how many schedules lead there; null: infinitely many */
  readonly schedules: bigint | null;
  /** under a scheduler that takes every enabled action alike; of a cycle: of never leaving it */
  readonly probability: number;
  /** fewest deviations from the default */
  readonly cost: number;
  /** with that many deviations; of a cycle: into it and once round */
  readonly witness: Schedule;
}

/** A property that some state breaks, with the fewest deviations that lead to any such state. */
export interface Violation<S> {
  readonly property: string;
  readonly state: S;
  readonly cost: number;
  readonly witness: Schedule;
}

/** A part of the state and how many values it had in the sample: the most diverse ones first. */
export interface Diversity {
  readonly field: string;
  readonly values: number;
  readonly sampled: number;
}

export interface Exploration<S> {
  /** the cheapest ones first; none without a graph */
  readonly outcomes: readonly Found[];
  /** what `final` said of the states in which nothing is enabled, each once, sorted */
  readonly facts: readonly string[];
  /** one for each property that is broken somewhere */
  readonly violations: readonly Violation<S>[];
  readonly states: number;
  /** edges of the state graph, executed or not */
  readonly transitions: number;
  /** steps that were executed */
  readonly steps: number;
  readonly coverage: Coverage;
  /**
   * false: there were more outcomes than could be told apart (observations in a loop), or there is
   * no graph
   */
  readonly outcomesComplete: boolean;
  /** the chance that some state was taken for another one; 0 when exact */
  readonly omission: number;
  /** why there are so many states; empty for a search that came to its end, or without `fields` */
  readonly diversity: readonly Diversity[];
}

const defaultProduct = 2_000_000;

/**
 * Visits every state once, as far as the bounds allow, and says what can happen. Neither the result
 * nor the order in which it is given depends on the reductions. Throws an Error if options exclude
 * each other.
 */
export function explore<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S> = {},
): Exploration<S> {
  return report(model, options, search(model, options));
}

/** What a search that was done before says of the model: `explore` is this of a `search`. */
export function report<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S>,
  searched: Searched<S>,
): Exploration<S> {
  const { graph, states, transitions, steps, coverage, facts } = searched;
  const symmetry = options.reduce?.symmetry === true && model.symmetry !== undefined;
  return {
    ...{ states, transitions, steps, coverage, facts },
    ...outcomesOf(model, options, graph, symmetry),
    violations:
      graph === null
        ? searched.broken.map(({ property, picks }) => violation(property, replay(model, picks)))
        : violationsOf(graph, guide(model, graph, symmetry)),
    omission: options.exact === true ? 0 : states ** 2 / 2 ** 65,
    diversity: whySoMany(model, options, searched),
  };
}

function outcomesOf<S, A extends Named>(
  model: Model<S, A>,
  options: ExploreOptions<S>,
  graph: Graph | null,
  symmetry: boolean,
): Pick<Exploration<S>, "outcomes" | "outcomesComplete"> {
  if (graph === null) return { outcomes: [], outcomesComplete: false };
  const most = options.maxProduct ?? defaultProduct;
  const { endings, complete } = endingsOf(graph, most);
  const guided = guide(model, graph, symmetry);
  const outcomes = endings.map(({ picks, ...ending }): Found => {
    const { witness } = guided.go(picks);
    if (!symmetry) return { ...ending, witness };
    // An image of the way may deviate more often or less often than the way itself, and ids are not
    // those of one thread all the way round.
    return { ...ending, witness, cost: witness.length, fair: false };
  });
  return { outcomes, outcomesComplete: complete };
}

/** The cheapest state for each property. */
function violationsOf<S>(graph: Graph, { go }: Guide<S>): readonly Violation<S>[] {
  if (graph.broken.length === 0) return [];
  const broken = new Map(graph.broken.map(({ node, property }) => [node, property]));
  const tree = cheapestTree(graph);
  const first = new Map<string, Violation<S>>();
  for (const node of tree.order) {
    const property = broken.get(node);
    if (property === undefined || first.has(property)) continue;
    first.set(property, violation(property, go(wayTo(tree, node))));
  }
  return [...first.values()];
}

function violation<S>(property: string, { state, witness }: Gone<S>): Violation<S> {
  return { property, state, cost: witness.length, witness };
}

function whySoMany<S, A extends Named>(
  model: Model<S, A>,
  { fields, reduce }: ExploreOptions<S>,
  { graph, sample, coverage }: Searched<S>,
): readonly Diversity[] {
  if (fields === undefined || coverage.tag === "all") return [];
  const isPlain = graph !== null && reduce?.symmetry !== true;
  return diversityOf(isPlain ? sampleOf(model, graph) : sample, fields);
}
