// What judging a trace comes to. Mirrors spec/15.

import type { Selection } from "../../scenario/revision.ts";
import type { Schedule } from "../../scheduler/model.ts";
import type { TraceEvent } from "../format/trace.ts";

/** `unknown`: a stated bound was reached before it was decided; never a guess. */
export type JudgeVerdict = "allowed" | "not allowed" | "unknown";

/** An event with its place in the trace, 0 for the first after the header. */
export interface PlacedEvent {
  readonly index: number;
  readonly event: TraceEvent;
}

/** What says that a trace is not allowed. */
export interface Rejection {
  /** the first event that no schedule explains; null: the trace ends where the run has to go on */
  readonly event: PlacedEvent | null;
  /** earlier events that are enough for that, in order: without what any one of them says, it would be allowed */
  readonly context: readonly PlacedEvent[];
  /** false: the search for fewer was cut off, or not made */
  readonly shortest: boolean;
}

/** What a system, under its revision, says about a trace. */
export interface JudgedSystem {
  readonly verdict: JudgeVerdict;
  /** the deepest prefix that some schedule explains, in events */
  readonly explained: number;
  /** of a run that explains that prefix, the whole trace if it is allowed; null: it was not asked for */
  readonly schedule: Schedule | null;
  /** what the revision allows after that prefix, over all schedules that explain it; empty behind the end */
  readonly next: readonly TraceEvent[];
  /** false: there may be more in `next` */
  readonly nextComplete: boolean;
  /** the most states from which runs went on over one event, as far as was searched: 1 if the trace left no doubt */
  readonly ambiguity: number;
  /** steps of the model that were tried */
  readonly steps: number;
  /** null unless the verdict is "not allowed" */
  readonly rejection: Rejection | null;
  /** the bound that was reached; null unless the verdict is "unknown" */
  readonly bound: string | null;
}

/** What one revision says about a trace. */
export interface JudgedUnder extends JudgedSystem {
  readonly revision: Selection;
}

/** Allowed if a revision allows it, not allowed if none does. */
export interface Judgement {
  readonly verdict: JudgeVerdict;
  readonly revisions: readonly JudgedUnder[];
}

export interface JudgeOptions {
  /** default: those that the scenario is searched under */
  readonly revisions?: readonly Selection[];
  /**
   * steps of the model to try since the trace was last explained further than before, for each revision
   * (default 1 000 000)
   */
  readonly maxSteps?: number;
  /** false: no schedule is made, which saves a second run and a byte for each choice (default true) */
  readonly schedule?: boolean;
  /** false: no shortest context is looked for (default true) */
  readonly context?: boolean;
  /** true: of a trace that is allowed and does not end, all that may come next (default false) */
  readonly next?: boolean;
  /** called now and then; true stops the search, and the verdict is then "unknown" */
  readonly progress?: (at: { readonly revision: string; readonly explained: number }) => boolean;
}
