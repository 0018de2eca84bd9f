// Makes a program smaller while it still shows what it showed: deletes runs, functions and operations.

import type { Block, Component, Export, Op, Program } from "./program.ts";

function without<T>(items: readonly T[], i: number): readonly T[] {
  return [...items.slice(0, i), ...items.slice(i + 1)];
}

/** A block with one operation deleted, or replaced by what it contains. */
function* smallerBlocks(block: Block): Generator<Block> {
  for (const [i, op] of block.entries()) {
    yield without(block, i);
    for (const other of smallerOps(op))
      yield [...block.slice(0, i), ...other, ...block.slice(i + 1)];
  }
}

function* smallerOps(op: Op): Generator<Block> {
  if (op.op !== "if") return;
  yield op.yes;
  yield op.no;
  for (const yes of smallerBlocks(op.yes)) yield [{ ...op, yes }];
  for (const no of smallerBlocks(op.no)) yield [{ ...op, no }];
}

function* smallerExports(e: Export): Generator<Export> {
  if (e.postReturn !== null) yield { ...e, postReturn: null };
  for (const body of smallerBlocks(e.body)) yield { ...e, body };
  for (const onEvent of smallerBlocks(e.onEvent ?? [])) yield { ...e, onEvent };
  for (const postReturn of smallerBlocks(e.postReturn ?? [])) yield { ...e, postReturn };
}

function* smallerComponents(c: Component): Generator<Component> {
  for (const i of c.exports.keys()) yield { ...c, exports: without(c.exports, i) };
  for (const i of c.funcs.keys()) yield { ...c, funcs: without(c.funcs, i) };
  for (const i of c.resources.keys()) yield { ...c, resources: without(c.resources, i) };
  for (const i of c.imports.keys()) yield { ...c, imports: without(c.imports, i) };
  for (const [i, e] of c.exports.entries()) {
    for (const smaller of smallerExports(e))
      yield { ...c, exports: replaced(c.exports, i, smaller) };
  }
  for (const [i, f] of c.funcs.entries()) {
    for (const body of smallerBlocks(f.body)) {
      yield { ...c, funcs: replaced(c.funcs, i, { ...f, body }) };
    }
  }
  for (const [i, r] of c.resources.entries()) {
    for (const dtor of smallerBlocks(r.dtor ?? [])) {
      yield { ...c, resources: replaced(c.resources, i, { ...r, dtor }) };
    }
  }
}

function replaced<T>(items: readonly T[], i: number, item: T): readonly T[] {
  return items.map((old, j) => (j === i ? item : old));
}

function* smallerPrograms(program: Program): Generator<Program> {
  for (const i of program.runs.keys()) yield { ...program, runs: without(program.runs, i) };
  for (const [i, run] of program.runs.entries()) {
    if (run.cancel) {
      yield { ...program, runs: replaced(program.runs, i, { ...run, cancel: false }) };
    }
  }
  for (const i of program.components.keys()) {
    yield { ...program, components: without(program.components, i) };
  }
  for (const [i, c] of program.components.entries()) {
    for (const smaller of smallerComponents(c)) {
      yield { ...program, components: replaced(program.components, i, smaller) };
    }
  }
}

/** Drops the variables that nothing names. */
export function trimmed(program: Program): Program {
  const components = program.components.map((c) => {
    const text = JSON.stringify({ ...c, vars: [] });
    return { ...c, vars: c.vars.filter((name) => text.includes(`"${name}"`)) };
  });
  return { ...program, components };
}

/** The smallest program that greedy deletion finds; `holds` is asked at most `tries` times. */
export async function shrink(
  program: Program,
  holds: (smaller: Program) => Promise<boolean>,
  tries = 1500,
): Promise<Program> {
  let best = program;
  let left = tries;
  for (let again = true; again && left > 0; ) {
    again = false;
    for (const smaller of smallerPrograms(best)) {
      if (left <= 0) break;
      left -= 1;
      if (!(await holds(smaller))) continue;
      best = smaller;
      again = true;
      break;
    }
  }
  return trimmed(best);
}
