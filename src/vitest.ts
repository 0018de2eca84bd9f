// Vitest's `expect` with the matchers of this package: importing this module is enough. Mirrors spec/15-oracle.md.

import { expect } from "vitest";
import { matchers, type OutcomeMatchers } from "./matchers.ts";

declare module "vitest" {
  interface Matchers<T> extends OutcomeMatchers {}
}

expect.extend({ ...matchers });
