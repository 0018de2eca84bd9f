// Jest's `expect` with the matchers of this package: importing this module is enough. Mirrors spec/15-oracle.md.

import { expect } from "@jest/globals";
import { matchers, type OutcomeMatchers } from "./matchers.ts";

declare module "expect" {
  // biome-ignore lint/style/noRestrictedGlobals: a type parameter of Jest, as it is declared there
  interface Matchers<R extends void | Promise<void>, T> extends OutcomeMatchers<R> {}
}

expect.extend({ ...matchers });
