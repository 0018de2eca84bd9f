// The state of a compiler of one function: blocks, branches and what is written about places. Mirrors spec/14.

import { Limit } from "../scheduler/machine.ts";
import {
  andBranch,
  type CodeStore,
  constantAndBranch,
  type Handler,
  type Loop,
  own,
  withConstant,
} from "./code.ts";
import { type Condition, Output, opposite } from "./compile-output.ts";
import { type Instruction, newInstruction } from "./decode-instruction.ts";
import type { CoreFuncType, MemoryType, ValueType } from "./module.ts";
import type { ModuleInst } from "./program.ts";

/** A block that is open. */
export interface Control {
  tag: "func" | "block" | "loop" | "if" | "else";
  /** of the operands below its parameters */
  readonly height: number;
  readonly type: CoreFuncType;
  /** where a loop begins */
  readonly start: number;
  /** places that want to know where the block ends */
  readonly patches: number[];
  /** the place that wants to know where `else` begins */
  otherwise: number | null;
  /** instructions before the block */
  readonly count: number;
  /** what catches exceptions in it; their `end` is not known yet */
  readonly handlers: readonly Handler[];
}

/** Which registers hold what at the place behind a call. */
type Sites = Map<number, Uint8Array>;

/** Operands that wait for calls in one function, counted for each call. */
export const mostWaiting = 4_000_000;

export class Body {
  readonly store: CodeStore;
  readonly instance: ModuleInst;
  readonly out: Output;
  readonly locals: readonly ValueType[];
  readonly controls: Control[] = [];
  /** The instruction that is compiled. */
  readonly at: Instruction = newInstruction();
  /** Whether control cannot get here. */
  dead = false;
  /** How many blocks began where control cannot get. */
  skipped = 0;
  /** How many instructions there were. */
  count = 0;
  /** Places of the code that hold places of the code. */
  readonly targets: number[] = [];
  readonly handlers: Handler[] = [];
  readonly sites: Sites = new Map();
  /** Loops that are in no other, in order. */
  readonly loops: Loop[] = [];
  #waiting = 0;
  /** Of the memories, by index. */
  readonly memories: readonly MemoryType[];

  constructor(store: CodeStore, instance: ModuleInst, locals: readonly ValueType[]) {
    this.store = store;
    this.instance = instance;
    this.locals = locals;
    this.out = new Output(locals);
    const { imports, memories } = instance.module;
    const imported = imports.flatMap(({ type }) => (type.tag === "memory" ? [type.type] : []));
    this.memories = [...imported, ...memories];
  }

  /** Notes a loop that ends here. */
  endLoop(start: number): void {
    while ((this.loops.at(-1)?.start ?? -1) >= start) this.loops.pop();
    this.loops.push({ start, end: this.out.code.length });
  }

  /** Notes what waits for the call that was just written, under its arguments. */
  wait(below: number): void {
    this.#waiting += below;
    if (this.#waiting > mostWaiting) {
      throw new Limit(`${mostWaiting} operands of one function that wait for calls`);
    }
    this.sites.set(this.out.code.length, this.out.map(below));
  }

  open(tag: Control["tag"], type: CoreFuncType, handlers: readonly Handler[] = []): Control {
    const { out, count } = this;
    const control: Control = {
      tag,
      height: out.height - type.params.length,
      type,
      start: out.label(),
      patches: [],
      otherwise: null,
      count,
      handlers,
    };
    this.controls.push(control);
    return control;
  }

  control(depth: number): Control {
    const control = this.controls[this.controls.length - 1 - depth];
    if (control === undefined) throw new Error("no such label");
    return control;
  }

  /** What a branch to the block takes along. */
  labelTypes({ tag, type }: Control): readonly ValueType[] {
    return tag === "loop" ? type.params : type.results;
  }

  /** The last two words of a branch: where to, and what it costs. */
  target(control: Control): void {
    const { out } = this;
    const place = out.code.length;
    this.targets.push(place);
    if (control.tag === "loop") out.emit(control.start, this.count - control.count);
    else {
      control.patches.push(place);
      out.emit(0, 0);
    }
  }

  jump(control: Control): void {
    this.out.emit(own.jump);
    this.target(control);
  }

  /** The words of a conditional branch before the target. */
  emitTest({ code, a, b }: Condition): void {
    if (code === own.branchIf || code === own.branchUnless) this.out.emit(code, a);
    else if (code < withConstant) this.out.emit(code + andBranch, a, b);
    else this.out.emit(code - withConstant + constantAndBranch, a, b);
  }

  /** A branch forward that is taken if the condition does not hold; the place that wants its target. */
  skipUnless(condition: Condition): number {
    this.emitTest(negated(condition));
    const place = this.out.code.length;
    this.targets.push(place);
    this.out.emit(0, 0);
    return place;
  }

  /** Fills in targets: here. */
  land(places: readonly number[]): void {
    const here = this.out.label();
    for (const place of places) this.out.code[place] = here;
  }

  /** Whether a branch finds what it takes along where the block wants it. */
  isInPlace(control: Control): boolean {
    const { length } = this.labelTypes(control);
    return control.tag !== "func" && (length === 0 || this.out.height - length === control.height);
  }

  /** A branch that is always taken; the operands stay known to the compiler. */
  branch(control: Control): void {
    const { out } = this;
    const { length } = this.labelTypes(control);
    if (control.tag === "func") {
      this.leave(length);
      return;
    }
    for (let i = 0; i < length; i++)
      out.copyTo(out.height - length + i, out.home(control.height + i));
    this.jump(control);
  }

  /** Returns with the uppermost operands. */
  leave(count: number): void {
    const { out } = this;
    if (count > 1) out.settleTop(count);
    for (let i = 0; i < count; i++) out.copyTo(out.height - count + i, 2 * i);
    out.emit(own.return);
  }
}

/** The opposite of a condition. */
function negated({ code, a, b }: Condition): Condition {
  if (code === own.branchIf) return { code: own.branchUnless, a, b };
  if (code === own.branchUnless) return { code: own.branchIf, a, b };
  return { code: opposite(code), a, b };
}
