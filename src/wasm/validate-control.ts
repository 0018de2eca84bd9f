// Validates blocks, branches, calls and exceptions. Mirrors spec/14 and the core specification, "Control Instructions".

import type { Catch } from "./decode-instruction.ts";
import { blockType } from "./decode-instruction.ts";
import { sameTypes } from "./link-types.ts";
import type { CoreFuncType, ValueType } from "./module.ts";
import type { Validation } from "./validate-context.ts";
import {
  closeBlock,
  expectOperands,
  known,
  labelTypes,
  openBlock,
  popOperands,
  pushOperands,
  refuse,
  setUnreachable,
  showTypes,
} from "./validate-context.ts";

function typeOfBlock(v: Validation): CoreFuncType {
  const { index } = v.instruction;
  return blockType(v.context.module.types, index) ?? refuse(v, `unknown type ${index}`);
}

export function validateBlock(v: Validation): void {
  openBlock(v, typeOfBlock(v));
}

export function validateIf(v: Validation): void {
  const type = typeOfBlock(v);
  popOperands(v, ["i32"]);
  openBlock(v, type);
}

export function validateElse(v: Validation): void {
  const { params, results } = closeBlock(v);
  pushOperands(v, params);
  openBlock(v, { params, results });
}

export function validateEnd(v: Validation): void {
  const { op, params, results } = closeBlock(v);
  if (op === "if" && !sameTypes(params, results)) {
    const [from, to] = [showTypes(params), showTypes(results)];
    refuse(v, `type mismatch: an if from ${from} to ${to} has no else`);
  }
  pushOperands(v, results);
}

export function validateTryTable(v: Validation): void {
  const type = typeOfBlock(v);
  for (const clause of v.instruction.catches) validateCatch(v, clause);
  openBlock(v, type);
}

/** What a clause catches has to be what its label, outside the block, takes. */
function validateCatch(v: Validation, { kind, tag, label }: Catch): void {
  const values = tag === null ? [] : known(v, v.context.tags, tag, "tag").params;
  const reference = kind === "catch_ref" || kind === "catch_all_ref";
  const caught: ValueType[] = reference ? [...values, "exnref"] : [...values];
  const taken = labelTypes(v, label);
  if (!sameTypes(caught, taken)) {
    refuse(v, `type mismatch: ${kind} brings ${showTypes(caught)} to ${showTypes(taken)}`);
  }
}

export function validateThrow(v: Validation): void {
  popOperands(v, known(v, v.context.tags, v.instruction.index, "tag").params);
  setUnreachable(v);
}

export function validateThrowRef(v: Validation): void {
  popOperands(v, ["exnref"]);
  setUnreachable(v);
}

export function validateBr(v: Validation): void {
  popOperands(v, labelTypes(v, v.instruction.index));
  setUnreachable(v);
}

export function validateBrIf(v: Validation): void {
  popOperands(v, ["i32"]);
  const types = labelTypes(v, v.instruction.index);
  popOperands(v, types);
  pushOperands(v, types);
}

/** All labels take equally many operands, and each those that are there. */
export function validateBrTable(v: Validation): void {
  const { labels } = v.instruction;
  popOperands(v, ["i32"]);
  // many labels of one block, or of one type, cost no more than one
  const taken = new Set(labels.map((label) => labelTypes(v, label)));
  const arity = labelTypes(v, labels.at(-1) ?? 0).length;
  for (const types of taken) {
    if (types.length !== arity) refuse(v, "type mismatch: labels of br_table differ in arity");
    expectOperands(v, types);
  }
  setUnreachable(v);
}

export function validateReturn(v: Validation): void {
  popOperands(v, v.type.results);
  setUnreachable(v);
}

function callee(v: Validation): CoreFuncType {
  return known(v, v.context.funcs, v.instruction.index, "function");
}

/** The type of an indirect call, whose table index is popped. */
function indirectCallee(v: Validation): CoreFuncType {
  const { index, second } = v.instruction;
  const table = known(v, v.context.tables, second, "table");
  if (table.element !== "funcref") {
    refuse(v, `type mismatch: a table of ${table.element} has no functions`);
  }
  const type = known(v, v.context.module.types, index, "type");
  popOperands(v, [table.limits.address]);
  return type;
}

function call(v: Validation, { params, results }: CoreFuncType): void {
  popOperands(v, params);
  pushOperands(v, results);
}

/** The callee returns in place of this function. */
function tailCall(v: Validation, { params, results }: CoreFuncType): void {
  popOperands(v, params);
  if (!sameTypes(results, v.type.results)) {
    const [has, wants] = [showTypes(results), showTypes(v.type.results)];
    refuse(v, `type mismatch: instruction requires ${wants} but the callee returns ${has}`);
  }
  setUnreachable(v);
}

export function validateCall(v: Validation): void {
  call(v, callee(v));
}

export function validateCallIndirect(v: Validation): void {
  call(v, indirectCallee(v));
}

export function validateReturnCall(v: Validation): void {
  tailCall(v, callee(v));
}

export function validateReturnCallIndirect(v: Validation): void {
  tailCall(v, indirectCallee(v));
}
