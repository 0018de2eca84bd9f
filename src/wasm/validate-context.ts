// What is known while an expression is validated: types by index, operands and open blocks. Mirrors spec/14 and the core specification, "Contexts" and "Validation Algorithm".

import type { Instruction } from "./decode-instruction.ts";
import { Invalid } from "./invalid.ts";
import { maxOperands } from "./limits.ts";
import type {
  Code,
  CoreFuncType,
  GlobalType,
  MemoryType,
  Module,
  TableType,
  ValueType,
} from "./module.ts";
import type { OpName } from "./opcodes.ts";
import { unsupported } from "./reader.ts";

/** A module with its index spaces. */
export interface ModuleContext {
  readonly module: Module;
  readonly funcs: readonly CoreFuncType[];
  readonly tables: readonly TableType[];
  readonly memories: readonly MemoryType[];
  readonly tags: readonly CoreFuncType[];
  /** Those that an expression may speak of: while globals are validated, those that came before. */
  readonly globals: GlobalType[];
  /** Functions that `ref.func` may name in bodies. */
  readonly declared: Set<number>;
  /** Where each instruction is read to. */
  readonly instruction: Instruction;
}

/** The type of an operand; code that cannot be reached takes any from nothing. */
export type Operand = ValueType | "unknown";

export interface Block {
  readonly op: OpName;
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
  /** How many operands were there before its own. */
  readonly height: number;
  unreachable: boolean;
}

/** An expression that is validated. */
export interface Validation {
  readonly context: ModuleContext;
  readonly code: Code;
  /** Whether only constant instructions are allowed. */
  readonly constant: boolean;
  readonly type: CoreFuncType;
  /** Runs of local variables of one type, by how many there are with those before; without parameters. */
  readonly locals: readonly { readonly end: number; readonly type: ValueType }[];
  /** The stack: the first `depth` of these. */
  readonly operands: Operand[];
  depth: number;
  readonly blocks: Block[];
  /** The one that is validated. */
  readonly instruction: Instruction;
}

/** A validation of `code` that begins without operands, and has to end with the results of `type`. */
export function newValidation(
  start: Pick<Validation, "context" | "code" | "constant" | "type" | "locals">,
): Validation {
  const { results } = start.type;
  const outermost: Block = { op: "block", params: [], results, height: 0, unreachable: false };
  const { instruction } = start.context;
  return { ...start, operands: [], depth: 0, blocks: [outermost], instruction };
}

export function invalid(offset: number | null, message: string): never {
  throw new Invalid("invalid", offset, message);
}

/** Refuses the instruction. */
export function refuse(v: Validation, message: string): never {
  return invalid(v.instruction.offset, message);
}

/** What `index` names among `space`: of the `kind` of things that an "unknown" one is called. */
export function known<T>(v: Validation, space: readonly T[], index: number, kind: string): T {
  return space[index] ?? refuse(v, `unknown ${kind} ${index}`);
}

/** The innermost block. Decoding has made sure that there is one for every instruction. */
function innermost(v: Validation): Block {
  return v.blocks.at(-1) ?? refuse(v, "unexpected end");
}

function fits(actual: Operand | undefined, expected: Operand | undefined): boolean {
  return actual === expected || actual === "unknown" || expected === "unknown";
}

/** Whether the innermost block's operands end with `types`. */
function endsWith(v: Validation, types: readonly Operand[]): boolean {
  const { height, unreachable } = innermost(v);
  const below = v.depth - types.length;
  for (let i = types.length - 1; i >= 0; i--) {
    if (below + i < height) return unreachable;
    if (!fits(v.operands[below + i], types[i])) return false;
  }
  return true;
}

/** Checks that `types` can be popped, but leaves them. */
export function expectOperands(v: Validation, types: readonly Operand[]): void {
  if (!endsWith(v, types)) mismatch(v, types);
}

/** At most the last ten. */
export function showTypes(types: readonly Operand[]): string {
  const more = types.length > 10 ? "... " : "";
  return `[${more}${types.slice(-10).join(" ")}]`;
}

function mismatch(v: Validation, types: readonly Operand[]): never {
  const from = Math.max(innermost(v).height, v.depth - types.length);
  const stack = showTypes(v.operands.slice(from, v.depth));
  refuse(v, `type mismatch: instruction requires ${showTypes(types)} but stack has ${stack}`);
}

export function popOperands(v: Validation, types: readonly Operand[]): void {
  expectOperands(v, types);
  v.depth = Math.max(innermost(v).height, v.depth - types.length);
}

const anyOne: readonly Operand[] = ["unknown"];

/** Pops an operand of whatever type. */
export function popAny(v: Validation): Operand {
  const type = v.depth > innermost(v).height ? v.operands[v.depth - 1] : undefined;
  popOperands(v, anyOne);
  return type ?? "unknown";
}

export function pushOperands(v: Validation, types: readonly Operand[]): void {
  for (const type of types) v.operands[v.depth++] = type;
  if (v.depth > maxOperands) {
    unsupported(v.instruction.offset, `more than ${maxOperands} operands are not supported`);
  }
}

/** What comes after this instruction in its block cannot be reached. */
export function setUnreachable(v: Validation): void {
  const block = innermost(v);
  v.depth = block.height;
  block.unreachable = true;
}

/** Opens a block, whose parameters are popped and become its first operands. */
export function openBlock(v: Validation, { params, results }: CoreFuncType): void {
  popOperands(v, params);
  const op = v.instruction.op.name;
  v.blocks.push({ op, params, results, height: v.depth, unreachable: false });
  pushOperands(v, params);
}

/** Closes the innermost block, whose operands have to be its results. */
export function closeBlock(v: Validation): Block {
  const block = innermost(v);
  popOperands(v, block.results);
  if (v.depth !== block.height) surplus(v, block);
  v.blocks.pop();
  return block;
}

function surplus(v: Validation, { height, results }: Block): never {
  const stack = showTypes([...v.operands.slice(height, v.depth), ...results]);
  refuse(v, `type mismatch: block requires ${showTypes(results)} but stack has ${stack}`);
}

/** What a branch to the label has to bring: a loop begins again, the others end. */
export function labelTypes(v: Validation, label: number): readonly ValueType[] {
  const block = v.blocks[v.blocks.length - 1 - label] ?? refuse(v, `unknown label ${label}`);
  return block.op === "loop" ? block.params : block.results;
}

/** The type of a parameter or a local variable. */
export function localType(v: Validation, index: number): ValueType {
  const { params } = v.type;
  const type = params[index] ?? variableType(v, index - params.length);
  return type ?? refuse(v, `unknown local ${index}`);
}

function variableType({ locals }: Validation, index: number): ValueType | undefined {
  let low = 0;
  let high = locals.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((locals[middle]?.end ?? 0) > index) high = middle;
    else low = middle + 1;
  }
  return locals[low]?.type;
}
