// Random cooperative threads over shared variables: what the machine is like, in small.

import type { AccessSet } from "../../src/scheduler/access.ts";
import type { Encoding } from "../../src/scheduler/encoding/encoding.ts";
import type { Model, Named } from "../../src/scheduler/model.ts";

/** `wait`: goes on when the variable has the value; if it has it already, there is a coin. */
export type Instruction =
  | { readonly op: "set"; readonly to: number; readonly from: number; readonly plus: number }
  | { readonly op: "log"; readonly from: number }
  | { readonly op: "choose"; readonly to: number; readonly values: number }
  | { readonly op: "wait"; readonly on: number; readonly value: number }
  | { readonly op: "yield" }
  | { readonly op: "jump"; readonly if: number; readonly value: number; readonly by: number };

export type Program = readonly (readonly Instruction[])[];

/** Variables count modulo this. */
const modulus = 3;

export interface ThreadsState {
  readonly vars: readonly number[];
  /** index of the next instruction; its length: the thread is over */
  readonly at: readonly number[];
  /** -1: the host's turn */
  readonly running: number;
  readonly log: readonly string[];
}

export type ThreadsAction =
  | (Named & { readonly tag: "resume"; readonly thread: number })
  | (Named & { readonly tag: "pick"; readonly value: number });

/** What a step works on. */
interface Work {
  readonly vars: number[];
  readonly at: number[];
  running: number;
  readonly log: string[];
  readonly access: AccessSet | null;
}

const varKind = 0;
const threadKind = 1;
const mostInstructions = 40;

/** `variables` of them, all 0 at first. Threads run on until they block, choose or are over. */
export function threadsModel(
  program: Program,
  variables: number,
): Model<ThreadsState, ThreadsAction> {
  function instruction(s: { readonly at: readonly number[] }, thread: number): Instruction | null {
    return program[thread]?.[s.at[thread] ?? 0] ?? null;
  }

  function read(w: Work, i: number): number {
    w.access?.read(varKind, i);
    return w.vars[i] ?? 0;
  }

  function isReady(s: ThreadsState | Work, thread: number): boolean {
    const next = instruction(s, thread);
    if (next === null) return false;
    return next.op !== "wait" || s.vars[next.on] === next.value;
  }

  function hostActions(s: ThreadsState | Work): readonly ThreadsAction[] {
    return program.flatMap((_, thread): readonly ThreadsAction[] =>
      isReady(s, thread)
        ? [{ tag: "resume", thread, name: `resume ${thread}`, id: `resume ${thread}` }]
        : [],
    );
  }

  /** The picks of the thread that runs: none where it just goes on. */
  function picks(s: ThreadsState | Work): readonly ThreadsAction[] {
    const thread = s.running;
    const next = instruction(s, thread);
    if (next?.op === "choose") {
      return Array.from({ length: next.values }, (_, value) => ({
        ...{ tag: "pick", value, name: `choose ${value}` },
      }));
    }
    if (next?.op === "yield" || (next?.op === "wait" && s.vars[next.on] === next.value)) {
      const viaDefault = `resume ${thread}`;
      return [
        { tag: "pick", value: 0, name: `block ${thread}` },
        { tag: "pick", value: 1, name: `go-on ${thread}`, viaDefault },
      ];
    }
    return [];
  }

  function enabled(s: ThreadsState): readonly ThreadsAction[] {
    return s.running < 0 ? hostActions(s) : picks(s);
  }

  function advance(w: Work, by: number): void {
    w.access?.write(threadKind, w.running);
    const length = program[w.running]?.length ?? 0;
    const next = (w.at[w.running] ?? 0) + by;
    w.at[w.running] = Math.max(0, Math.min(length, next));
  }

  function pick(w: Work, value: number): void {
    const next = instruction(w, w.running);
    if (next?.op === "choose") {
      w.access?.write(varKind, next.to);
      w.vars[next.to] = value;
      advance(w, 1);
    } else if (value === 1) advance(w, 1);
    else {
      w.access?.write(threadKind, w.running);
      w.running = -1;
    }
  }

  /** A thread that is resumed is past what it waited for. */
  function resume(w: Work, thread: number): void {
    const next = instruction(w, thread);
    if (next?.op === "wait") w.access?.read(varKind, next.on);
    w.running = thread;
    if (next?.op === "wait" || next?.op === "yield") advance(w, 1);
    w.access?.write(threadKind, thread);
  }

  /** One instruction; false: the thread has to choose. */
  function execute(w: Work, next: Instruction): boolean {
    switch (next.op) {
      case "set":
        w.vars[next.to] = (read(w, next.from) + next.plus) % modulus;
        w.access?.write(varKind, next.to);
        break;
      case "log":
        w.log.push(`${w.running}: ${read(w, next.from)}`);
        break;
      case "jump":
        if (read(w, next.if) === next.value) {
          advance(w, next.by);
          return true;
        }
        break;
      case "wait":
        if (read(w, next.on) === next.value) return false;
        w.access?.write(threadKind, w.running);
        w.running = -1;
        return true;
      default:
        return false;
    }
    advance(w, 1);
    return true;
  }

  function runThread(w: Work): boolean {
    for (let n = 0; w.running >= 0; n++) {
      const next = instruction(w, w.running);
      if (next === null || n > mostInstructions) {
        w.access?.write(threadKind, w.running);
        if (n > mostInstructions) w.at[w.running] = program[w.running]?.length ?? 0;
        w.running = -1;
      } else if (!execute(w, next)) return false;
    }
    return true;
  }

  /** Goes on while there is just one thing to do. */
  function settle(w: Work): ThreadsState {
    for (let n = 0; n < mostInstructions && runThread(w); n++) {
      const [only, ...others] = hostActions(w);
      if (only?.tag !== "resume" || others.length > 0) break;
      w.access?.took.push(only.id ?? "");
      resume(w, only.thread);
    }
    const { vars, at, running, log } = w;
    return { vars, at, running, log };
  }

  function step(s: ThreadsState, action: ThreadsAction, access?: AccessSet): ThreadsState {
    const w: Work = {
      ...{ vars: [...s.vars], at: [...s.at], running: s.running, log: [] },
      access: access ?? null,
    };
    if (action.tag === "resume") resume(w, action.thread);
    else pick(w, action.value);
    return settle(w);
  }

  const start: Work = {
    vars: Array.from({ length: variables }, () => 0),
    at: program.map(() => 0),
    running: -1,
    log: [],
    access: null,
  };
  return { initial: settle(start), enabled, step, encode, observed: ({ log }) => log };
}

function encode({ vars, at, running }: ThreadsState, out: Encoding): void {
  for (const n of vars) out.push(n);
  for (const n of at) out.push(n);
  out.push(running);
}

/** A program from a source of random numbers. */
export function randomProgram(next: () => number, variables: number): Program {
  const below = (n: number): number => next() % n;
  const instruction = (): Instruction => {
    const kind = below(12);
    if (kind < 4) {
      return { op: "set", to: below(variables), from: below(variables), plus: below(modulus) };
    }
    if (kind < 5) return { op: "log", from: below(variables) };
    if (kind < 6) return { op: "choose", to: below(variables), values: 2 };
    if (kind < 8) return { op: "wait", on: below(variables), value: below(modulus) };
    if (kind < 11) return { op: "yield" };
    return { op: "jump", if: below(variables), value: below(modulus), by: below(5) - 3 };
  };
  return Array.from({ length: 2 + below(3) }, () =>
    Array.from({ length: 1 + below(5) }, instruction),
  );
}
