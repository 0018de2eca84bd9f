// The static checker: what a scenario says must make sense before it runs. Mirrors spec/00-scenarios.md.

import type { Component, ExportDecl, HostDecl, Scenario } from "./ast.ts";
import { checkClaims } from "./check-claims.ts";
import { checkConstant } from "./check-exprs.ts";
import {
  type CheckOptions,
  findComponent,
  hostPlace,
  type Place,
  placeIn,
  unique,
  type World,
  worldOf,
} from "./check-names.ts";
import { type BodyShape, checkBinder, checkBody } from "./check-stmts.ts";
import { checkSignature, checkTypes } from "./check-types.ts";
import { checkFuncTypes } from "./check-values.ts";
import { fault, inFile } from "./errors.ts";

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

function checkImports(place: Place, { name: self, imports }: Component): void {
  distinct(imports, "the import");
  for (const { name, pos } of imports) {
    if (name === self)
      fault(pos, `${self} imports itself`, "a `func` can be called without import");
    if (name !== "host") findComponent(place, [name], pos);
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
    if (world.types.has(name)) fault(pos, `\`${name}\` is a type already`, "rename the resource");
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
  for (const { sig, body, pos } of host.funcs) {
    checkSignature(place, sig, pos);
    const params = sig.params.map((p) => p.name);
    const { result } = sig;
    checkBody({ place, kind: "host", params, result, returns: result, pos }, body);
  }
  for (const { body, pos } of host.processes) {
    checkBody({ place, kind: "process", params: [], result: null, returns: undefined, pos }, body);
  }
}

/** Also the nested ones: a name means one component in the whole scenario. */
function everyComponent(components: readonly Component[]): readonly Component[] {
  return components.flatMap((c) => [c, ...everyComponent(c.children)]);
}

/** Throws one `ScenarioError` for the first thing in `s` that does not make sense. */
export function checkScenario(s: Scenario, file: string, options: CheckOptions = {}): void {
  inFile(file, () => {
    const world = worldOf(s, options);
    const outside = hostPlace(world);
    distinct(everyComponent(s.components), "the component");
    checkTypes(outside);
    for (const c of s.components) checkComponent(world, [], c);
    if (s.host !== null) checkHost(outside, s.host);
    checkFuncTypes(s);
    checkClaims(outside);
  });
}
