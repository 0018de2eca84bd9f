import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  // examples import what they show by its public name
  resolve: {
    alias: [{ find: /^canon-async\/(.*)$/, replacement: `${import.meta.dirname}/src/$1.ts` }],
  },
  test: {
    include: ["tests/**/*.test.ts"],
    // all cores: the default leaves one of them idle, which is half of a small machine
    maxWorkers: "100%",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ["default", ["json", { outputFile: "reports/tests.json" }]],
  },
});

export default config;
