// What became of a command: held, did not, or could not be decided and why. Mirrors spec/14.

import type { Schedule } from "../scheduler/model.ts";
import type { Place } from "./errors.ts";

/** Who decided: we, or the assembler, for text that it refuses. */
export type Decider = "us" | "assembler";

export type Verdict =
  /** `note`: what somebody may want to know, as that it was refused with other words */
  | { readonly tag: "passed"; readonly by: Decider; readonly note: string | null }
  | {
      readonly tag: "failed";
      readonly expected: string;
      readonly got: string;
      /** the trap code, if there was a trap */
      readonly code: string | null;
      /** where the command is that ended the store, if that was an earlier one */
      readonly cause: Place | null;
    }
  | { readonly tag: "skipped"; readonly reason: string };

/** How an assertion fares over all schedules; `witness` of a schedule under which it fails. */
export type Scope =
  | { readonly tag: "one-schedule" }
  | { readonly tag: "all"; readonly complete: boolean }
  | { readonly tag: "some"; readonly complete: boolean; readonly witness: Schedule };

export interface Scoped {
  readonly verdict: Verdict;
  readonly scope: Scope;
}

/** The verdict on one command; `assertion`: it says what must be, others only have to work. */
export interface Judged extends Scoped {
  readonly place: Place;
  readonly assertion: boolean;
  readonly what: string;
}

export const oneSchedule: Scope = { tag: "one-schedule" };

export const passed: Verdict = { tag: "passed", by: "us", note: null };

export function noted(note: string, by: Decider = "us"): Verdict {
  return { tag: "passed", by, note };
}

export function failed(
  expected: string,
  got: string,
  code: string | null = null,
  cause: Place | null = null,
): Verdict {
  return { tag: "failed", expected, got, code, cause };
}

export function skipped(reason: string): Verdict {
  return { tag: "skipped", reason };
}
