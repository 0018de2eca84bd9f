// Every function and operation of the host, numbered: what `CoreFunc.code` names. Mirrors spec/09.

import type { InstanceId } from "../model/ids.ts";
import type { CoreFunc } from "../model/program.ts";
import { clockFunctions } from "./clocks/functions.ts";
import { fileFunctions } from "./files/functions.ts";
import { fixtureFunctions } from "./fixture.ts";
import type { Bodies, Body } from "./host.ts";
import { preview2Functions } from "./preview2/functions.ts";
import { programFunctions } from "./program/functions.ts";
import { randomFunctions } from "./random/functions.ts";
import { reaperBody } from "./reaper.ts";
import { operationBody } from "./serve.ts";
import { socketFunctions } from "./sockets/functions.ts";
import { operationCode } from "./start-operation.ts";
import { stdioFunctions } from "./stdio/functions.ts";

/** The functions by key: interface without version, resource if any, name. */
export const functions: Bodies = {
  ...fileFunctions,
  ...socketFunctions,
  ...stdioFunctions,
  ...clockFunctions,
  ...programFunctions,
  ...randomFunctions,
  ...preview2Functions,
  ...fixtureFunctions,
};

const keys: readonly string[] = Object.keys(functions);

/** All bodies: the operations', the reaper's, the functions'. */
export const codes: readonly Body[] = [operationBody, reaperBody, ...Object.values(functions)];

const reaperCode = 1;

const firstFunction = 2;

/** Whether a body is one of the host's own, not a function that a guest calls. */
export function isOperation(code: number): boolean {
  return code === operationCode || code === reaperCode;
}

/** What the reaper's thread runs, in the host's instance. */
export function reaper(instance: InstanceId): CoreFunc {
  return { guest: "wasi", instance, code: reaperCode };
}

/** The code index of a function: `wasi:filesystem/types.descriptor.open-at`; throws if there is none. */
export function wasiCode(func: string): number {
  const at = keys.indexOf(func);
  if (at === -1) throw new Error(`the host has no function ${func}`);
  return firstFunction + at;
}
