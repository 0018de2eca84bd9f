// What cannot be judged at all. Mirrors spec/15.

/** Which event is wrong, and what could be done about it. */
interface WrongEvent {
  /** the place of the event, 0 for the first after the header */
  readonly index: number;
  readonly hint: string | null;
}

/** The scenario has no traces, or the trace is none of this scenario's; the message says why. */
export class JudgeError extends Error {
  /** the event that no trace of this scenario may hold; null: it is about more than one event */
  readonly event: WrongEvent | null;
  /** what is wrong, without the place */
  readonly problem: string;

  constructor(problem: string, event: WrongEvent | null = null) {
    const hint = event === null || event.hint === null ? "" : ` (${event.hint})`;
    super(event === null ? problem : `event ${event.index + 1}: ${problem}${hint}`);
    this.name = "JudgeError";
    this.event = event;
    this.problem = problem;
  }
}
