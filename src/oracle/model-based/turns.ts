// Threads of JavaScript that take turns: one runs, until it blocks or is over. Mirrors spec/15.

/** Says who of those that may go on does so: one of the names. */
export type Choose = (ready: readonly string[]) => string | Promise<string>;

/** The default: who began first. */
export const firstReady: Choose = ([first = ""]) => first;

interface Strand {
  readonly name: string;
  ready: () => boolean;
  /** Gives it the turn; null while it has it, or waits for a promise that is nothing of ours. */
  resume: (() => void) | null;
  /** that promise is settled, and somebody else had the turn: it comes before all others */
  urgent: boolean;
  over: boolean;
}

/** Turns of the microtask queue that a thread has to block in a way that we know of. */
const patience = 100;

const always = (): boolean => true;

/** The threads of one run. */
export class Turns {
  readonly #strands: Strand[] = [];
  #current: Strand | null = null;
  #failed: { readonly error: unknown } | null = null;
  #stopped = false;

  /** A thread that runs `body`; names are unique among those that are not over. */
  add(name: string, body: () => Promise<void>): void {
    const strand: Strand = { name, ready: always, resume: null, urgent: false, over: false };
    strand.resume = () => {
      body()
        .catch((error: unknown) => {
          this.#failed ??= { error };
        })
        .finally(() => {
          strand.over = true;
        });
    };
    this.#strands.push(strand);
  }

  /** The threads that are not over. */
  get left(): readonly string[] {
    return this.#strands.filter(({ over }) => !over).map(({ name }) => name);
  }

  /** No thread gets another turn. */
  stop(): void {
    this.#stopped = true;
  }

  /** Blocks the thread that runs until the condition holds and it gets the turn. */
  until(ready: () => boolean): Promise<void> {
    return this.#park(this.#running(), ready, false);
  }

  /** Waits for a promise that is nothing of ours; whoever has the turn then goes on first. */
  async foreign<T>(promise: PromiseLike<T>): Promise<T> {
    const strand = this.#running();
    const settled = await Promise.allSettled([promise]);
    if (this.#current !== strand) await this.#park(strand, always, true);
    const [result] = settled;
    if (result.status === "rejected") throw result.reason;
    return result.value;
  }

  /** Runs them until nothing can go on. Rejects with what a thread has thrown. */
  async run(choose: Choose, settle: () => Promise<void>): Promise<void> {
    while (!this.#stopped) {
      const ready = this.#ready();
      if (ready.length === 0) return;
      const name = ready[0]?.urgent === true ? ready[0].name : await choose(namesOf(ready));
      const next = ready.find((strand) => strand.name === name);
      if (next !== undefined) await this.#go(next, settle);
      if (this.#failed !== null) throw this.#failed.error;
    }
  }

  #running(): Strand {
    if (this.#current !== null) return this.#current;
    throw new Error("no thread of the program has the turn");
  }

  #park(strand: Strand, ready: () => boolean, urgent: boolean): Promise<void> {
    return new Promise((resolve) => {
      Object.assign(strand, { ready, urgent, resume: resolve });
    });
  }

  /** One that is urgent, or all that are ready. */
  #ready(): readonly Strand[] {
    const parked = this.#strands.filter(({ resume, over }) => resume !== null && !over);
    const urgent = parked.find((strand) => strand.urgent);
    return urgent === undefined ? parked.filter(({ ready }) => ready()) : [urgent];
  }

  async #go(strand: Strand, settle: () => Promise<void>): Promise<void> {
    const { resume } = strand;
    this.#current = strand;
    Object.assign(strand, { resume: null, urgent: false });
    resume?.();
    await this.#handedOver(strand);
    if (!isParked(strand)) {
      await settle();
      await this.#handedOver(strand);
    }
    this.#current = null;
  }

  async #handedOver(strand: Strand): Promise<void> {
    for (let n = 0; n < patience && !isParked(strand); n++) await null;
  }
}

function isParked({ resume, over }: Strand): boolean {
  return over || resume !== null;
}

function namesOf(strands: readonly Strand[]): readonly string[] {
  return strands.map(({ name }) => name);
}
