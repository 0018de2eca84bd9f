// WebAssembly's JavaScript interface, as far as recording needs it. Mirrors spec/15.

/** A compiled module; nothing of it can be looked at but by `ModuleClass`. */
export interface CompiledModule {
  readonly [Symbol.toStringTag]: string;
}

type ImportValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An instance, or what stands for one: engines look at its exports only. */
export interface CoreInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

interface ExternDescriptor {
  readonly name: string;
  readonly kind: string;
}

interface ModuleClass {
  new (bytes: Uint8Array): CompiledModule;
  imports(module: CompiledModule): readonly (ExternDescriptor & { readonly module: string })[];
  exports(module: CompiledModule): readonly ExternDescriptor[];
}

/** A memory: its buffer is another one after it has grown. */
export interface CoreMemory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  readonly Module: ModuleClass;
  readonly Instance: new (module: CompiledModule, imports: ImportValues) => CoreInstance;
  readonly Memory: new (descriptor: { readonly initial: number }) => CoreMemory;
  readonly RuntimeError: new (message: string) => Error;
  /** only where there is JS Promise Integration */
  readonly Suspending?: unknown;
  readonly promising?: unknown;
}

declare const WebAssembly: WebAssemblyApi;

/** The host's WebAssembly. */
export const webAssembly: WebAssemblyApi = WebAssembly;

/** What `instantiateCore` is given. */
export type CoreImports = ImportValues;

/** Whether code may be suspended while JavaScript waits for a promise. */
export function hasPromiseIntegration(): boolean {
  return webAssembly.Suspending !== undefined && webAssembly.promising !== undefined;
}

/** Whether what was thrown is a trap: of core code, or one that an engine in JavaScript makes. */
export function isTrap(error: unknown): boolean {
  return error instanceof webAssembly.RuntimeError;
}
