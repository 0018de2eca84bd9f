// The functions of a program with their names, and whether a trace leaves them out. Mirrors spec/15.

import type { Ctx } from "../canon/machine.ts";
import type { CoreFunc, CoreImport, Program } from "../model/program.ts";
import { namesOfCore, namesOfImported } from "./names.ts";

export interface KnownFunc {
  /** what the model writes; null: it has no name */
  readonly name: string | null;
  readonly names: ReadonlySet<string>;
  /** its crossings are not recorded */
  readonly omitted: boolean;
}

/** Looks up each function once. */
export class KnownNames {
  readonly #program: Program;
  readonly #omits: ReadonlySet<string>;
  readonly #imports = new WeakMap<CoreImport, KnownFunc>();
  /** by interpreter and code */
  readonly #cores = new Map<string, (KnownFunc | undefined)[]>();

  constructor(program: Program, omits: ReadonlySet<string>) {
    this.#program = program;
    this.#omits = omits;
  }

  ofImport(callee: CoreImport): KnownFunc {
    const known = this.#imports.get(callee);
    if (known !== undefined) return known;
    const made = this.#known(namesOfImported(this.#program, callee));
    this.#imports.set(callee, made);
    return made;
  }

  ofCore(c: Ctx, core: CoreFunc): KnownFunc {
    const { guest, code } = core;
    const known = this.#cores.get(guest)?.[code];
    if (known !== undefined) return known;
    const made = this.#known(namesOfCore(c.guests, core));
    const all = this.#cores.get(guest) ?? [];
    all[code] = made;
    this.#cores.set(guest, all);
    return made;
  }

  #known(names: readonly string[]): KnownFunc {
    const omitted = names.some((name) => this.#omits.has(name));
    return { name: names[0] ?? null, names: new Set(names), omitted };
  }
}
