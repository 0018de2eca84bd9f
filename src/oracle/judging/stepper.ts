// Steps of an observed system on one token, each up to the next choice. Mirrors spec/15.

import { type Ctx, context } from "../../canon/machine.ts";
import { editStore, type Token } from "../../model/edit.ts";
import type { Ending, Store } from "../../model/store.ts";
import {
  type Action,
  enabledIn,
  hostActions,
  isOutside,
  macrostepBound,
  nothing,
  type Settling,
  type System,
  settle,
  stepIn,
} from "../../scheduler/machine.ts";
import { boundText } from "../../scheduler/model.ts";

/** Where a run stands: what was done, and what comes next, mostly to choose from; nothing at its end. */
export interface Stand {
  readonly store: Store;
  readonly actions: readonly Action[];
}

const noLog: readonly string[] = [];

/** Who looks on. */
interface Onlooking {
  /** told when nothing of the model can go on; `outside`: something that is no part of it may */
  atRest(c: Ctx, outside: boolean): void;
  /** how many events the run has explained: as long as there are more, it does not run for nothing */
  explained(): number;
}

export class Stepper {
  readonly #initial: Store;
  readonly #edit: Token;
  readonly #c: Ctx;
  readonly #settling: Settling;
  readonly #explained: () => number;

  constructor(system: System, { atRest, explained }: Onlooking) {
    this.#initial = system.initial;
    this.#edit = editStore(system.initial);
    this.#c = context(system, this.#edit);
    this.#explained = explained;
    this.#settling = { bound: portion, watch: null, host: (c) => turn(c, atRest) };
  }

  begin(): Stand {
    this.#edit.load(this.#initial);
    return this.#settle();
  }

  /** Takes one of `actions`. What an onlooker throws comes through, and harms nothing. */
  step(store: Store, action: Action): Stand {
    this.#edit.load(store);
    this.#edit.globals.log = noLog;
    stepIn(this.#c, action, null);
    return this.#settle();
  }

  #settle(): Stand {
    const actions = this.#next();
    return { store: this.#edit.done(), actions };
  }

  /** A run without a choice makes halts as it goes on explaining events, so that these can be forgotten. */
  #next(): readonly Action[] {
    const { globals } = this.#edit;
    const before = this.#explained();
    for (let done = 0; done < macrostepBound; done += portion) {
      const actions = settle(this.#c, this.#settling);
      if (!isAtBound(globals.ending)) return actions;
      globals.ending = null;
      if (this.#explained() > before) return this.#only();
    }
    globals.ending = { tag: "limit", bound: boundText(macrostepBound) };
    return nothing;
  }

  /** What comes next where nobody has looked for a choice. */
  #only(): readonly Action[] {
    return this.#edit.running === null ? this.#settling.host(this.#c) : enabledIn(this.#c);
  }
}

/** Microsteps at a time. */
const portion = 10_000;

function isAtBound(ending: Ending | null): boolean {
  return ending?.tag === "limit" && ending.bound === boundText(portion);
}

function turn(c: Ctx, atRest: Onlooking["atRest"]): readonly Action[] {
  const actions = hostActions(c);
  if (actions.every((action) => isOutside(c, action))) atRest(c, actions.length > 0);
  return actions;
}
