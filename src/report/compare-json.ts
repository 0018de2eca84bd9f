// Engines beside the model as JSON with a stable order of fields.

import type { Json } from "../model/json.ts";
import type { Comparison, Row } from "../oracle/outcomes/compare.ts";

function rowJson({ standing, log, end, model, engines }: Row): Json {
  return {
    standing,
    log,
    end,
    model:
      model === null
        ? null
        : {
            cost: model.cost,
            schedules: model.schedules === null ? null : String(model.schedules),
            probability: model.probability,
            schedule: model.schedule,
          },
    engines: engines.map((seen) => ({ ...seen })),
  };
}

/**
 * `verdict` (`allowed`, `not allowed`, `unknown`), `title`, `revision`, `cutOff` (why the model may have more
 * outcomes, or null), `engines` (`name`, how many `runs`, of which `cutOff`), and `rows`: `standing` (`not
 * allowed`, `unknown`, `never seen`, `seen`), `log`, `end`, what the `model` says (`cost`, `schedules`: a decimal
 * text or null for infinitely many, `probability`, `schedule`; null: nothing), and for each of the `engines` how
 * often it was seen, for `sure` and `maybe`.
 */
export function comparedJson({ model, engines, rows, cutOff, verdict }: Comparison): Json {
  return {
    verdict,
    title: model.title,
    revision: model.revision,
    cutOff: model.cutOff,
    engines: engines.map(({ name, runs }, i) => ({
      name,
      runs: runs.reduce((sum, run) => sum + run.count, 0),
      cutOff: cutOff[i] ?? 0,
    })),
    rows: rows.map(rowJson),
  };
}
