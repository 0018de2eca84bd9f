// Exports of a component as jco makes them. Mirrors spec/15.

import { camelCase } from "../../embedding/to-js.ts";
import { EngineError } from "../recorder/engine-error.ts";
import type { JsFunc } from "../recorder/host-imports.ts";

/** What the generated module's `instantiate` gives. */
type Exports = Readonly<Record<string, unknown>>;

function isExports(value: unknown): value is Exports {
  return typeof value === "object" && value !== null;
}

/** What a function is in JavaScript: an instance may be there under its name without a version. */
export function exportAt(exports: Exports, path: string): JsFunc {
  const hash = path.indexOf("#");
  const instance = path.slice(0, Math.max(hash, 0));
  const inside = exports[instance] ?? exports[instance.replace(/@.*$/, "")];
  const from = hash === -1 ? exports : inside;
  const found = isExports(from) ? from[camelCase(path.slice(hash + 1))] : undefined;
  if (typeof found === "function") return (...args) => found.apply(from, args);
  throw new EngineError("unsupported", `jco has made no function of the export ${path}`);
}
