// What building a system collects: compiled functions, and what their bodies may refer to.

import type { InstanceId } from "../model/ids.ts";
import type { CanonicalOptions, CoreFunc } from "../model/program.ts";
import type { Block, Component, Stmt } from "./ast.ts";
import type { Code } from "./code.ts";
import type { Scope } from "./emitter.ts";
import type { Names } from "./resolve.ts";
import type { Entry } from "./stackless/engine.ts";

/** Collects the compiled functions; `CoreFunc.code` is an index into it. */
export interface Builder {
  readonly names: Names;
  readonly codes: Code[];
  /** what the executor of stackless bodies is entered by */
  readonly entries: Entry[];
}

/** Adds a compiled function and gives its index. */
export function add(b: Builder, code: Code): number {
  b.codes.push(code);
  return b.codes.length - 1;
}

export function core(instance: InstanceId, code: number): CoreFunc {
  return { guest: "script", instance, code };
}

/** The variables of an instance: declared, or kept by any of its bodies. */
export function varsOf(component: Component): Set<string> {
  const bodies = [
    ...component.exports.flatMap((x) => [
      x.body,
      x.onEvent?.body ?? [],
      x.postReturn ?? [],
      x.onCancel ?? [],
    ]),
    ...component.funcs.map((f) => f.body),
    ...component.resources.map((r) => r.dtor?.body ?? []),
  ];
  return new Set([...component.vars.map((v) => v.name), ...bodies.flatMap(keptIn)]);
}

function keptIn(block: Block): string[] {
  return block.flatMap((stmt) =>
    stmt.tag === "keep" ? [stmt.name] : blocksOf(stmt).flatMap(keptIn),
  );
}

function blocksOf(stmt: Stmt): readonly Block[] {
  switch (stmt.tag) {
    case "if":
      return [stmt.then, stmt.otherwise];
    case "repeat":
    case "while":
    case "spawn":
      return [stmt.body];
    case "choose":
      return stmt.options;
    default:
      return [];
  }
}

/** What host code may refer to; `hostResult` is the result type of the function it is in. */
export function hostScope(b: Builder, hostResult: Scope["hostResult"]): Scope {
  const { host } = b.names.scenario;
  return {
    names: b.names,
    component: null,
    vars: new Set([
      ...(host?.vars ?? []).map((v) => v.name),
      ...(host?.funcs ?? []).flatMap((f) => keptIn(f.body)),
      ...(host?.processes ?? []).flatMap((p) => keptIn(p.body)),
    ]),
    coreFuncs: new Map(),
    table: [],
    opts: plainOptions,
    hostResult,
  };
}

/** Options of a function that needs no memory. */
export const plainOptions: CanonicalOptions = {
  encoding: "utf8",
  memory: null,
  address: "i32",
  realloc: null,
  postReturn: null,
  async: false,
  callback: null,
};
