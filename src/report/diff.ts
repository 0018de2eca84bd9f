// What moves between two revisions, as text and as JSON.

import { amendmentNames, amendments } from "../model/amendments.ts";
import type { Json } from "../model/json.ts";
import type { Allowed } from "../scenario/judge.ts";
import type { Move, Moves } from "../scenario/moves.ts";
import { printSchedule } from "../scheduler/model.ts";
import { showOutcome } from "../scheduler/outcome.ts";
import { placeJson, placeText } from "./command.ts";
import { count } from "./explored.ts";
import { type Paint, plain } from "./paint.ts";

/** The moves of a scenario of a file. */
export interface Moved {
  readonly file: string;
  readonly moves: Moves;
}

function outcomeLine(sign: string, { outcome, witness }: Allowed, paint: Paint): string {
  const text = `${sign} ${showOutcome(outcome)}`;
  const painted = sign === "+" ? paint.good(text) : paint.bad(text);
  return `    ${painted}  ${paint.faint(printSchedule(witness))}`;
}

const theSettings = "settings";

function moveLines(move: Move, paint: Paint): readonly string[] {
  const { amendment, applied, disappear, appear } = move;
  const how = applied ? (amendment ?? theSettings) : `taking back ${amendment}`;
  const text = amendment === null ? "" : `: ${amendments[amendment].text}`;
  return [
    `  by ${paint.strong(how)}${text}`,
    ...disappear.map((o) => outcomeLine("-", o, paint)),
    ...appear.map((o) => outcomeLine("+", o, paint)),
  ];
}

/** A scenario whose outcomes move: by which amendment, what disappears (`-`), what appears (`+`). */
export function movedText({ file, moves }: Moved, paint: Paint = plain): readonly string[] {
  const { scenario, complete } = moves;
  const where = paint.faint(placeText({ file, scenario }));
  return [
    `${paint.strong(scenario.title)}  ${where}`,
    ...(complete ? [] : ["  the searches were not complete"]),
    ...moves.moves.flatMap((move) => moveLines(move, paint)),
  ];
}

/** How many scenarios move, and how many each amendment moves. */
export function diffSummary(all: readonly Moved[]): string {
  const moved = all.filter(({ moves }) => moves.moved);
  const by = [...amendmentNames, null].flatMap((name) => {
    const n = moved.filter((m) => m.moves.moves.some((move) => move.amendment === name)).length;
    return n === 0 ? [] : [`${name ?? theSettings}: ${n}`];
  });
  const open = all.filter(({ moves }) => !moves.complete).length;
  const total = count(all.length, "scenario");
  const rest = open === 0 ? "" : `; ${open} not searched to the end`;
  if (moved.length === 0)
    return `${total}; ${open === 0 ? "none moves" : "none known to move"}${rest}`;
  const verb = moved.length === 1 ? "moves" : "move";
  return `${total}; ${moved.length} ${verb} (${by.join(", ")})${rest}`;
}

function sideJson(allowed: readonly Allowed[]): Json {
  return allowed.map(({ outcome, witness }) => {
    return { text: showOutcome(outcome), schedule: printSchedule(witness) };
  });
}

/**
 * One scenario: `file`, `line` (of a component `invoke`: its calls), `id`, `title`, `moved`, `complete`, and `moves` (`amendment`, or null
 * for settings, `applied`, `disappear` and `appear`, each with `text` and `schedule`).
 */
export function movedJson({ file, moves }: Moved): Json {
  const { scenario, moved, complete } = moves;
  return {
    ...placeJson({ file, scenario }),
    id: scenario.id,
    title: scenario.title,
    moved,
    complete,
    moves: moves.moves.map(({ amendment, applied, disappear, appear }) => {
      return { amendment, applied, disappear: sideJson(disappear), appear: sideJson(appear) };
    }),
  };
}
