// The functions of a scenario about June 2022, and the state that its host begins with. Mirrors spec/12.

import type { Options } from "../../history/options.ts";
import { firstTree, treeKey } from "../../history/proposal-2022/tree.ts";
import type { FuncDef } from "../../model/program.ts";
import type { ValType } from "../../model/types.ts";
import type { Block, ExportDecl } from "../ast.ts";
import { add, type Builder, core, hostScope } from "../builder.ts";
import type { Code, Finish } from "../code.ts";
import { compileBlock, compileBody } from "../compile.ts";
import { declare, type Emitter, type Scope } from "../emitter.ts";
import { type FuncSource, hostInstance, sourceName } from "../resolve.ts";
import { resolveType } from "../resolve-types.ts";
import { compileEnter, compileExit, compileLoop2022 } from "./compile.ts";
import { endType, funcType2022 } from "./types.ts";

/** The name of a task that a body does not use. */
const unnamed = "%task";

interface Body2022 {
  readonly name: string;
  /** with the task, the last */
  readonly params: readonly string[];
  readonly types: readonly ValType[];
  readonly finish: Finish;
  readonly write: (e: Emitter) => void;
}

function codeWith(scope: Scope, { name, params, types, finish, write }: Body2022): Code {
  const e: Emitter = { scope, instrs: [], blocks: [new Map()], locals: 0, breaks: [] };
  for (const param of params) declare(e, param);
  write(e);
  return {
    name,
    params: types,
    arity: params.length,
    locals: e.locals,
    result: null,
    event: false,
    finish,
    opts: scope.opts,
    instrs: e.instrs,
  };
}

/** The stack begins, runs the block, and is over. */
function onStack(block: Block, params: readonly string[]): (e: Emitter) => void {
  return (e) => {
    compileEnter(e, params.length - 1, false);
    compileBlock(e, block);
    compileExit(e);
  };
}

function coreBody(
  b: Builder,
  scope: Scope,
  name: string,
  params: readonly string[],
  block: Block,
): number {
  const body = { name, params, types: null, result: null, finish: "core", block } as const;
  return add(b, compileBody(scope, body));
}

/** A loop over wait around the two bodies of a callback export. */
function onEvents(
  b: Builder,
  scope: Scope,
  decl: ExportDecl,
  params: readonly string[],
): (e: Emitter) => void {
  const { name, body, onEvent } = decl;
  const task = decl.task ?? unnamed;
  const [event = "", index = "", payload = "", closure = "%closure"] = onEvent?.params ?? [];
  const start = coreBody(b, scope, name, params, body);
  const told = [task, event, index, payload, closure];
  const again = coreBody(b, scope, `${name} on event`, told, onEvent?.body ?? []);
  return (e) => compileLoop2022(e, start, again, params.length);
}

/** An export: what the machine calls is a function of its own that is never waited for. */
export function exportDef2022(
  b: Builder,
  scope: Scope,
  source: FuncSource & { tag: "export" },
): FuncDef {
  const { decl, placed } = source;
  const { instance, component } = placed;
  const name = sourceName(source);
  const ft = funcType2022((t) => resolveType(b.names, t, component), decl.sig);
  const params = [...decl.sig.params.map((p) => p.name), decl.task ?? unnamed];
  const write =
    decl.mode === "callback" ? onEvents(b, scope, decl, params) : onStack(decl.body, params);
  const types = ft.params.map((p) => p.t);
  const code = codeWith(scope, { name, params, types, finish: "stackful", write });
  const opts = { ...scope.opts, async: true };
  return { tag: "lift", name, instance, core: core(instance, add(b, code)), ft, opts };
}

/** A function of the host: a leaf of the tree. */
export function hostDef2022(b: Builder, source: FuncSource & { tag: "host" }): FuncDef {
  const { decl } = source;
  const name = sourceName(source);
  const resolve = (t: Parameters<typeof resolveType>[1]): ValType => resolveType(b.names, t, null);
  const ft = funcType2022(resolve, decl.sig);
  const scope = { ...hostScope(b, endType(resolve, decl.sig.result)), leaf: true };
  const params = [...decl.sig.params.map((p) => p.name), unnamed];
  const types = ft.params.map((p) => p.t);
  const write = onStack(decl.body, params);
  const code = codeWith(scope, { name, params, types, finish: "host", write });
  return {
    tag: "host",
    name,
    instance: hostInstance,
    core: core(hostInstance, add(b, code)),
    ft,
    cancel: "defer",
  };
}

/** What the host's instance holds before the first step. */
export function firstGlobals2022(
  options: Options,
  instances: number,
): Readonly<Record<string, unknown>> {
  return { [treeKey]: firstTree(options, instances) };
}
