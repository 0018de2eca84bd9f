// Expanding a node: which of its actions are executed, and which sleep or are coins. Mirrors spec/07.

import { AccessSet } from "../access.ts";
import type { Model, Named } from "../model.ts";
import { asleep, coin, Edges } from "./edges.ts";
import type { ExploreOptions } from "./explore.ts";
import { Finds } from "./finds.ts";
import type { Pending } from "./frontier.ts";
import type { Graph } from "./graph.ts";
import { Names, Observations } from "./names.ts";
import { type Nodes, type Order, priceOf } from "./nodes.ts";
import { Sample } from "./sample.ts";
import { asleepAfter, awake, type Sleep, type Sleeper } from "./sleep.ts";

/** One expansion of a node in which some actions may sleep or be coins. */
interface Turn<S> {
  /** null: the node is expanded for the first time; otherwise the ids that have to wake up */
  readonly lost: readonly number[] | null;
  /** whether those that are executed may sleep from here on */
  readonly sleeps: boolean;
  /** numbers of the actions' ids */
  readonly ids: readonly number[];
  /** somebody has to wake up who is not enabled here: it has to wake up further on */
  readonly redo: boolean;
  /** what was executed so far and may put those to sleep that come after it */
  readonly done: Done<S>[];
  /** what the default's step took on its own; null: it was not executed now */
  took: readonly string[] | null;
  /** of an expansion again: a greater number than the last one's */
  readonly round: number;
}

interface Done<S> {
  readonly sleeper: Sleeper;
  readonly next: S;
  /** ids that are enabled after it; null: not asked yet */
  still: readonly (string | undefined)[] | null;
}

/** After so many watched steps at least one of `worth` must have been saved. */
const trial = 4096;
const worth = 16;

export interface Rules {
  readonly sleep: boolean;
  readonly coin: boolean;
  readonly order: Order;
}

/** The first name of a graph whose model has turns: it says so where no other name does. */
const someTurn = "a turn";

export class Expander<S, A extends Named> {
  readonly edges: Edges | null;
  readonly finds: Finds;
  readonly names: Names;
  readonly observations: Observations;
  readonly sample: Sample<S> = new Sample();
  steps = 0;
  transitions = 0;
  /** whether an action was left out because of the bound on deviations */
  cut = false;
  readonly #model: Model<S, A>;
  readonly #options: ExploreOptions<S>;
  readonly #nodes: Nodes<S>;
  readonly #rules: Rules;
  readonly #access: AccessSet = new AccessSet();
  /** whether nothing but the states that come by will say what they are like */
  readonly #samples: boolean;
  #round = 0;
  /** whether some edges are known from another search */
  #goesOn = false;
  /** steps that were watched, and those that were saved by that */
  #executed = 0;
  #slept = 0;

  constructor(model: Model<S, A>, options: ExploreOptions<S>, nodes: Nodes<S>, rules: Rules) {
    this.#model = model;
    this.#options = options;
    this.#nodes = nodes;
    this.#rules = rules;
    this.edges = options.graph === false ? null : new Edges();
    this.finds = new Finds(this.edges !== null);
    this.#samples = this.edges === null || options.reduce?.symmetry === true;
    this.names = new Names(model.turns === true ? [someTurn] : []);
    this.observations = new Observations();
  }

  /** Number of what was observed up to the initial state. */
  get first(): number {
    return this.#label(this.#model.initial);
  }

  /** What a graph knows already, whose nodes have the same numbers. */
  load(graph: Graph): void {
    this.#goesOn = true;
    this.edges?.load(graph);
    for (const name of graph.names) this.names.number(name);
    for (const observed of graph.observations) this.observations.number(observed);
    this.edges?.took.push(...graph.took);
    for (const { node, fact } of graph.finals) {
      this.edges?.open(node, 0);
      this.finds.final(node, fact);
    }
    for (const { node, property } of graph.broken) this.finds.breaks(node, property);
    this.steps = graph.steps;
    this.transitions = graph.targets.reduce((n, target) => (target < 0 ? n : n + 1), 0);
  }

