// What an exploration says about one object of the WASI host: its end under each outcome.

import type { Json } from "../model/json.ts";
import { profiles } from "../model/profiles.ts";
import type { Profile } from "../model/store.ts";
import type { Allowed } from "../scenario/judge.ts";
import { type Result, systemOf } from "../scenario/verify.ts";
import { replayPolicy } from "../scheduler/run.ts";
import {
  historyJson,
  historyOf,
  historyText,
  namesIn,
  type ObjectHistory,
} from "./alive-history.ts";
import { traceOf } from "./trace.ts";

/** The answers to `--why-alive`. */
export interface Asked {
  readonly name: string;
  /** by outcome, for its witness; one without end has no answer */
  readonly histories: ReadonlyMap<Allowed, readonly ObjectHistory[]>;
  /** the names of all objects that there were */
  readonly known: readonly string[];
}

/** Runs every witness again and asks what became of an object. */
export function ask(results: readonly Result[], profile: Profile["name"], name: string): Asked {
  const histories = new Map<Allowed, readonly ObjectHistory[]>();
  const known = new Set<string>();
  for (const { scenario, revision, outcomes } of results) {
    const system = systemOf(scenario, revision, profiles[profile]);
    for (const allowed of outcomes.filter(({ outcome }) => outcome.end.tag !== "diverges")) {
      const trace = traceOf(system, replayPolicy(allowed.witness).policy);
      histories.set(allowed, historyOf(system, trace, name));
      for (const one of namesIn(system, trace)) known.add(one);
    }
  }
  return { name, histories, known: [...known] };
}

/** Whether any run had an object of that name. */
export function isFound({ histories }: Asked): boolean {
  return [...histories.values()].some((history) => history.length > 0);
}

/** What became of the object under an outcome; nothing if nobody asked. */
export function askedText(asked: Asked | undefined, allowed: Allowed): readonly string[] {
  const history = asked?.histories.get(allowed);
  if (asked === undefined || history === undefined) return [];
  return history.length === 0 ? [`nothing is ever called "${asked.name}"`] : historyText(history);
}

/** The same as JSON: null where the outcome has no end. */
export function askedJson({ histories }: Asked, allowed: Allowed): Json {
  const history = histories.get(allowed);
  return history === undefined ? null : historyJson(history);
}

/** Whether two results say the same of the object, outcome by outcome, but for the numbers of steps. */
export function sameAnswers(asked: Asked | undefined, a: Result, b: Result): boolean {
  const [mine, theirs] = [a, b].map((r) =>
    r.outcomes.map((o) =>
      asked?.histories.get(o)?.map(({ object, sentences }) => [object, sentences]),
    ),
  );
  return JSON.stringify(mine) === JSON.stringify(theirs);
}
