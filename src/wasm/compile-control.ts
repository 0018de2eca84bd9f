// Compiles blocks, branches, calls and exceptions to register code. Mirrors spec/14.

import { funcAt, type Handler, own, typeNumber } from "./code.ts";
import type { Body, Control } from "./compile-body.ts";
import { popIndex } from "./compile-memory.ts";
import { blockType, type Catch } from "./decode-instruction.ts";
import type { CoreFuncType, ValueType } from "./module.ts";

type Compile = (b: Body) => void;

function typeAt(b: Body): CoreFuncType {
  return blockType(b.instance.module.types, b.at.index) ?? { params: [], results: [] };
}

/** Opens a block where all operands are in their own registers: both ways out of it find them there. */
function openSettled(b: Body, tag: Control["tag"]): Control {
  b.out.settleTop(b.out.height);
  return b.open(tag, typeAt(b));
}

function compileIf(b: Body): void {
  const condition = b.out.condition();
  b.out.settleTop(b.out.height);
  const place = b.skipUnless(condition);
  b.open("if", typeAt(b)).otherwise = place;
}

/** What the block leaves is in its place, whether or not control gets here. */
function settleResults(b: Body, { type }: Control): void {
  if (!b.dead) b.out.settleTop(type.results.length);
}

function resume(b: Body, height: number, types: readonly ValueType[]): void {
  b.out.cut(height);
  for (const type of types) b.out.push(type);
}

function compileElse(b: Body): void {
  const control = b.control(0);
  settleResults(b, control);
  if (!b.dead) b.jump(control);
  if (control.otherwise !== null) b.land([control.otherwise]);
  control.otherwise = null;
  control.tag = "else";
  resume(b, control.height, control.type.params);
  b.dead = false;
}

function compileEnd(b: Body): void {
  const control = b.control(0);
  const reached = !b.dead || control.patches.length > 0 || control.otherwise !== null;
  if (control.tag === "func") {
    if (!b.dead) b.leave(control.type.results.length);
    b.controls.pop();
    return;
  }
  settleResults(b, control);
  if (control.tag === "loop") b.endLoop(control.start);
  b.controls.pop();
  if (control.otherwise !== null) control.patches.push(control.otherwise);
  b.land(control.patches);
  const end = b.out.label();
  for (const handler of control.handlers) b.handlers.push({ ...handler, end });
  resume(b, control.height, control.type.results);
  b.dead = !reached;
}

function compileBranch(b: Body): void {
  b.branch(b.control(b.at.index));
  b.dead = true;
}

function compileBranchIf(b: Body): void {
  const control = b.control(b.at.index);
  const condition = b.out.condition();
  b.out.settleTop(b.labelTypes(control).length);
  if (b.isInPlace(control)) {
    b.emitTest(condition);
    b.target(control);
    return;
  }
  const over = b.skipUnless(condition);
  b.branch(control);
  b.land([over]);
}

/** A table of branches; those that have to move something first go by a stub behind it. */
function compileBranchTable(b: Body): void {
  const { out } = b;
  const depths = [...b.at.labels];
  const condition = out.pop();
  const last = b.control(depths[depths.length - 1] ?? 0);
  out.settleTop(b.labelTypes(last).length);
  out.emit(own.branchTable, condition, depths.length - 1);
  const stubs = new Map<Control, number[]>();
  for (const depth of depths) {
    const control = b.control(depth);
    if (b.isInPlace(control)) b.target(control);
    else {
      const places = stubs.get(control) ?? [];
      stubs.set(control, places);
      places.push(out.code.length);
      b.targets.push(out.code.length);
      out.emit(0, 0);
    }
  }
  for (const [control, places] of stubs) {
    b.land(places);
    b.branch(control);
  }
  b.dead = true;
}

function compileReturn(b: Body): void {
  b.leave(b.controls[0]?.type.results.length ?? 0);
  b.dead = true;
}

/** Puts arguments where the callee's frame begins; the register of the first. */
function passArguments(b: Body, { params }: CoreFuncType): number {
  b.out.settleTop(params.length);
  return b.out.home(b.out.height - params.length);
}

/** After a call: what lay under the arguments is known, and the results lie where the arguments did. */
function returned(b: Body, { params, results }: CoreFuncType): void {
  const below = b.out.height - params.length;
  b.wait(below);
  resume(b, below, results);
}

