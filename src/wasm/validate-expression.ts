// Validates an expression, instruction by instruction. Mirrors spec/14 and the core specification, "Validation Algorithm".

import { readInstruction } from "./decode-instruction.ts";
import type { Body, Code, CoreFuncType, ValueType } from "./module.ts";
import type { OpName } from "./opcodes.ts";
import { newReader } from "./reader.ts";
import type { ModuleContext, Validation } from "./validate-context.ts";
import { newValidation, refuse, setUnreachable } from "./validate-context.ts";
import * as control from "./validate-control.ts";
import * as state from "./validate-state.ts";

type Rule = (v: Validation) => void;

/** Rules for what the table of opcodes gives no type, or that have immediates to check. */
const rules: Readonly<Partial<Record<OpName, Rule>>> = {
  unreachable: setUnreachable,
  block: control.validateBlock,
  loop: control.validateBlock,
  if: control.validateIf,
  else: control.validateElse,
  end: control.validateEnd,
  try_table: control.validateTryTable,
  throw: control.validateThrow,
  throw_ref: control.validateThrowRef,
  br: control.validateBr,
  br_if: control.validateBrIf,
  br_table: control.validateBrTable,
  return: control.validateReturn,
  call: control.validateCall,
  call_indirect: control.validateCallIndirect,
  return_call: control.validateReturnCall,
  return_call_indirect: control.validateReturnCallIndirect,
  drop: state.validateDrop,
  select: state.validateSelect,
  "select t": state.validateSelectTyped,
  "local.get": state.validateLocalGet,
  "local.set": state.validateLocalSet,
  "local.tee": state.validateLocalTee,
  "global.get": state.validateGlobalGet,
  "global.set": state.validateGlobalSet,
  "table.get": state.validateTableGet,
  "table.set": state.validateTableSet,
  "table.size": state.validateTableSize,
  "table.grow": state.validateTableGrow,
  "table.fill": state.validateTableFill,
  "table.copy": state.validateTableCopy,
  "table.init": state.validateTableInit,
  "elem.drop": state.validateElemDrop,
  "memory.size": state.validateOnMemory,
  "memory.grow": state.validateOnMemory,
  "memory.fill": state.validateOnMemory,
  "memory.copy": state.validateMemoryCopy,
  "memory.init": state.validateMemoryInit,
  "data.drop": state.validateDataDrop,
  "ref.null": state.validateRefNull,
  "ref.is_null": state.validateRefIsNull,
  "ref.func": state.validateRefFunc,
};

function ruleOf({ instruction: { op } }: Validation): Rule {
  if (op.immediates === "memarg") return state.validateAccess;
  return rules[op.name] ?? state.validatePlain;
}

/** What a constant expression may consist of (core specification, "Constant Expressions"). */
const constantOps: ReadonlySet<OpName> = new Set<OpName>([
  "i32.const",
  "i64.const",
  "f32.const",
  "f64.const",
  "i32.add",
  "i32.sub",
  "i32.mul",
  "i64.add",
  "i64.sub",
  "i64.mul",
  "ref.null",
  "ref.func",
  "global.get",
  "end",
]);

function validateAll(v: Validation): void {
  const r = newReader(v.context.module.bytes, v.code.start, v.code.end);
  while (v.blocks.length > 0) {
    readInstruction(r, v.instruction);
    if (v.constant && !constantOps.has(v.instruction.op.name)) {
      refuse(v, "constant expression required");
    }
    ruleOf(v)(v);
  }
}

/** A constant expression of one value. Throws `Invalid` "invalid". */
export function validateConstant(context: ModuleContext, code: Code, type: ValueType): void {
  const constant: CoreFuncType = { params: [], results: [type] };
  validateAll(newValidation({ context, code, constant: true, type: constant, locals: [] }));
}

/** A function's body. Throws `Invalid` "invalid", and "unsupported" for too many operands. */
export function validateBody(context: ModuleContext, type: CoreFuncType, body: Body): void {
  let end = 0;
  const locals = body.locals.map((run) => {
    end += run.count;
    return { end, type: run.type };
  });
  validateAll(newValidation({ context, code: body.code, constant: false, type, locals }));
}
