// Mutation testing of the theory itself: what exists (model) and how it moves (canon).
export default {
  mutate: ["src/model/**/*.ts", "src/canon/**/*.ts"],
  plugins: ["@stryker-mutator/vitest-runner", "./lint/stryker-assertions.mjs"],
  ignorers: ["assertions"],
  testRunner: "vitest",
  vitest: { configFile: "vitest.mutation.config.ts", related: false },
  coverageAnalysis: "perTest",
  ignoreStatic: true,
  concurrency: 2,
  // Stryker would rewrite tsconfig.json through the compiler's API, which TypeScript 7 no longer
  // has. All paths in it stay inside the project, so there is nothing to rewrite: name no file.
  tsconfigFile: "none",
  ignorePatterns: ["/dist", "/bench"],
  dryRunTimeoutMinutes: 15,
  reporters: ["clear-text", "progress", "json"],
  jsonReporter: { fileName: "reports/mutation.json" },
  thresholds: { high: 95, low: 90, break: 90 },
};
