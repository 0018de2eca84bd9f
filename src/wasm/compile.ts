// Compiles a function to register code when it is called for the first time. Mirrors spec/14.

import {
  type CodeStore,
  type Entry,
  followProgram,
  funcAt,
  own,
  placeCode,
  wordsOf,
} from "./code.ts";
import { Body } from "./compile-body.ts";
import { compileCallOf, compileControl, skipDead } from "./compile-control.ts";
import { compileGlobalSet, compileMemory, isMemory64 } from "./compile-memory.ts";
import { compileNumeric } from "./compile-numeric.ts";
import { readInstruction } from "./decode-instruction.ts";
import type { Code, CoreFuncType, ValueType } from "./module.ts";
import { opOf } from "./opcodes.ts";
import type { ModuleInst } from "./program.ts";
import { newReader } from "./reader.ts";

function compileOne(b: Body): void {
  const { code } = b.at.op;
  if (b.dead) {
    skipDead(b);
    return;
  }
  b.count += 1;
  const compile = compileControl[code] ?? compileMemory[code] ?? compileNumeric;
  compile(b);
}

/** Compiles instructions until the block that was opened last has ended. */
function compileCode(b: Body, { start, end }: Code): void {
  const reader = newReader(b.instance.module.bytes, start, end);
  const depth = b.controls.length;
  while (b.controls.length >= depth) {
    readInstruction(reader, b.at);
    compileOne(b);
  }
}

/** An expression of a constant: its value is the uppermost operand. */
function compileConstant(b: Body, type: ValueType, code: Code): void {
  b.open("block", { params: [], results: [type] });
  compileCode(b, code);
}

/** Compiles an instruction that no binary has. */
function compileOf(b: Body, code: number, index: number, second = 0): void {
  const op = opOf(code);
  if (op !== undefined) Object.assign(b.at, { op, index, second });
  compileOne(b);
}

function imported(module: ModuleInst["module"], tag: string): number {
  return module.imports.filter(({ type }) => type.tag === tag).length;
}

function initGlobals(b: Body): void {
  const { module } = b.instance;
  const first = imported(module, "global");
  for (const [i, { type, init }] of module.globals.entries()) {
    compileConstant(b, type.type, init);
    compileGlobalSet(b, first + i);
  }
}

const zero = (b: Body): void => b.out.pushConst("i32", 0, 0);

/** Fills the tables that begin with something else than null. */
function initTables(b: Body): void {
  const { module } = b.instance;
  const first = imported(module, "table");
  for (const [i, { type, init }] of module.tables.entries()) {
    if (init === null) continue;
    const { address, min } = type.limits;
    b.out.pushConst(address, 0, 0);
    compileConstant(b, type.element, init);
    b.out.pushConst(address, Number(min), 0);
    compileOf(b, 0xfc11, first + i);
  }
}

function initElements(b: Body): void {
  const { module, space, tables } = b.instance;
  for (const [i, { mode, items }] of module.elements.entries()) {
    if (mode.tag === "passive") continue;
    if (mode.tag === "active") {
      const address = space.tables[tables[mode.index] ?? 0]?.limits.address ?? "i32";
      compileConstant(b, address, mode.offset);
      zero(b);
      b.out.pushConst("i32", items.tag === "funcs" ? items.indices.length : items.exprs.length, 0);
      compileOf(b, 0xfc0c, i, mode.index);
    }
    compileOf(b, 0xfc0d, i);
  }
}

function initDatas(b: Body): void {
  const { module } = b.instance;
  for (const [i, { mode, start, end }] of module.datas.entries()) {
    if (mode.tag !== "active") continue;
    compileConstant(b, isMemory64(b, mode.index) ? "i64" : "i32", mode.offset);
    zero(b);
    b.out.pushConst("i32", end - start, 0);
    compileOf(b, 0xfc08, i, mode.index);
    compileOf(b, 0xfc09, i);
  }
}

/** Instantiation from "let F be the auxiliary frame" on (core specification, "Instantiation"). */
function compileInit(b: Body): void {
  const { module, funcs } = b.instance;
  initGlobals(b);
  initTables(b);
  initElements(b);
  initDatas(b);
  if (module.start !== null) compileCallOf(b, funcs[module.start] ?? 0);
  b.leave(0);
}

function compileBody(b: Body, type: CoreFuncType, code: Code): void {
  b.open("func", { params: [], results: type.results });
  compileCode(b, code);
}

/** Instructions of code that take what the frame needs: filled in when it is known. */
function compileEnter(b: Body, params: number, locals: number): void {
  b.out.emit(own.enter, 2 * params, 2 * locals, 0, 0);
}

/** Locals that are cleared for the price of an instruction. */
const localsEach = 4;

function finish(b: Body, results: number): void {
  const { code, most } = b.out;
  code[3] = 2 * Math.max(most, results);
  code[4] = b.count + Math.ceil(b.locals.length / localsEach);
}

/** Adds what was compiled, with all places counted anew. */
function place(store: CodeStore, address: number, b: Body): Entry {
  const { code } = b.out;
  const base = store.length;
  for (const at of b.targets) code[at] = (code[at] ?? 0) + base;
  const start = placeCode(store, code, b.locals.length);
  const entry: Entry = {
    address,
    start,
    end: store.length,
    locals: Uint8Array.from(b.locals, wordsOf),
    reads: b.out.reads.map((at) => (at < 0 ? at : at + start)),
    loops: b.loops.map((loop) => ({ start: loop.start + start, end: loop.end + start })),
    sites: new Map([...b.sites].map(([at, map]) => [at + start, map])),
    handlers: b.handlers.map((handler) => ({
      ...handler,
      start: handler.start + start,
      end: handler.end + start,
      target: handler.target + start,
    })),
  };
  store.entries.push(entry);
  store.starts[address] = start;
  return entry;
}

function localsOf({ module }: ModuleInst, index: number, type: CoreFuncType): ValueType[] {
  const runs = module.bodies[index]?.locals ?? [];
  const locals = [...type.params];
  for (const { count, type: of } of runs) for (let i = 0; i < count; i++) locals.push(of);
  return locals;
}

/** Compiles the function at an address; null for one that is not code of a module. */
export function compileFunc(store: CodeStore, address: number): Entry | null {
  followProgram(store);
  const func = funcAt(store, address);
  if (func.tag !== "wasm" && func.tag !== "init") return null;
  const { type, module: instance } = func;
  const index = func.tag === "wasm" ? func.index - imported(instance.module, "func") : -1;
  const b = new Body(store, instance, localsOf(instance, index, type));
  compileEnter(b, type.params.length, b.locals.length);
  if (func.tag === "init") compileInit(b);
  else compileBody(b, type, instance.module.bodies[index]?.code ?? { start: 0, end: 0 });
  finish(b, type.results.length);
  return place(store, address, b);
}
