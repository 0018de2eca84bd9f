// Where a compiler writes register code and keeps the operands that it has not written yet. Mirrors spec/14.

import { Limit } from "../scheduler/machine.ts";
import { dead, mostCode, own, withConstant, wordsOf } from "./code.ts";
import type { ValueType } from "./module.ts";

/** Where an operand's value is: in its own register, in that of a local, or nowhere, as a constant. */
type Operand =
  | { readonly tag: "home"; readonly type: ValueType }
  | { readonly tag: "local"; readonly type: ValueType; readonly local: number }
  | {
      readonly tag: "const";
      readonly type: ValueType;
      readonly low: number;
      readonly high: number;
    };

/** A condition that was not written: the number and words of a comparison; or a register. */
export interface Condition {
  readonly code: number;
  readonly a: number;
  readonly b: number;
}

/** Comparisons of i32 by their number, each with its opposite. */
const opposites: ReadonlyMap<number, number> = new Map(
  [
    [0x46, 0x47],
    [0x48, 0x4e],
    [0x49, 0x4f],
    [0x4a, 0x4c],
    [0x4b, 0x4d],
  ].flatMap(([a = 0, b = 0]) => [
    [a, b],
    [b, a],
    [a + withConstant, b + withConstant],
    [b + withConstant, a + withConstant],
  ]),
);

export function opposite(comparison: number): number {
  return opposites.get(comparison) ?? comparison;
}

/** Where the last instruction begins is not known, or it has no result, or a branch may lead behind it. */
const none = -1;

/** Operands that compiling one function looks through for a local, one after the other. */
export const mostLooks = 100_000_000;

export class Output {
  readonly code: number[] = [];
  readonly #stack: Operand[] = [];
  readonly #locals: readonly ValueType[];
  /** How many operands stand for each local. */
  readonly #uses: Int32Array;
  /** Where each local is read for the last time so far. */
  readonly reads: Int32Array;
  /** Below this height all operands are in their own registers. */
  #settled = 0;
  #looks = 0;
  /** The last instruction, while its result is an operand's own register. */
  #last: number = none;
  /** Most registers that are used at a time. */
  most = 0;

  constructor(locals: readonly ValueType[]) {
    this.#locals = locals;
    this.#uses = new Int32Array(locals.length);
    this.reads = new Int32Array(locals.length).fill(none);
    this.most = locals.length;
  }

  get height(): number {
    return this.#stack.length;
  }

  /** The register of the operand at a height. */
  home(height: number): number {
    return 2 * (this.#locals.length + height);
  }

  /** The place that comes next, to which a branch may lead. */
  label(): number {
    this.#last = none;
    return this.code.length;
  }

  /** Writes an instruction without a result. */
  emit(...words: readonly number[]): void {
    this.#last = none;
    if (this.code.length > mostCode) throw new Limit(`${mostCode} words of code of one function`);
    for (const word of words) this.code.push(word);
  }

  /** Writes an instruction whose result, its first register, is a new operand. */
  emitTo(type: ValueType, code: number, ...words: readonly number[]): void {
    const at = this.code.length;
    this.emit(code, this.home(this.height), ...words);
    this.push(type);
    this.#last = at;
  }

  /** An operand that is in its own register. */
  push(type: ValueType): void {
    this.#add({ tag: "home", type });
  }

  pushLocal(local: number): void {
    const type = this.#locals[local] ?? "i32";
    this.#uses[local] = (this.#uses[local] ?? 0) + 1;
    this.#add({ tag: "local", type, local });
  }

  pushConst(type: ValueType, low: number, high: number): void {
    this.#add({ tag: "const", type, low, high });
  }

  #add(operand: Operand): void {
    this.#stack.push(operand);
    this.most = Math.max(this.most, this.#locals.length + this.#stack.length);
  }

  #at(height: number): Operand {
    const operand = this.#stack[height];
    if (operand === undefined) throw new Error("the operand stack is too low");
    return operand;
  }

  /** The type of an operand, 0 the uppermost. */
  typeOf(below: number): ValueType {
    return this.#at(this.height - 1 - below).type;
  }

  /** The uppermost operand, if it is a constant. */
  constant(): { readonly low: number; readonly high: number } | null {
    const top = this.#at(this.height - 1);
    return top.tag === "const" ? top : null;
  }

