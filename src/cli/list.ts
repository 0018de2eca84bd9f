// `list`: the tables of what there is.

import { tables, tableText } from "../report/lists.ts";
import { exitCodes, type Io, paintOf, print } from "./io.ts";

/** The names that `list` knows. */
export const tableNames: readonly string[] = Object.keys(tables);

/** Prints one table, or all of them under their names. */
export function list(io: Io, name: string | undefined): number {
  const { strong } = paintOf(io);
  if (name !== undefined) print(io, tableText(name) ?? []);
  else for (const each of tableNames) print(io, [strong(each), ...indented(each), ""]);
  return exitCodes.ok;
}

function indented(name: string): readonly string[] {
  return (tableText(name) ?? []).map((line) => `  ${line}`);
}
