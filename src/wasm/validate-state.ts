// Validates what reads and writes variables, tables and memories. Mirrors spec/14 and the core specification, "Instructions".

import type { AddressType } from "../model/types.ts";
import type { GlobalType, RefType, TableType } from "./module.ts";
import type { OpName } from "./opcodes.ts";
import type { Operand, Validation } from "./validate-context.ts";
import { known, localType, popAny, popOperands, pushOperands, refuse } from "./validate-context.ts";

export function validateLocalGet(v: Validation): void {
  pushOperands(v, [localType(v, v.instruction.index)]);
}

export function validateLocalSet(v: Validation): void {
  popOperands(v, [localType(v, v.instruction.index)]);
}

export function validateLocalTee(v: Validation): void {
  const types = [localType(v, v.instruction.index)];
  popOperands(v, types);
  pushOperands(v, types);
}

function globalOf(v: Validation): GlobalType {
  return known(v, v.context.globals, v.instruction.index, "global");
}

export function validateGlobalGet(v: Validation): void {
  const { type, mutable } = globalOf(v);
  if (v.constant && mutable) refuse(v, "constant expression required: the global is mutable");
  pushOperands(v, [type]);
}

export function validateGlobalSet(v: Validation): void {
  const { type, mutable } = globalOf(v);
  if (!mutable) refuse(v, `global is immutable: ${v.instruction.index}`);
  popOperands(v, [type]);
}

function tableOf(v: Validation, index: number = v.instruction.index): TableType {
  return known(v, v.context.tables, index, "table");
}

export function validateTableGet(v: Validation): void {
  const { element, limits } = tableOf(v);
  popOperands(v, [limits.address]);
  pushOperands(v, [element]);
}

export function validateTableSet(v: Validation): void {
  const { element, limits } = tableOf(v);
  popOperands(v, [limits.address, element]);
}

export function validateTableSize(v: Validation): void {
  pushOperands(v, [tableOf(v).limits.address]);
}

export function validateTableGrow(v: Validation): void {
  const { element, limits } = tableOf(v);
  popOperands(v, [element, limits.address]);
  pushOperands(v, [limits.address]);
}

export function validateTableFill(v: Validation): void {
  const { element, limits } = tableOf(v);
  popOperands(v, [limits.address, element, limits.address]);
}

/** How much can be copied between two: what both have. */
function smaller(a: AddressType, b: AddressType): AddressType {
  return a === "i32" ? a : b;
}

function sameElements(v: Validation, to: RefType, from: RefType): void {
  if (to !== from) refuse(v, `type mismatch: a table of ${to} takes no ${from}`);
}

/** The destination is the first index. */
export function validateTableCopy(v: Validation): void {
  const to = tableOf(v);
  const from = tableOf(v, v.instruction.second);
  sameElements(v, to.element, from.element);
  const [a, b] = [to.limits.address, from.limits.address];
  popOperands(v, [a, b, smaller(a, b)]);
}

/** The segment is the first index. */
export function validateTableInit(v: Validation): void {
  const to = tableOf(v, v.instruction.second);
  const from = known(v, v.context.module.elements, v.instruction.index, "elem segment");
  sameElements(v, to.element, from.type);
  popOperands(v, [to.limits.address, "i32", "i32"]);
}

export function validateElemDrop(v: Validation): void {
  known(v, v.context.module.elements, v.instruction.index, "elem segment");
}

function addressOf(v: Validation, index: number): AddressType {
  return known(v, v.context.memories, index, "memory").limits.address;
}

/** Pops and pushes what the table of opcodes says for this memory. */
function applyType(v: Validation, address: AddressType): void {
  const { name, type: types } = v.instruction.op;
  const type = types?.[address] ?? refuse(v, `there is no rule for ${name}`);
  popOperands(v, type.params);
  pushOperands(v, type.results);
}

/** An instruction that has no memory, and a type of its own. */
export function validatePlain(v: Validation): void {
  applyType(v, "i32");
}

/** Bytes that an access takes, as a logarithm: its name ends in its bits if they are not those of its type. */
function naturalAlignment(name: OpName): number {
  const bits = /(?:load|store)(\d+)/.exec(name)?.[1] ?? name.slice(1, 3);
  return Math.log2(Number(bits) / 8);
}

export function validateAccess(v: Validation): void {
  const { op, index, align, high } = v.instruction;
  const address = addressOf(v, index);
  if (align > naturalAlignment(op.name)) refuse(v, "alignment must not be larger than natural");
  if (address === "i32" && high !== 0) refuse(v, "offset out of range");
  applyType(v, address);
}

/** An instruction whose first index is its memory. */
export function validateOnMemory(v: Validation): void {
  applyType(v, addressOf(v, v.instruction.index));
}

/** The destination is the first index. */
export function validateMemoryCopy(v: Validation): void {
  const a = addressOf(v, v.instruction.index);
  const b = addressOf(v, v.instruction.second);
  popOperands(v, [a, b, smaller(a, b)]);
}

/** The segment is the first index. */
export function validateMemoryInit(v: Validation): void {
  const address = addressOf(v, v.instruction.second);
  validateDataDrop(v);
  applyType(v, address);
}

export function validateDataDrop(v: Validation): void {
  known(v, v.context.module.datas, v.instruction.index, "data segment");
}

/** A module's `ref.func` in constant expressions declare what those of bodies may name. */
export function validateRefFunc(v: Validation): void {
  const { index } = v.instruction;
  known(v, v.context.funcs, index, "function");
  if (v.constant) v.context.declared.add(index);
  else if (!v.context.declared.has(index)) refuse(v, `undeclared function reference ${index}`);
  pushOperands(v, ["funcref"]);
}

export function validateRefNull(v: Validation): void {
  pushOperands(v, [v.instruction.ref]);
}

function isRef(type: Operand): boolean {
  return type === "funcref" || type === "externref" || type === "exnref" || type === "unknown";
}

export function validateRefIsNull(v: Validation): void {
  const type = popAny(v);
  if (!isRef(type)) refuse(v, `type mismatch: ${type} is no reference`);
  pushOperands(v, ["i32"]);
}

export function validateDrop(v: Validation): void {
  popAny(v);
}

/** Without types `select` takes two numbers of one type. */
export function validateSelect(v: Validation): void {
  popOperands(v, ["i32"]);
  const a = popAny(v);
  const b = popAny(v);
  const type = a === "unknown" ? b : a;
  if ((b !== "unknown" && b !== type) || (type !== "unknown" && isRef(type))) {
    refuse(v, `type mismatch: select takes two numbers of one type, not [${b} ${a}]`);
  }
  pushOperands(v, [type]);
}

export function validateSelectTyped(v: Validation): void {
  const { types } = v.instruction;
  if (types.length !== 1) refuse(v, "invalid result arity");
  popOperands(v, [...types, ...types, "i32"]);
  pushOperands(v, types);
}