export function compileCallOf(b: Body, address: number): void {
  const { type } = funcAt(b.store, address);
  b.out.emit(own.call, address, passArguments(b, type));
  returned(b, type);
}

const addressAt = (b: Body): number => b.instance.funcs[b.at.index] ?? 0;

function compileTailCall(b: Body): void {
  const address = addressAt(b);
  const { type } = funcAt(b.store, address);
  b.out.emit(own.returnCall, address, passArguments(b, type), 2 * type.params.length);
  b.dead = true;
}

/** Table, type and element of an indirect call. */
function indirect(b: Body): { type: CoreFuncType; words: readonly [number, number, number] } {
  const type = blockType(b.instance.module.types, b.at.index) ?? { params: [], results: [] };
  const table = b.instance.tables[b.at.second] ?? 0;
  const element = popIndex(b, b.instance.space.tables[table]?.limits.address === "i64");
  return { type, words: [table, typeNumber(b.store, type), element] };
}

function compileCallIndirect(b: Body): void {
  const { type, words } = indirect(b);
  b.out.emit(own.callIndirect, ...words, passArguments(b, type));
  returned(b, type);
}

function compileTailCallIndirect(b: Body): void {
  const { type, words } = indirect(b);
  b.out.emit(own.returnCallIndirect, ...words, passArguments(b, type), 2 * type.params.length);
  b.dead = true;
}

/** A clause: a stub that goes on to its label, before the block begins. */
function compileCatch(b: Body, { kind, tag, label }: Catch): Omit<Handler, "start" | "end"> {
  const { out } = b;
  const number = tag === null ? null : (b.instance.tags[tag] ?? 0);
  const params = number === null ? [] : (b.instance.space.tags[number]?.params ?? []);
  const ref = kind === "catch_ref" || kind === "catch_all_ref";
  const target = out.label();
  const { height } = out;
  resume(b, height, ref ? [...params, "exnref"] : params);
  b.branch(b.control(label));
  out.cut(height);
  return { tag: number, ref, into: out.home(height), target };
}

function compileTryTable(b: Body): void {
  const { out, at } = b;
  out.settleTop(out.height);
  const type = typeAt(b);
  out.emit(own.jump);
  const place = out.code.length;
  b.targets.push(place);
  out.emit(0, 0);
  const clauses = at.catches.map((clause) => compileCatch(b, clause));
  b.land([place]);
  const start = out.label();
  b.open(
    "block",
    type,
    clauses.map((clause) => ({ ...clause, start, end: 0 })),
  );
}

function compileThrow(b: Body): void {
  const tag = b.instance.tags[b.at.index] ?? 0;
  const { params } = b.instance.space.tags[tag] ?? { params: [] };
  b.out.emit(own.throw, tag, passArguments(b, { params, results: [] }), 2 * params.length);
  b.dead = true;
}

function compileThrowRef(b: Body): void {
  b.out.emit(own.throwRef, b.out.pop());
  b.dead = true;
}

function compileUnreachable(b: Body): void {
  b.out.emit(own.unreachable);
  b.dead = true;
}

/** By the number of the instruction. */
export const compileControl: Readonly<Record<number, Compile>> = {
  0: compileUnreachable,
  1: () => undefined,
  2: (b) => openSettled(b, "block"),
  3: (b) => openSettled(b, "loop"),
  4: compileIf,
  5: compileElse,
  8: compileThrow,
  10: compileThrowRef,
  11: compileEnd,
  12: compileBranch,
  13: compileBranchIf,
  14: compileBranchTable,
  15: compileReturn,
  16: (b) => compileCallOf(b, addressAt(b)),
  17: compileCallIndirect,
  18: compileTailCall,
  19: compileTailCallIndirect,
  31: compileTryTable,
};

/** Where control cannot get, only blocks matter. */
export function skipDead(b: Body): void {
  const { code } = b.at.op;
  const opens = (code >= 2 && code <= 4) || code === 0x1f;
  if (opens) b.skipped += 1;
  else if (b.skipped > 0) b.skipped -= code === 0x0b ? 1 : 0;
  else if (code === 0x05 || code === 0x0b) compileControl[code]?.(b);
}
