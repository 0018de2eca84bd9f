// The interface that scenarios get pollables from: the split host's, under either ABI. Mirrors spec/11.

import { pollablesKey } from "../history/isyswasfa/interfaces.ts";
import type { SplitHost } from "../history/isyswasfa/protocol.ts";
import type { Component, Scenario } from "./ast.ts";
import type { WasiFunc, WasiInterface, WasiNames } from "./wasi-names.ts";

const id = `${pollablesKey}@0.1.0`;

/** Whether an import names that interface. */
export function isPollables(name: string): boolean {
  return name === pollablesKey || name === id;
}

const importsThem = ({ imports, children }: Component): boolean =>
  imports.some(({ name }) => isPollables(name)) || children.some(importsThem);

/** Whether a component imports it. */
export function usesPollables({ components }: Scenario): boolean {
  return components.some(importsThem);
}

/** `subscribe` and `block` are functions of the interface, the rest of the resource. */
const parts = [
  [`${pollablesKey}.`, "pollables."],
  ["wasi:io/poll.pollable.", "pollable."],
] as const;

function funcsOf({ funcs }: SplitHost): readonly WasiFunc[] {
  return parts.flatMap(([prefix, called]) =>
    funcs
      .filter(({ key }) => key.startsWith(prefix) && !key.endsWith(".drop"))
      .map(({ key, ft }) => ({ key, name: called + key.slice(prefix.length), ft })),
  );
}

function interfaceOf(host: SplitHost): WasiInterface {
  const pollable = { tag: "own", rt: host.resource("wasi:io/poll.pollable") } as const;
  const funcs = new Map(funcsOf(host).map((f) => [f.name, f]));
  return { id, pack: "testing", funcs, types: new Map([["pollable", pollable]]) };
}

/** The interfaces of a WASI host, if there is one, and that of a split host. */
export function withPollables(wasi: WasiNames | null, host: SplitHost | null): WasiNames | null {
  if (host === null) return wasi;
  const { interfaces, resources } = wasi ?? { interfaces: [], resources: [] };
  return { interfaces: [...interfaces, interfaceOf(host)], resources };
}
