import { configDefaults, defineConfig, type ViteUserConfig } from "vitest/config";

/**
 * The deterministic suites, each of which may run once per mutant; but for those that explore the
 * whole book again, and those about processes, threads and files.
 */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["tests/{conformance,book,unit}/**/*.test.ts"],
    exclude: [
      ...configDefaults.exclude,
      "tests/book/{bookkeeping,reductions}.test.ts",
      "tests/unit/{bench,checkpoint,merge,minimize,shard,simulate,workers}.test.ts",
    ],
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

export default config;
