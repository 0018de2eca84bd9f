// The static checker: what a scenario says must make sense before it runs. Mirrors spec/00-scenarios.md.

import { SettingError } from "../wasi/choice-points.ts";
import { didYouMean } from "../wit/spelling.ts";
import { lackFor } from "./about.ts";
import type { Component, ExportDecl, HostDecl, Scenario } from "./ast.ts";
import type { Pos } from "./ast-types.ts";
import { checkClaims } from "./check-claims.ts";
import { checkConstant } from "./check-constants.ts";
import {
  type CheckOptions,
  findComponent,
  hostPlace,
  type Place,
  placeIn,
  unique,
  type World,
  wasiType,
  worldOf,
} from "./check-names.ts";
import { checkSplit } from "./check-split.ts";
import { type BodyShape, checkBinder, checkBody } from "./check-stmts.ts";
import { checkSignature, checkTypes } from "./check-types.ts";
import { checkFuncTypes } from "./check-values.ts";
import { everyComponent } from "./components.ts";
import { Fault, fault, inFile } from "./errors.ts";
import {
  checkDesign,
  checkExport2022,
  checkHostFunc2022,
  valueOf2022,
} from "./proposal-2022/check.ts";
import { is2022 } from "./proposal-2022/types.ts";
import { meaningOfAll, type Setting } from "./settings.ts";
import { checkWasi, variantOf, variantsOf } from "./wasi-block.ts";
import { findInterface, isInterfaceName, withoutVersion } from "./wasi-names.ts";

interface Named {
  readonly name: string;
  readonly pos: Scenario["pos"];
}

function distinct(items: readonly Named[], what: string): void {
  unique(
    items,
    (item) => item.name,
    (item) => item.pos,
    what,
  );
}

function checkVars(place: Place, vars: Component["vars"]): void {
  distinct(vars, "the variable");
  const code = { place, scope: { names: new Set<string>(), outer: null }, returns: undefined };
  for (const { name, value, pos } of vars) {
    checkBinder(place, name, pos);
    checkConstant(code, value, "a `var` line");
  }
}

function checkInterface({ world }: Place, name: string, pos: Pos): void {
  const { wasi } = world;
  if (wasi === null || findInterface(wasi, name) !== null) return;
  const known = wasi.interfaces.map(({ id }) => id);
  const bare = known.map(withoutVersion);
  const hint = didYouMean(name, name.includes("@") ? known : bare);
  fault(pos, `there is no interface \`${name}\``, hint ?? `there is ${bare.join(", ")}`);
}

function checkImports(place: Place, { name: self, imports }: Component): void {
  distinct(
    imports.map(({ name, pos }) => ({ name: withoutVersion(name), pos })),
    "the import",
  );
  for (const { name, pos } of imports) {
    if (name === self)
      fault(pos, `${self} imports itself`, "a `func` can be called without import");
    if (isInterfaceName(name)) checkInterface(place, name, pos);
    else if (name !== "host") findComponent(place, [name], pos);
    else if (place.world.scenario.host === null) {
      fault(pos, "this scenario has no host to import", "add `host { .. }`");
    }
  }
}

function checkLift({ name, sig, mode, onEvent, postReturn, pos }: ExportDecl): void {
  if (mode !== "sync" && !sig.async) {
    fault(pos, `\`${name}\` is lifted ${mode}, but it is not async`, "write `async func`");
  }
  if (mode === "callback" && onEvent === null) {
    fault(pos, `the callback export \`${name}\` has no \`on event\``, "on event(e, i, p) { .. }");
  }
  if (mode !== "sync" && postReturn !== null) {
    fault(
      pos,
      `\`${name}\` has a post-return, but it is lifted ${mode}`,
      "only sync lifts have one",
    );
  }
}

function checkExport(place: Place, e: ExportDecl): void {
  if (is2022(place.world.scenario)) {
    checkExport2022(place, e);
    return;
  }
  checkSignature(place, e.sig, e.pos);
  checkLift(e);
  const { result } = e.sig;
  const shape: BodyShape = {
    place,
    kind: e.mode,
    params: e.sig.params.map((p) => p.name),
    result,
    returns: result,
    pos: e.pos,
  };
  checkBody(shape, e.body);
  if (e.onEvent !== null) checkBody({ ...shape, params: e.onEvent.params }, e.onEvent.body);
  if (e.onCancel !== undefined) checkBody(shape, e.onCancel);
  if (e.postReturn !== null) {
    checkBody({ ...shape, kind: "core", params: [], result: null }, e.postReturn);
  }
}

