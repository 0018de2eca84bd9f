// Validates a core module. Mirrors spec/14 and the core specification, "Modules" of validation.

import { newInstruction } from "./decode-instruction.ts";
import type {
  Code,
  CoreFuncType,
  DataSegment,
  ElementSegment,
  Export,
  ExternType,
  GlobalType,
  Limits,
  MemoryType,
  Module,
  RefType,
  TableType,
} from "./module.ts";
import type { ModuleContext } from "./validate-context.ts";
import { invalid } from "./validate-context.ts";
import { validateBody, validateConstant } from "./validate-expression.ts";

/** The types of all that a module imports and defines, by index. */
interface IndexSpaces {
  readonly funcs: CoreFuncType[];
  readonly tables: TableType[];
  readonly memories: MemoryType[];
  readonly globals: GlobalType[];
  readonly tags: CoreFuncType[];
}

function addImport(spaces: IndexSpaces, type: ExternType): void {
  switch (type.tag) {
    case "func":
      spaces.funcs.push(type.type);
      return;
    case "table":
      spaces.tables.push(type.type);
      return;
    case "memory":
      spaces.memories.push(type.type);
      return;
    case "global":
      spaces.globals.push(type.type);
      return;
    case "tag":
      spaces.tags.push(type.type);
  }
}

function typeAt(module: Module, index: number, offset: number | null): CoreFuncType {
  return module.types[index] ?? invalid(offset, `unknown type ${index}`);
}

/** What is imported and then all that is defined, but for globals: those come one after the other. */
function newSpaces(module: Module): IndexSpaces {
  const spaces: IndexSpaces = { funcs: [], tables: [], memories: [], globals: [], tags: [] };
  for (const { type } of module.imports) addImport(spaces, type);
  module.funcs.forEach((index, i) => {
    spaces.funcs.push(typeAt(module, index, module.bodies[i]?.code.start ?? null));
  });
  for (const { type } of module.tables) spaces.tables.push(type);
  for (const type of module.memories) spaces.memories.push(type);
  for (const index of module.tags) spaces.tags.push(typeAt(module, index, null));
  return spaces;
}

/** `range`: the largest size of such a thing by the core specification, in words `most`. */
function validateLimits({ min, max }: Limits, range: bigint, most: string): void {
  if (min > range || (max !== null && max > range)) invalid(null, most);
  if (max !== null && min > max) {
    invalid(null, "size minimum must not be greater than maximum");
  }
}

function validateTable({ limits }: TableType): void {
  const bits = limits.address === "i32" ? 32n : 64n;
  validateLimits(limits, (1n << bits) - 1n, `table size must be at most 2^${bits}-1`);
}

function validateMemory({ limits }: MemoryType): void {
  if (limits.address === "i32") {
    validateLimits(limits, 65_536n, "memory size must be at most 65536 pages (4GiB)");
  } else validateLimits(limits, 1n << 48n, "memory size must be at most 2^48 pages");
}

function validateTag({ results }: CoreFuncType): void {
  if (results.length > 0) invalid(null, "non-empty tag result type");
}

function validateSizes(context: ModuleContext): void {
  context.tables.forEach(validateTable);
  context.memories.forEach(validateMemory);
  context.tags.forEach(validateTag);
}

/** Initial values of tables see the globals that are imported; those of globals all that came before. */
function validateInits(context: ModuleContext): void {
  for (const { type, init } of context.module.tables) {
    if (init !== null) validateConstant(context, init, type.element);
  }
  for (const { type, init } of context.module.globals) {
    validateConstant(context, init, type.type);
    context.globals.push(type);
  }
}

function tableAt(context: ModuleContext, index: number, { start }: Code): TableType {
  return context.tables[index] ?? invalid(start, `unknown table ${index}`);
}

function validateItems(
  context: ModuleContext,
  type: RefType,
  items: ElementSegment["items"],
): void {
  if (items.tag === "exprs") {
    for (const expr of items.exprs) validateConstant(context, expr, type);
  } else for (const index of items.indices) declareFunc(context, index);
}

function declareFunc(context: ModuleContext, index: number): void {
  if (index >= context.funcs.length) invalid(null, `unknown function ${index}`);
  context.declared.add(index);
}

function validateElement(context: ModuleContext, { type, mode, items }: ElementSegment): void {
  validateItems(context, type, items);
  if (mode.tag !== "active") return;
  const { element, limits } = tableAt(context, mode.index, mode.offset);
  if (element !== type) {
    invalid(mode.offset.start, `type mismatch: a table of ${element} takes no ${type}`);
  }
  validateConstant(context, mode.offset, limits.address);
}

function validateData(context: ModuleContext, { mode }: DataSegment): void {
  if (mode.tag !== "active") return;
  const { index, offset } = mode;
  const memory = context.memories[index] ?? invalid(offset.start, `unknown memory ${index}`);
  validateConstant(context, offset, memory.limits.address);
}

/** By the kind of an export, its index space and what a thing in it is called. */
const exported = {
  func: { space: "funcs", word: "function" },
  table: { space: "tables", word: "table" },
  memory: { space: "memories", word: "memory" },
  global: { space: "globals", word: "global" },
  tag: { space: "tags", word: "tag" },
} as const;

function validateExport(context: ModuleContext, { kind, index }: Export): void {
  const { space, word } = exported[kind];
  if (index >= context[space].length) invalid(null, `unknown ${word} ${index}`);
  if (kind === "func") context.declared.add(index);
}

function validateExports(context: ModuleContext): void {
  const names = new Set<string>();
  for (const one of context.module.exports) {
    if (names.has(one.name)) invalid(null, `duplicate export name "${one.name}"`);
    names.add(one.name);
    validateExport(context, one);
  }
}

function validateStart({ module, funcs }: ModuleContext): void {
  const { start } = module;
  if (start === null) return;
  const type = funcs[start] ?? invalid(null, `unknown function ${start}`);
  if (type.params.length + type.results.length > 0) {
    invalid(null, `start function ${start} takes or returns values`);
  }
}

function validateWhole(module: Module): void {
  const context: ModuleContext = {
    module,
    ...newSpaces(module),
    declared: new Set(),
    instruction: newInstruction(),
  };
  validateSizes(context);
  validateInits(context);
  for (const segment of module.elements) validateElement(context, segment);
  for (const segment of module.datas) validateData(context, segment);
  validateExports(context);
  validateStart(context);
  validateBodies(context);
}

function validateBodies(context: ModuleContext): void {
  const { bodies } = context.module;
  const first = context.funcs.length - bodies.length;
  for (const [i, body] of bodies.entries()) {
    const type = context.funcs[first + i];
    if (type !== undefined) validateBody(context, type, body);
  }
}

/** Modules that were found valid: one is looked at as often as its component is linked. */
const valid: WeakSet<Module> = new WeakSet();

/**
 * Checks a decoded module whole (core specification, "Modules"). Throws `Invalid`: "invalid" with a
 * message that begins with the words of the official tests, "unsupported" beyond `maxOperands`.
 */
export function validateModule(module: Module): void {
  if (valid.has(module)) return;
  validateWhole(module);
  valid.add(module);
}
