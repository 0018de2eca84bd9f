// The bridge once more, on real promises and microtasks, so that Node's event loop says what is true.

import type {
  Act,
  BridgeProgram,
  Settled,
  TaskAct,
  TickSize,
} from "../../src/history/promises/program.ts";
import { nothing, show } from "../../src/history/promises/program.ts";

interface Deferred {
  readonly promise: Promise<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

function deferred(): Deferred {
  let resolve: Deferred["resolve"] = () => {};
  let reject: Deferred["reject"] = () => {};
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // so that nobody hears of rejections that no script handles
  promise.catch(() => {});
  return { promise, resolve, reject };
}

/** A future of a promise: both callbacks are attached when it is made. */
export class JsFuture {
  outcome: Settled | null = null;
  waker: Task | null = null;
  given = false;

  constructor(promise: Promise<unknown>) {
    const settled = (ok: boolean) => (value: unknown) => {
      this.outcome = { ok, value: numberOf(value) };
      const { waker } = this;
      this.waker = null;
      waker?.wake();
    };
    promise.then(settled(true), settled(false));
  }
}

/** The error of a promise that was resolved with itself has no number. */
const numberOf = (value: unknown): number => (typeof value === "number" ? value : -1);

class Task {
  readonly #bridge: Bridge;
  readonly #script: Iterator<"pending", void>;
  queued = false;
  over = false;
  got: Settled | null = null;
  promise: Deferred | null = null;

  constructor(bridge: Bridge, number: number, script: readonly TaskAct[]) {
    this.#bridge = bridge;
    this.#script = bridge.runs(this, number, script);
  }

  wake(): void {
    if (this.queued) return;
    this.queued = true;
    this.#bridge.push(this);
  }

  run(): void {
    if (this.over) return;
    this.queued = false;
    this.#script.next();
  }
}

class Bridge {
  readonly log: string[] = [];
  readonly #size: TickSize;
  readonly #queue: Task[] = [];
  #scheduled = false;
  readonly #promises: readonly Deferred[];
  readonly #futures: JsFuture[] = [];
  readonly #tasks: readonly Task[];

  constructor(program: BridgeProgram, size: TickSize) {
    this.#size = size;
    this.#promises = Array.from({ length: program.promises }, deferred);
    this.#tasks = program.tasks.map((script, i) => new Task(this, i, script));
  }

  push(task: Task): void {
    this.#queue.push(task);
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => this.#tick());
  }

  #tick(): void {
    try {
      if (this.#size === "drain") {
        for (let task = this.#queue.shift(); task; task = this.#queue.shift()) task.run();
        this.#scheduled = false;
      } else {
        this.#scheduled = false;
        for (let n = this.#queue.length; n > 0; n--) this.#queue.shift()?.run();
      }
    } catch (error) {
      // what would be an exception out of the microtask
      this.log.push((error as Error).message);
    }
  }

  act(one: Act): void {
    switch (one.do) {
      case "log":
        this.log.push(one.text);
        return;
      case "from":
        this.#futures[one.future] ??= new JsFuture(this.#promises[one.promise]!.promise);
        return;
      case "drop": {
        const future = this.#futures[one.future];
        if (future !== undefined) future.waker = null;
        return;
      }
      case "spawn":
        this.#tasks[one.task]!.wake();
        return;
      case "promise":
        this.#tasks[one.task]!.promise = this.#promises[one.promise]!;
        this.#tasks[one.task]!.wake();
        return;
      case "settle":
        settle(this.#promises[one.promise]!, one.with);
        return;
      case "adopt":
        this.#promises[one.promise]!.resolve(this.#promises[one.other]!.promise);
        return;
      case "then":
        this.#then(one.promise, one.text);
        return;
      case "microtask":
        queueMicrotask(() => this.log.push(one.text));
    }
  }

  #then(promise: number, text: string): void {
    const said = (ok: boolean) => (value: unknown) => {
      this.log.push(`${text} ${show({ ok, value: numberOf(value) })}`);
    };
    this.#promises[promise]!.promise.then(said(true), said(false));
  }

  *runs(task: Task, number: number, script: readonly TaskAct[]): Generator<"pending", void> {
    for (const one of script) {
      if (one.do === "await") {
        yield* this.#awaits(task, one.future);
        this.log.push(`task ${number} got ${show(task.got ?? nothing)}`);
      } else if (one.do === "yield") {
        task.wake();
        yield "pending";
      } else if (one.do === "panic") {
        task.over = true;
        throw new Error(`task ${number} panics`);
      } else if (one.do === "end") return ended(task, one.with);
      else this.act(one);
    }
    ended(task, null);
  }

  /** A future that was not made yet is one that nobody settles, until somebody makes it. */
  *#awaits(task: Task, number: number): Generator<"pending", void> {
    for (;;) {
      const future = this.#futures[number];
      if (future !== undefined && future.outcome !== null && !future.given) {
        future.given = true;
        task.got = future.outcome;
        return;
      }
      if (future !== undefined) future.waker = task;
      yield "pending";
    }
  }
}

function settle({ resolve, reject }: Deferred, { ok, value }: Settled): void {
  if (ok) resolve(value);
  else reject(value);
}

function ended(task: Task, how: Settled | null): void {
  task.over = true;
  if (task.promise !== null) settle(task.promise, how ?? task.got ?? nothing);
}

/** All microtasks there are run before this is over. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What a program logs in Node, with its events in this order. */
export async function logInNode(
  program: BridgeProgram,
  size: TickSize,
  order: readonly number[],
): Promise<readonly string[]> {
  const bridge = new Bridge(program, size);
  for (const act of program.main) bridge.act(act);
  await turn();
  for (const n of order) {
    for (const act of program.events[n] ?? []) bridge.act(act);
    await turn();
  }
  return bridge.log;
}