function checkFuncs(place: Place, c: Component): void {
  distinct(c.funcs, "the function");
  for (const func of [...c.funcs, ...(c.realloc === null ? [] : [c.realloc])]) {
    const { name, params, body, pos } = func;
    checkBinder(place, name, pos);
    if (func === c.realloc && params.length !== 4) {
      fault(pos, "realloc takes 4 arguments", "realloc(old, old-size, align, size)");
    }
    checkBody({ place, kind: "core", params, result: undefined, returns: undefined, pos }, body);
  }
  for (const { dtor, pos } of c.resources) {
    if (dtor === null) continue;
    const { param, body } = dtor;
    checkBody(
      { place, kind: "core", params: [param], result: null, returns: undefined, pos },
      body,
    );
  }
}

const mostBytes = 2 ** 20;

function checkMemory({ name, memory, pos }: Component): void {
  const { bytes } = memory;
  if (Number.isInteger(bytes) && bytes > 0 && bytes <= mostBytes) return;
  fault(pos, `the memory of ${name} has ${bytes} bytes`, `it has 1 to ${mostBytes}`);
}

function checkComponent(world: World, within: readonly Component[], c: Component): void {
  const place = placeIn(world, within, c);
  checkMemory(c);
  checkImports(place, c);
  distinct(c.resources, "the resource");
  for (const { name, pos } of c.resources) {
    const taken = world.types.has(name) || wasiType(place, { path: [name], pos }) !== null;
    if (taken) fault(pos, `\`${name}\` is a type already`, "rename the resource");
  }
  checkVars(place, c.vars);
  distinct(c.exports, "the export");
  for (const e of c.exports) checkExport(place, e);
  checkFuncs(place, c);
  for (const child of c.children) checkComponent(world, place.within, child);
}

function checkHost(place: Place, host: HostDecl): void {
  checkVars(place, host.vars);
  distinct(host.funcs, "the host function");
  distinct(host.processes, "the process");
  for (const func of is2022(place.world.scenario) ? host.funcs : []) checkHostFunc2022(func);
  for (const { sig, body, pos } of host.funcs) {
    checkSignature(place, sig, pos);
    const params = sig.params.map((p) => p.name);
    const result = is2022(place.world.scenario) ? valueOf2022(sig) : sig.result;
    checkBody({ place, kind: "host", params, result, returns: result, pos }, body);
  }
  for (const { body, pos } of host.processes) {
    checkBody({ place, kind: "process", params: [], result: null, returns: undefined, pos }, body);
  }
}

/** Also the nested ones: a name means one component in the whole scenario. */
/** With the interfaces of one variant of the WASI host. */
function checkWorld(world: World, variant: string): void {
  const { scenario: s } = world;
  const outside = hostPlace(world);
  checkTypes(outside);
  for (const c of s.components) checkComponent(world, [], c);
  if (s.host !== null) checkHost(outside, s.host);
  checkFuncTypes(s, variant);
  checkClaims(outside);
}

/** Under another variant than its own, with an error that says so. */
function checkOther(s: Scenario, options: CheckOptions, variant: string): void {
  try {
    checkWorld(worldOf(s, options, variant), variant);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { pos, message, hint, expected } = error;
    fault(pos, `under variant ${variant}, ${message}`, hint, expected);
  }
}

/** Throws `SettingError` where a scenario that was checked cannot be run under `settings`. */
export function checkSettings(s: Scenario, settings: readonly Setting[]): void {
  for (const one of settings) {
    const lack = lackFor(s, one);
    if (lack !== null) {
      throw new SettingError(`this scenario has no ${lack.what}, so nothing of it is set`);
    }
  }
  const { wasi } = meaningOfAll(settings);
  if (wasi.variant === "any") throw new SettingError("a search is about one variant, not any");
  if (s.binary !== undefined) return;
  const split = settings.some(({ name, value }) => name === "abi" && value === "split");
  if (split) asSetting(() => checkSplit(s));
  const variant = variantOf(s, wasi);
  if (!variantsOf(s).includes(variant)) asSetting(() => checkOther(s, {}, variant));
}

/** Does a check whose faults are those of a setting. */
function asSetting(check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const { pos, message } = error;
    throw new SettingError(`line ${pos.line}:${pos.column}: ${message}`);
  }
}

/** Throws one `ScenarioError` for the first thing in `s` that does not make sense. */
export function checkScenario(s: Scenario, file: string, options: CheckOptions = {}): void {
  inFile(file, () => {
    distinct(everyComponent(s.components), "the component");
    checkDesign(s);
    checkWasi(s);
    const [own = "", ...others] = variantsOf(s);
    checkWorld(worldOf(s, options, own), own);
    for (const variant of others) checkOther(s, options, variant);
  });
}