  /** Takes an operand off and gives the register that holds it. */
  pop(): number {
    const height = this.height - 1;
    if (this.#at(height).tag === "const") this.settle(height);
    const top = this.#at(height);
    this.drop();
    return top.tag === "local" ? this.#read(top.local) : this.home(height);
  }

  /** The register of a local, which the next instruction reads. */
  #read(local: number): number {
    this.reads[local] = this.code.length;
    return 2 * local;
  }

  drop(): void {
    const top = this.#stack.pop();
    if (top?.tag === "local") this.#uses[top.local] = (this.#uses[top.local] ?? 0) - 1;
    this.#settled = Math.min(this.#settled, this.height);
  }

  /** Puts the operand at a height into its own register. */
  settle(height: number): void {
    const operand = this.#at(height);
    if (operand.tag === "home") return;
    this.copyTo(height, this.home(height));
    if (operand.tag === "local") this.#uses[operand.local] = (this.#uses[operand.local] ?? 0) - 1;
    this.#stack[height] = { tag: "home", type: operand.type };
  }

  /** Puts the uppermost `count` operands into their own registers. */
  settleTop(count: number): void {
    const from = this.height - count;
    for (let i = Math.max(from, this.#settled); i < this.height; i++) this.settle(i);
    if (from <= this.#settled) this.#settled = this.height;
  }

  /** Puts all that stand for a local into their own registers, before it is written. */
  #settleLocal(local: number): void {
    for (let i = this.height - 1; i >= this.#settled && (this.#uses[local] ?? 0) > 0; i--) {
      this.#looks += 1;
      if (this.#looks > mostLooks) throw new Limit(`${mostLooks} operands looked through`);
      const operand = this.#at(i);
      if (operand.tag === "local" && operand.local === local) this.settle(i);
    }
  }

  /** Whether the last instruction made the uppermost operand. */
  #isFresh(): boolean {
    if (this.#last === none || this.#at(this.height - 1).tag !== "home") return false;
    return this.code[this.#last + 1] === this.home(this.height - 1);
  }

  /** Copies the operand at a height into a register. */
  copyTo(height: number, d: number): void {
    const operand = this.#at(height);
    const two = wordsOf(operand.type) === 2;
    const from = operand.tag === "local" ? this.#read(operand.local) : this.home(height);
    if (operand.tag === "const") {
      if (two) this.emit(own.const2, d, operand.low, operand.high);
      else this.emit(own.const1, d, operand.low);
    } else if (from !== d) this.emit(two ? own.move2 : own.move1, d, from);
  }

  /** Says that the uppermost operand, taken as its low words, is of another type. */
  retype(type: ValueType): void {
    const home = this.#at(this.height - 1).tag === "home";
    const from = this.pop();
    if (home) this.push(type);
    else this.emitTo(type, wordsOf(type) === 2 ? own.move2 : own.move1, from);
  }

  /** Pops an operand into a local: the instruction that made it writes there, if it was the last. */
  setLocal(local: number): void {
    const top = this.#at(this.height - 1);
    const isItself = top.tag === "local" && top.local === local;
    if (this.#isFresh() && (this.#uses[local] ?? 0) === 0) {
      this.code[this.#last + 1] = 2 * local;
      this.#last = none;
    } else if (!isItself) {
      this.#settleLocal(local);
      this.copyTo(this.height - 1, 2 * local);
    }
    this.drop();
  }

  /** Pops a condition; takes a comparison back that was just written for it. */
  condition(): Condition {
    const at = this.#last;
    const code = this.code[at] ?? 0;
    if (!this.#isFresh() || !opposites.has(code))
      return { code: own.branchIf, a: this.pop(), b: 0 };
    const [, , a = 0, b = 0] = this.code.splice(at);
    this.label();
    this.drop();
    return { code, a, b };
  }

  /** Turns the comparison that was just written into its opposite, if there is one. */
  negate(): boolean {
    const code = this.code[this.#last] ?? 0;
    if (!this.#isFresh() || !opposites.has(code)) return false;
    this.code[this.#last] = opposite(code);
    return true;
  }

  /** Takes operands off down to a height. */
  cut(height: number): void {
    while (this.height > height) this.drop();
  }

  /** What each operand holds that lies below a height: what is no register's own is dead. */
  map(height: number): Uint8Array {
    return Uint8Array.from({ length: height }, (_, i) => {
      const operand = this.#at(i);
      return operand.tag === "home" ? wordsOf(operand.type) : dead;
    });
  }
}
