// Where the components are that are run under jco.

import { fileURLToPath } from "node:url";
import type { JcoRun } from "./jco-run.ts";

export const traces: string = fileURLToPath(new URL("jco", import.meta.url));

/** The file of a run's component; one of them is that of the README. */
export function textOf({ component }: JcoRun): string {
  const folder = component === "account" ? "../../docs" : "components";
  return fileURLToPath(new URL(`${folder}/${component}.wat`, import.meta.url));
}
