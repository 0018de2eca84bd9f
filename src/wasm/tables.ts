// Tables: their entries, growth, and element segments. Mirrors the core specification, "Table Instructions".

import {
  bulk,
  dropSegment,
  instanceOf,
  operand,
  putResult,
  type Rare,
  threeOf,
  valueAt,
} from "./bulk.ts";
import { placeOf } from "./code.ts";
import { newInstruction, readInstruction } from "./decode-instruction.ts";
import { maxTableSize } from "./limits.ts";
import type { Code, ElementSegment } from "./module.ts";
import type { ModuleInst } from "./program.ts";
import { newReader } from "./reader.ts";
import { burn } from "./run-fuel.ts";
import { type Machine, trap } from "./run-machine.ts";

function tableAt(m: Machine, number: number): Int32Array {
  const table = m.tables[number];
  if (table === undefined) throw new Error(`no table ${number}`);
  return table;
}

/** Puts a table that belongs to this activation in the place of one. */
function setTable(m: Machine, number: number, table: Int32Array): void {
  burn(m, m.tables.length + table.length);
  m.tables = m.tables.map((other, i) => (i === number ? table : other));
  m.ownTables[number] = true;
}

/** A table to write to. */
function ownTable(m: Machine, number: number): Int32Array {
  if (m.ownTables[number] !== true) setTable(m, number, tableAt(m, number).slice());
  return tableAt(m, number);
}

function demandRange(length: number, from: number, n: number): void {
  if (from + n > length) trap("table-out-of-bounds");
}

function tableGet(m: Machine, base: number, at: number): void {
  const table = tableAt(m, operand(m, at, 1));
  const index = valueAt(m, base, at, 0);
  demandRange(table.length, index, 1);
  putResult(m, base, at, table[index] ?? 0);
}

function tableSet(m: Machine, base: number, at: number): void {
  const number = operand(m, at, 2);
  const index = valueAt(m, base, at, 0);
  demandRange(tableAt(m, number).length, index, 1);
  ownTable(m, number)[index] = valueAt(m, base, at, 1);
}

function tableSize(m: Machine, base: number, at: number): void {
  putResult(m, base, at, tableAt(m, operand(m, at, 0)).length);
}

function tableGrow(m: Machine, base: number, at: number): void {
  const [value, n, number] = [valueAt(m, base, at, 0), valueAt(m, base, at, 1), operand(m, at, 2)];
  const table = tableAt(m, number);
  const length = table.length + n;
  const all = m.tables.reduce((sum, other) => sum + other.length, n);
  const grows = length <= operand(m, at, 3) && all <= maxTableSize;
  burn(m, m.tables.length);
  putResult(m, base, at, grows ? table.length : -1);
  if (!grows || n === 0) return;
  const longer = new Int32Array(length).fill(value, table.length);
  longer.set(table);
  setTable(m, number, longer);
}

function tableFill(m: Machine, base: number, at: number): void {
  const [index, value, n] = threeOf(m, base, at);
  const number = operand(m, at, 3);
  demandRange(tableAt(m, number).length, index, n);
  burn(m, n);
  if (n > 0) ownTable(m, number).fill(value, index, index + n);
}

function tableCopy(m: Machine, base: number, at: number): void {
  const [to, from, n] = threeOf(m, base, at);
  const [into, source] = [tableAt(m, operand(m, at, 3)), tableAt(m, operand(m, at, 4))];
  demandRange(source.length, from, n);
  demandRange(into.length, to, n);
  burn(m, n);
  if (n === 0) return;
  ownTable(m, operand(m, at, 3)).set(source.subarray(from, from + n), to);
}

function segmentLength({ items }: ElementSegment): number {
  return items.tag === "funcs" ? items.indices.length : items.exprs.length;
}

/** The reference that a constant expression gives. */
function referenceOf(m: Machine, { module, funcs, globals }: ModuleInst, code: Code): number {
  const instruction = newInstruction();
  readInstruction(newReader(module.bytes, code.start, code.end), instruction);
  if (instruction.op.code === 0xd2) return (funcs[instruction.index] ?? 0) + 1;
  if (instruction.op.code === 0x23) return m.globals[2 * (globals[instruction.index] ?? 0)] ?? 0;
  return 0;
}

function elementAt(m: Machine, instance: ModuleInst, { items }: ElementSegment, i: number): number {
  if (items.tag === "funcs") return (instance.funcs[items.indices[i] ?? 0] ?? 0) + 1;
  return referenceOf(m, instance, items.exprs[i] ?? { start: 0, end: 0 });
}

function tableInit(m: Machine, base: number, at: number): void {
  const [to, from, n] = threeOf(m, base, at);
  const number = operand(m, at, 3);
  const instance = instanceOf(m, operand(m, at, 4));
  const segment = instance.module.elements[operand(m, at, 5)];
  const dropped = m.droppedElements[instance.firstElement + operand(m, at, 5)] === 1;
  const length = dropped || segment === undefined ? 0 : segmentLength(segment);
  demandRange(length, from, n);
  demandRange(tableAt(m, number).length, to, n);
  burn(m, n);
  if (n === 0 || segment === undefined) return;
  const table = ownTable(m, number);
  for (let i = 0; i < n; i++) table[to + i] = elementAt(m, instance, segment, from + i);
}

function elementDrop(m: Machine, _base: number, at: number): void {
  m.droppedElements = dropSegment(m, m.droppedElements, operand(m, at, 0));
}

const tables: Readonly<Record<number, Rare>> = {
  37: tableGet,
  38: tableSet,
  [placeOf(0xfc0c)]: tableInit,
  [placeOf(0xfc0d)]: elementDrop,
  [placeOf(0xfc0e)]: tableCopy,
  [placeOf(0xfc0f)]: tableGrow,
  [placeOf(0xfc10)]: tableSize,
  [placeOf(0xfc11)]: tableFill,
};

/** The instructions that `own.rare` names, by number. */
export const rare: readonly Rare[] = tableOf({ ...bulk, ...tables });

function tableOf(rows: Readonly<Record<number, Rare>>): readonly Rare[] {
  const missing: Rare = () => {
    throw new Error("no such instruction");
  };
  return Array.from({ length: 302 }, (_, code) => rows[code] ?? missing);
}
