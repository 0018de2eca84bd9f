// A function being compiled: its instructions, and the locals that each block declares.

import type { CanonicalOptions, TableEntry } from "../model/program.ts";
import type { ValType } from "../model/types.ts";
import type { Component } from "./ast.ts";
import type { Instr } from "./code.ts";
import type { Names } from "./resolve.ts";

/** What a body may refer to. */
export interface Scope {
  readonly names: Names;
  /** null in the host */
  readonly component: Component | null;
  /** The instance's variables, declared or kept. */
  readonly vars: ReadonlySet<string>;
  /** Core functions of the component by name: index among the compiled codes. */
  readonly coreFuncs: ReadonlyMap<string, number>;
  /** The component's function table: what `thread.new-indirect` calls. */
  readonly table: readonly TableEntry[];
  readonly opts: CanonicalOptions;
  /** Result type of the host function whose body this is. */
  readonly hostResult: ValType | null;
  /** A function of the host in the design of June 2022. */
  readonly leaf?: boolean;
}

/** A function being compiled. */
export interface Emitter {
  readonly scope: Scope;
  readonly instrs: Instr[];
  /** The locals in scope, innermost block last. */
  readonly blocks: Map<string, number>[];
  /** Locals in all. */
  locals: number;
  /** Jumps of `break` to patch, by nesting. */
  readonly breaks: number[][];
  /** a stackless body */
  readonly stackless?: boolean;
}

/** The slot of a local in scope; null where no block declares it. */
export function slotOf(e: Emitter, name: string): number | null {
  for (let i = e.blocks.length - 1; i >= 0; i--) {
    const slot = e.blocks[i]?.get(name);
    if (slot !== undefined) return slot;
  }
  return null;
}

/** A slot that no name stands for yet. */
export function freshSlot(e: Emitter): number {
  e.locals += 1;
  return e.locals - 1;
}

/** The slot of a local that the innermost block declares, again or for the first time. */
export function declare(e: Emitter, name: string): number {
  const block = e.blocks[e.blocks.length - 1];
  const slot = block?.get(name) ?? freshSlot(e);
  block?.set(name, slot);
  return slot;
}
