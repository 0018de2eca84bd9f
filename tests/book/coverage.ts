// What the scenarios of the book exercise: the rules that fire and the trap codes that are reached.

import { trapCodes } from "../../src/canon/traps.ts";
import type { Store } from "../../src/model/store.ts";
import { revisionsOf, systemOf } from "../../src/scenario/verify.ts";
import { storeEncoder } from "../../src/scheduler/encoding/store.ts";
import { explore } from "../../src/scheduler/explore/explore.ts";
import {
  type Action,
  enabled,
  macrostep,
  type System,
  type Watch,
} from "../../src/scheduler/machine.ts";
import type { Model } from "../../src/scheduler/model.ts";
import type { Entry } from "./files.ts";

export interface Coverage {
  /** label of a rule -> the first scenario in which it fires */
  readonly rules: ReadonlyMap<string, string>;
  /** trap code -> the first scenario that reaches it */
  readonly traps: ReadonlyMap<string, string>;
}

/** The machine as a model that tells of every microstep. */
function watchedModel(system: System, watch: Watch): Model<Store, Action> {
  const encoder = storeEncoder(system, { dead: true });
  return {
    initial: macrostep(system, system.initial, null, watch),
    enabled: (store) => enabled(system, store),
    step: (store, action) => macrostep(system, store, action, watch),
    encode: (store, out) => encoder.encode(store, out),
  };
}

/** States of one exploration that are looked at: the book's scenarios are much smaller. */
const maxStates = 200_000;

/** Every step is taken, so that every rule that can fire is seen to. */
const reduce = { sleep: false, coin: false };

const trapOf = ({ ending }: Store): string => (ending?.tag === "trap" ? ending.code : "");

/** Explores every scenario once for each of its revisions. */
export function coverageOf(entries: readonly Entry[]): Coverage {
  const rules = new Map<string, string>();
  const traps = new Map<string, string>();
  for (const { file, scenario } of entries) {
    const place = `${file}:${scenario.pos.line}`;
    const watch: Watch = ({ rule }) => {
      if (!rules.has(rule)) rules.set(rule, place);
    };
    for (const revision of revisionsOf(scenario)) {
      const model = watchedModel(systemOf(scenario, revision), watch);
      const { outcomes } = explore(model, { maxStates, reduce, final: trapOf });
      for (const { fact } of outcomes) {
        if (fact !== "" && !traps.has(fact)) traps.set(fact, place);
      }
    }
  }
  return { rules, traps };
}

/** Codes that are reached and that no table lists: each one is a mistake in `src/model/traps.ts`. */
export function unknownTraps({ traps }: Coverage): readonly string[] {
  return [...traps.keys()].filter((code) => !trapCodes.has(code));
}
