// Mutation testing leaves assertions alone: they state what must hold anyway, so weakening one
// changes nothing that a run can show. A failing assertion has tests of its own.
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

const silent = new Set(["assert"]);

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, "assertions", {
    shouldIgnore(path) {
      if (!path.isCallExpression()) return undefined;
      const { callee } = path.node;
      return callee.type === "Identifier" && silent.has(callee.name)
        ? "An assertion holds by design; no run shows whether it is checked."
        : undefined;
    },
  }),
];
