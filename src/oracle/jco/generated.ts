// jco's translation of a component: the module that it generates, loaded. Mirrors spec/15.

import { EngineError } from "../recorder/engine-error.ts";
import type { CompiledModule, CoreImports, CoreInstance } from "../recorder/web-assembly.ts";
import { webAssembly } from "../recorder/web-assembly.ts";

/** What jco is told about functions that are sync by their type and yet wait: `run`, `a:b/c#f`. */
export interface JcoOptions {
  readonly asyncExports?: readonly string[];
  readonly asyncImports?: readonly string[];
}

type InstantiateCore = (module: CompiledModule, imports?: CoreImports) => CoreInstance;

/** The module that jco generates in its instantiation mode. */
export interface Generated {
  instantiate(
    getCoreModule: (file: string) => Promise<CompiledModule>,
    imports: Readonly<Record<string, unknown>>,
    instantiateCore: InstantiateCore,
  ): Promise<Readonly<Record<string, unknown>>>;
}

/** A component as jco runs it. */
export interface Transpiled {
  readonly generated: Generated;
  readonly getCoreModule: (file: string) => Promise<CompiledModule>;
}

type Package = typeof import("@bytecodealliance/jco-transpile");

const packageName = "@bytecodealliance/jco-transpile";

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
}

async function load(): Promise<Package> {
  try {
    return await import("@bytecodealliance/jco-transpile");
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new EngineError("missing", `${packageName} is not installed: npm install ${packageName}`);
  }
}

function isGenerated(module: unknown): module is Generated {
  return typeof module === "object" && module !== null && "instantiate" in module;
}

/** How many modules there are: equal texts would be one module, whose state two runs would share. */
let modules = 0;

/** A module from its text, without a file. */
async function importText(text: string): Promise<Generated> {
  modules += 1;
  const url = `data:text/javascript;base64,${Buffer.from(text).toString("base64")}#${modules}`;
  let module: unknown;
  try {
    module = await import(url);
  } catch (error) {
    throw new EngineError("component", `what jco generated is no module: ${error}`, error);
  }
  if (isGenerated(module)) return module;
  throw new EngineError("component", "what jco generated has no instantiate");
}

type Files = Readonly<Record<string, Uint8Array>>;

function fileOf(files: Files, file: string): Uint8Array {
  const bytes = files[file];
  if (bytes !== undefined) return bytes;
  throw new EngineError("component", `jco has not generated ${file}`);
}

/** jco's translator is a component itself: after a trap it takes nothing any more in this process. */
function whyNot(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (!message.includes("cannot enter component instance")) {
    return `jco does not translate the component: ${message}`;
  }
  return "jco's translator has trapped before, with another component: start a new process";
}

async function filesOf(bytes: Uint8Array, options: JcoOptions): Promise<Files> {
  const { transpileBytes } = await load();
  const { asyncExports = [], asyncImports = [] } = options;
  const sets = asyncExports.length + asyncImports.length > 0;
  try {
    const { files } = await transpileBytes(bytes, {
      name,
      instantiation: "async",
      nodejsCompat: false,
      emitTypescriptDeclarations: false,
      ...(sets
        ? { asyncMode: "jspi", asyncExports: [...asyncExports], asyncImports: [...asyncImports] }
        : {}),
    });
    return files;
  } catch (error) {
    throw new EngineError("component", whyNot(error), error);
  }
}

/** What jco calls the module that it generates. */
const name = "component";

/** Translates a component and loads the result. Throws `EngineError`. */
export async function transpiled(bytes: Uint8Array, options: JcoOptions): Promise<Transpiled> {
  const files = await filesOf(bytes, options);
  const generated = await importText(new TextDecoder().decode(fileOf(files, `${name}.js`)));
  const getCoreModule = (file: string): Promise<CompiledModule> => {
    return Promise.resolve(new webAssembly.Module(fileOf(files, file)));
  };
  return { generated, getCoreModule };
}
