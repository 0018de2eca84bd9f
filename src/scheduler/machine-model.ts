// The machine as a model for the explorer: steps on one token, states without a history. Mirrors spec/07.

import { type Ctx, context } from "../canon/machine.ts";
import { editStore, type Token } from "../model/edit.ts";
import type { Store } from "../model/store.ts";
import type { AccessSet } from "./access.ts";
import { rootSymmetry } from "./encoding/root-symmetry.ts";
import { storeEncoder } from "./encoding/store.ts";
import {
  type Action,
  alone,
  enabledIn,
  hostActions,
  macrostep,
  nothing,
  type Settling,
  type System,
  settle,
  stepIn,
} from "./machine.ts";
import type { Model } from "./model.ts";
import { Observer } from "./observer.ts";

const noLog: readonly string[] = [];

/** Steps of one system, one after the other on one token; stores carry no log from step to step. */
class Stepper {
  readonly #edit: Token;
  readonly #c: Ctx;
  readonly #observer: Observer;
  readonly #quiet: Settling;
  /** The store that the last step led to, and what is enabled there. */
  #last: Store | null = null;
  #actions: readonly Action[] = nothing;

  constructor(system: System) {
    this.#edit = editStore(system.initial);
    this.#c = context(system, this.#edit);
    const observer = new Observer(this.#edit);
    this.#observer = observer;
    this.#quiet = {
      ...alone,
      host: (c) => observer.quietly(() => hostActions(c)),
      take: ({ id }) => observer.take(id),
    };
  }

  enabled(store: Store): readonly Action[] {
    if (store === this.#last) return this.#actions;
    this.#edit.load(store);
    return enabledIn(this.#c);
  }

  step(store: Store, action: Action, macro: boolean, access: AccessSet | null): Store {
    const edit = this.#edit;
    edit.load(store);
    edit.globals.log = noLog;
    if (access !== null) this.#observer.begin(access);
    stepIn(this.#c, action, null);
    const actions = macro ? settle(this.#c, access === null ? alone : this.#quiet) : null;
    if (access !== null) this.#observer.end(store);
    const after = edit.done();
    this.#last = actions === null ? null : after;
    this.#actions = actions ?? nothing;
    return after;
  }
}

/** Which states of a system are visited, and which of them count as one. None changes an outcome. */
export interface ModelReductions {
  /** states stand at choice points only; otherwise every microstep is one (default true) */
  readonly macrosteps: boolean;
  /** data that will not be read again does not count (default true) */
  readonly dead: boolean;
  /** offer the symmetry that the system declares (default false) */
  readonly symmetry: boolean;
}

/** The system as a `Model` whose states carry no history. Throws `SymmetryError`. */
export function machineModel(
  system: System,
  { macrosteps = true, dead = true, symmetry = false }: Partial<ModelReductions> = {},
): Model<Store, Action> {
  const encoder = storeEncoder(system, { dead });
  const roots = symmetry ? rootSymmetry(system) : null;
  const stepper = new Stepper(system);
  return {
    turns: true,
    initial: macrosteps ? macrostep(system, system.initial, null) : system.initial,
    enabled: (store) => stepper.enabled(store),
    step: (store, action, access) => stepper.step(store, action, macrosteps, access ?? null),
    observed: (store) => store.log,
    encode: (store, out) => encoder.encode(store, out),
    ...(roots === null
      ? {}
      : {
          symmetry: {
            size: roots.size,
            encode: (store, k, out) => encoder.encode(store, out, roots.permutation(k)),
          },
        }),
  };
}
