// Finds where expressions end, and the local variables of functions. Mirrors spec/14 and the core specification, "Expressions".

import type { Instruction } from "./decode-instruction.ts";
import { newInstruction, readInstruction } from "./decode-instruction.ts";
import { readValueType } from "./decode-types.ts";
import { maxLocals } from "./limits.ts";
import type { Body, Code, ValueType } from "./module.ts";
import type { Reader } from "./reader.ts";
import { malformed, readLength, readU32, readVector, unsupported } from "./reader.ts";

/** What blocks are open, innermost last: whether an `else` may still come. */
type Open = boolean[];

function nest(open: Open, { op, offset }: Instruction): void {
  switch (op.name) {
    case "if":
      open.push(true);
      return;
    case "block":
    case "loop":
    case "try_table":
      open.push(false);
      return;
    case "else":
      if (open.pop() !== true) malformed(offset, "END opcode expected");
      open.push(false);
      return;
    case "end":
      open.pop();
  }
}

function needsDataCount({ op }: Instruction): boolean {
  return op.immediates === "data" || op.immediates === "data memory";
}

/** Passes the instructions up to the `end` of the expression; `datas`: there is a data count section. */
export function readExpression(r: Reader, datas: boolean): Code {
  const start = r.at;
  const instruction = newInstruction();
  const open: Open = [false];
  while (open.length > 0) {
    readInstruction(r, instruction);
    if (!datas && needsDataCount(instruction)) {
      malformed(instruction.offset, "data count section required");
    }
    nest(open, instruction);
  }
  return { start, end: r.at };
}

function readLocals(r: Reader): { readonly count: number; readonly type: ValueType } {
  return { count: readU32(r), type: readValueType(r) };
}

/** A function of the code section: its size, its locals, its expression. */
export function readBody(r: Reader, datas: boolean): Body {
  return readSized(r, () => {
    const at = r.at;
    const locals = readVector(r, readLocals);
    const count = locals.reduce((sum, run) => sum + run.count, 0);
    if (count >= 2 ** 32) malformed(at, "too many locals");
    if (count > maxLocals) unsupported(at, `${count} locals are more than ${maxLocals}`);
    return { locals, code: readExpression(r, datas) };
  });
}

/**
 * What `read` makes of as many bytes as are said to follow, if it passes just these. As in the reference
 * interpreter it may look beyond them first, so that what is wrong there is said rather than the size.
 */
export function readSized<T>(r: Reader, read: (r: Reader, end: number) => T): T {
  const size = readLength(r);
  const end = r.at + size;
  const result = read(r, end);
  if (r.at !== end) malformed(r.at, "section size mismatch");
  return result;
}
