// What became of an object of a WASI host in a run: why it is open at the end, or when it was released.

import type { Json } from "../model/json.ts";
import { readOnly } from "../scheduler/explain.ts";
import type { System } from "../scheduler/machine.ts";
import { aliveNamed, aliveSentences, openIn } from "../wasi/alive.ts";
import { isCalled, type OpenObject } from "../wasi/object-names.ts";
import { whatThereIs } from "./alive-objects.ts";
import type { Trace } from "./trace.ts";

/** An object at the end of a run. */
export interface ObjectHistory {
  readonly object: string;
  /** one sentence for each reason why it is open; empty once it was released */
  readonly sentences: readonly string[];
  /** the step of the trace that released it; null: it is open */
  readonly released: number | null;
}

interface Released {
  readonly object: OpenObject;
  readonly step: number;
}

function releasesIn({ steps }: Trace): readonly Released[] {
  return steps.flatMap(({ n, deeds }) =>
    deeds.flatMap((deed) => (deed.tag === "release" ? [{ object: deed.object, step: n }] : [])),
  );
}

/** The objects of a run that a name stands for; none: nothing was ever called so. */
export function historyOf(system: System, trace: Trace, name: string): readonly ObjectHistory[] {
  const open = aliveNamed(readOnly(system, trace.store), name);
  const released = releasesIn(trace).filter(({ object }) => isCalled(object, name));
  return [
    ...released.map(({ object, step }): ObjectHistory => {
      return { object: object.name, sentences: [], released: step };
    }),
    ...open.map((one): ObjectHistory => {
      return { object: one.object.name, sentences: aliveSentences(one), released: null };
    }),
  ];
}

/** The names of all objects that a run had, each once. */
export function namesIn(system: System, trace: Trace): readonly string[] {
  const released = releasesIn(trace).map(({ object }) => object.name);
  const open = openIn(readOnly(system, trace.store)).map((object) => object.name);
  return [...new Set([...released, ...open])];
}

/** Why there is no answer: `nothing is ever called "b"; there are: file a, inode a`. */
export function neverCalled(name: string, known: readonly string[]): string {
  return `nothing is ever called "${name}"; ${whatThereIs(name, known)}`;
}

/** One line for each reason or release. */
export function historyText(histories: readonly ObjectHistory[]): readonly string[] {
  return histories.flatMap(({ object, sentences, released }) =>
    released === null ? sentences : [`${object} was released in step ${released}`],
  );
}

/** `object`, `reasons` (sentences), `released` (the step, or null). */
export function historyJson(histories: readonly ObjectHistory[]): Json {
  return histories.map(({ object, sentences, released }) => {
    return { object, reasons: [...sentences], released };
  });
}
