// What became of .wast scripts, as data for programs. Mirrors spec/14.

import { printSchedule } from "../scheduler/model.ts";
import type { ScriptResult } from "../wast/run.ts";
import { tallyOf } from "../wast/tally.ts";
import type { Judged, Scope } from "../wast/verdict.ts";

function scopeJson(scope: Scope): unknown {
  if (scope.tag === "some") return { ...scope, witness: printSchedule(scope.witness) };
  return scope;
}

function judgedJson({ place, what, assertion, verdict, scope }: Judged): unknown {
  return { ...place, what, assertion, verdict, scope: scopeJson(scope) };
}

/** The tally and each command of a script, with lines and columns from 1. */
export function scriptJson(result: ScriptResult): unknown {
  const { file, judged, complete } = result;
  return { file, complete, tally: tallyOf([result]), commands: judged.map(judgedJson) };
}
