// Revisions of the specification as sets of named amendments. Mirrors spec/07.

export type AmendmentName =
  | "CM#687"
  | "CM#705"
  | "CM#707"
  | "CM#708"
  | "CM#715"
  | "sync-cancel"
  | "CM#716"
  | "CM#719"
  | "CM#720"
  | "CM#717"
  | "CM#726";

export interface Amendment {
  /** What it changes, in one sentence. */
  readonly text: string;
  /** Amendments that it builds on. */
  readonly requires: readonly AmendmentName[];
}

/**
 * Each change of meaning between 6d28164 (2026-08-21) and d1daf829 (2026-09-24), in the order in
 * which the upstream repository merged them, with one sentence and what it needs to make sense.
 */
export const amendments: Readonly<Record<AmendmentName, Amendment>> = {
  "CM#687": { text: "Promoting oneself traps.", requires: [] },
  "CM#705": { text: "Reentrance is allowed; a cancel claims its subtask.", requires: [] },
  "CM#707": { text: "A pending cancellation wakes a waiting callback task.", requires: [] },
  "CM#708": { text: "A pending future writer learns that its reader dropped.", requires: [] },
  "CM#715": { text: "Cancelling a subtask in a waitable set traps, async or not.", requires: [] },
  "sync-cancel": {
    text: "A sync subtask.cancel waits for resolution, not for an event.",
    requires: [],
  },
  "CM#716": { text: "The cancellable immediate is gone.", requires: ["CM#707"] },
  "CM#719": {
    text: "Ends point at each other; results are computed at delivery.",
    requires: ["CM#708"],
  },
  "CM#720": { text: "An idle end learns that its peer dropped.", requires: ["CM#719"] },
  "CM#717": { text: "stream.forward and future.forward.", requires: ["CM#719"] },
  "CM#726": {
    text: "A cancel resumes only an implicit thread in its event loop.",
    requires: ["CM#716"],
  },
};

export const amendmentNames: readonly AmendmentName[] = Object.keys(amendments) as AmendmentName[];

/** The supported revisions, oldest first. */
export type RevisionName = "6d28164" | "d1daf829";

export interface Revision {
  /** of the upstream commit, ISO 8601 */
  readonly date: string;
  readonly amendments: readonly AmendmentName[];
}

export const revisions: Readonly<Record<RevisionName, Revision>> = {
  "6d28164": { date: "2026-08-21", amendments: [] },
  d1daf829: { date: "2026-09-24", amendments: amendmentNames },
};

export const defaultRevision: RevisionName = "d1daf829";
