import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * The deterministic suites, each of which may run once per mutant; all but the one that explores the
 * whole book a second time, for its coverage.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["tests/{conformance,book,unit}/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "tests/book/bookkeeping.test.ts"],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
