// The model's view of a component that an engine runs. Mirrors spec/15.

import { checkComponent } from "../../component/check.ts";
import { decodeComponent } from "../../component/decode.ts";
import { type Linked, linkComponents } from "../../component/instantiate.ts";
import { revisions } from "../../model/amendments.ts";
import { Invalid } from "../../wasm/invalid.ts";

/**
 * A component linked under the newest revision that it is valid under; what it imports is the engine's affair.
 * Throws `Invalid`.
 */
export function linkedOf(bytes: Uint8Array): Linked {
  const component = decodeComponent(bytes);
  let why: unknown = null;
  for (const { amendments } of Object.values(revisions).toReversed()) {
    try {
      checkComponent(component, new Set(amendments));
      const name = component.names.component ?? "component";
      return linkComponents([{ name, component }], { unknownImports: "recorded" });
    } catch (error) {
      if (!(error instanceof Invalid)) throw error;
      why ??= error;
    }
  }
  throw why;
}
