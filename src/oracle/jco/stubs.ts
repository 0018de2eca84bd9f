// What jco is given for imports whose calls are not recorded: components import much that they never call. Mirrors spec/15.

import type { Linking } from "../../component/items.ts";
import { hostInstance } from "../../component/wasi.ts";
import { camelCase } from "../../embedding/to-js.ts";
import type { JsFunc } from "../recorder/host-imports.ts";

/** By the interface, without its version, and the name in JavaScript. */
export type Imports = Record<string, Record<string, JsFunc>>;

function put(imports: Imports, imported: string, name: string, func: JsFunc): void {
  const at = imports[imported] ?? {};
  imports[imported] = at;
  at[name] = func;
}

function className(resource: string): string {
  const name = camelCase(resource);
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}

/** The model's names: `wasi:io/streams.output-stream` of WASI, `a:b/c@1.0.0 thing` of others. */
function split(name: string): readonly [string, string] {
  const at = name.search(/ |\.(?=[^.\d])/);
  return [name.slice(0, at).replace(/@.*$/, ""), name.slice(at + 1)];
}

/** Adds the functions of WASI and the classes of the host's resources: who calls one is refused. */
export function addStubs(
  imports: Imports,
  { funcs, resourceTypes }: Linking,
  refuse: (message: string) => never,
): void {
  const stub = (name: string): JsFunc => {
    // jco makes objects of classes, so it has to be a function that `new` takes
    return function refused() {
      refuse(`the component calls ${name}: what it does is not recorded`);
    };
  };
  for (const { name } of funcs) {
    const [imported, func] = split(name);
    if (name.startsWith("wasi:") && /^[a-z0-9-]+$/.test(func)) {
      put(imports, imported, camelCase(func), stub(name));
    }
  }
  for (const { name, impl } of resourceTypes) {
    const [imported, resource] = split(name);
    if (impl === hostInstance) put(imports, imported, className(resource), stub(name));
  }
}