  expand(p: Pending<S>): void {
    const actions = this.#model.enabled(p.state);
    const lost = this.#nodes.takeLost(p.node);
    if (lost === null) this.#meet(p, actions);
    if (lost !== null || this.#isReducible(p, actions)) this.#expandReduced(p, actions, lost);
    else this.#expandPlainly(p, actions);
  }

  /** Executes one action of a state, whatever was thought of it before. */
  execute(p: Pending<S>, pick: number): void {
    const action = this.#model.enabled(p.state)[pick];
    if (action === undefined) throw new Error("a state enables what it enabled before");
    const next = this.#model.step(p.state, action);
    this.#round += 1;
    this.edges?.late.push({ node: p.node, pick, round: this.#round });
    const slept = this.names.number(action.id);
    const { sleeping } = this.#nodes;
    sleeping.put(
      p.node,
      sleeping.of(p.node).filter((id) => id !== slept),
    );
    this.#arrive(next, p, pick, action, awake);
  }

  /** What is looked at when a state is met for the first time. */
  #meet({ node, state }: Pending<S>, actions: readonly A[]): void {
    if (this.#goesOn && this.edges?.has(node)) return;
    const isFinal = actions.length === 0;
    const { final, check, fields } = this.#options;
    if (isFinal) this.finds.final(node, final?.(state) ?? "");
    const property = check?.(state, isFinal) ?? null;
    if (property !== null) this.finds.breaks(node, property);
    if (fields !== undefined && this.#samples) this.sample.offer(state);
    this.edges?.open(node, actions.length);
  }

  #expandPlainly(p: Pending<S>, actions: readonly A[]): void {
    const isWatched = this.#sleeps() && this.names.all.length > 1;
    for (let pick = 0; pick < actions.length; pick++) {
      const action = actions[pick];
      if (action === undefined || !this.#mayGo(p, pick, action)) continue;
      this.transitions += 1;
      const next = isWatched ? this.#watch(p, pick, action) : this.#model.step(p.state, action);
      this.#arrive(next, p, pick, action, awake);
    }
  }

  /** Not beyond the bound, and not known from before. */
  #mayGo(p: Pending<S>, pick: number, action: A): boolean {
    const { maxDeviations } = this.#options;
    if (maxDeviations !== undefined && p.cost + (pick === 0 ? 0 : 1) > maxDeviations) {
      this.cut = true;
      this.edges?.leave(p.node, pick, this.names.number(action.id));
      return false;
    }
    return !this.#goesOn || this.edges === null || this.edges.target(p.node, pick) < 0;
  }

  /** Executes an action and sees what it reads, writes and takes. */
  #watch(p: Pending<S>, pick: number, action: A): S {
    const access = this.#access;
    access.clear();
    const next = this.#model.step(p.state, action, access);
    // Of a step that tells nothing nothing is known.
    if (access.isEmpty()) access.writeAll();
    if (access.took.length > 0) {
      const ids = access.took.map((id) => this.names.number(id));
      this.edges?.took.push({ node: p.node, pick, ids });
    }
    return next;
  }

  #arrive(next: S, p: Pending<S>, pick: number, action: A, sleep: Sleep): void {
    this.steps += 1;
    const cost = p.cost + priceOf(pick, this.#rules.order);
    const node = this.#nodes.arrive(next, p.node, pick, cost, sleep);
    this.edges?.set(p.node, pick, node, this.#label(next), this.names.number(action.id));
  }

  /** What was observed on the step that led to a state. */
  #label(state: S): number {
    const observed = this.#model.observed?.(state);
    return observed === undefined ? 0 : this.observations.number(observed);
  }

  #isReducible(p: Pending<S>, actions: readonly A[]): boolean {
    if (p.sleep.length > 0) return true;
    let ids = 0;
    for (const { id, viaDefault } of actions) {
      if (viaDefault !== undefined && this.#rules.coin) return true;
      if (id !== undefined) ids += 1;
    }
    return ids > 1 && this.#sleeps();
  }

  /** To watch steps takes time: where hardly anybody sleeps nobody is put to sleep any more. */
  #sleeps(): boolean {
    return this.#rules.sleep && (this.#executed < trial || this.#slept * worth > this.#executed);
  }

  #expandReduced(p: Pending<S>, actions: readonly A[], lost: readonly number[] | null): void {
    if (lost !== null) this.#round += 1;
    const ids = actions.map(({ id }) => this.names.number(id));
    const turn: Turn<S> = {
      ...{ ids, lost, done: [], took: null, round: this.#round },
      redo: lost?.some((id) => !ids.includes(id)) ?? false,
      sleeps: this.#sleeps(),
    };
    for (const [pick, action] of actions.entries()) {
      if (lost === null && !this.#mayGo(p, pick, action)) continue;
      if (this.#isCoin(pick, actions, turn)) this.#leaveCoin(p, pick, action, turn);
      else if (this.#isAsleep(p, ids[pick] ?? 0)) this.#leaveAsleep(p, pick, action, turn);
      else if (this.#isDue(ids[pick] ?? 0, turn)) this.#step(p, pick, action, turn);
    }
  }

  /** A default with an id could sleep, so that nothing could be said of what comes after it. */
  #isCoin(pick: number, actions: readonly A[], { lost, took }: Turn<S>): boolean {
    if (!this.#rules.coin || pick === 0 || actions[pick]?.viaDefault === undefined) return false;
    return actions[0]?.id === undefined && (lost !== null || took !== null);
  }

  #leaveCoin(p: Pending<S>, pick: number, action: A, { lost, took }: Turn<S>): void {
    if (lost !== null) return;
    const { id, viaDefault = "" } = action;
    this.transitions += 1;
    this.edges?.set(p.node, pick, coin, 0, this.names.number(id));
    const via = took?.includes(viaDefault) ? 0 : this.names.number(viaDefault);
    this.edges?.coins.push({ node: p.node, pick, via });
  }

  #isAsleep(p: Pending<S>, id: number): boolean {
    return id !== 0 && this.#nodes.sleeping.of(p.node).includes(id);
  }

  #leaveAsleep(p: Pending<S>, pick: number, { id }: A, { lost }: Turn<S>): void {
    if (lost !== null) return;
    this.#slept += 1;
    this.transitions += 1;
    this.edges?.set(p.node, pick, asleep, 0, this.names.number(id));
  }

  /** Of a node that is expanded again only what slept too long, unless all has to be redone. */
  #isDue(id: number, { lost, redo }: Turn<S>): boolean {
    return lost === null || redo || lost.includes(id);
  }

  #step(p: Pending<S>, pick: number, action: A, turn: Turn<S>): void {
    const id = turn.ids[pick] ?? 0;
    if (turn.lost === null) this.transitions += 1;
    else if (turn.lost.includes(id)) {
      this.edges?.late.push({ node: p.node, pick, round: turn.round });
    }
    if (turn.sleeps || p.sleep.length > 0) this.#stepWatched(p, pick, action, turn);
    else {
      // Of a coin it has to be known what its default takes.
      const next = pick === 0 ? this.#watch(p, pick, action) : this.#model.step(p.state, action);
      if (pick === 0) turn.took = [...this.#access.took];
      this.#arrive(next, p, pick, action, awake);
    }
  }

  #stepWatched(p: Pending<S>, pick: number, action: A, turn: Turn<S>): void {
    const id = turn.ids[pick] ?? 0;
    const next = this.#watch(p, pick, action);
    this.#executed += 1;
    const access = this.#access;
    const sleeper: Sleeper = { id, access, observes: this.#label(next) !== 0 };
    if (pick === 0) turn.took = [...access.took];
    const fresh = turn.done.filter((d) => this.#sleepsPast(d, sleeper, action));
    const sleep = [...asleepAfter(p.sleep, sleeper), ...fresh.map((d) => d.sleeper)];
    this.#arrive(next, p, pick, action, sleep);
    const isNew = turn.lost === null || turn.lost.includes(id);
    if (!isNew || id === 0 || !turn.sleeps || pick + 1 === turn.ids.length) return;
    turn.done.push({ sleeper: { ...sleeper, access: access.copy() }, next, still: null });
  }

  /** The other one must be possible after it: to stop where it is not possible conflicts with it. */
  #sleepsPast(done: Done<S>, other: Sleeper, { id }: A): boolean {
    if (id === undefined || asleepAfter([done.sleeper], other).length === 0) return false;
    done.still ??= this.#model.enabled(done.next).map((action) => action.id);
    return done.still.includes(id);
  }
}
