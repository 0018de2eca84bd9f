// jco as an engine whose runs are recorded. Mirrors spec/15.

import { EngineError } from "../recorder/engine-error.ts";
import type { Engine } from "../recorder/run.ts";
import { hasPromiseIntegration } from "../recorder/web-assembly.ts";
import { exportAt } from "./exports.ts";
import { type JcoOptions, transpiled } from "./generated.ts";
import { jcoImports } from "./imports.ts";
import { jcoVersion } from "./version.ts";

/** Throws `EngineError` where jco does not run. */
export function jcoEngine(options: JcoOptions): Engine {
  if (!hasPromiseIntegration()) {
    const message = "jco needs JavaScript Promise Integration, which Node has from version 24 on";
    throw new EngineError("host", message);
  }
  return {
    name: "jco",
    title: jcoVersion(),
    async instantiate({ bytes, linking, instantiateCore, imports, emit, refuse }) {
      const given = jcoImports(linking, imports, emit, refuse);
      const { generated, getCoreModule } = await transpiled(bytes, options);
      const exports = await generated.instantiate(getCoreModule, given, instantiateCore);
      return (path) => exportAt(exports, path);
    },
  };
}
