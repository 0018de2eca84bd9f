// Checks the names of imports and exports against each other and against types. Mirrors spec/14 and Binary.md, "Import and Export Definitions".

import type { ResourceTypeId } from "../model/ids.ts";
import type { FuncType, ValType } from "../model/types.ts";
import type { ExternName } from "./ast.ts";
import { type Check, type NameScope, refuse, refuseIf, refuseUnless } from "./check-scope.ts";
import { type ParsedName, parseName, uniqueKey } from "./extern-names.ts";
import type { ExternType } from "./types.ts";
import { isCanonVersion, versionError } from "./versions.ts";

interface In {
  readonly check: Check;
  readonly names: NameScope;
}

/** The function gets or gives a resource of the type that its name mentions. */
function resourceWhy(names: NameScope, used: ResourceTypeId, expected: string): string | null {
  const label = names.resources.get(used);
  if (label === undefined) return "resource used in function does not have a name in this context";
  return label === expected ? null : `function does not match expected resource name \`${label}\``;
}

/** The resource type that a constructor makes. */
function constructed(result: ValType): ResourceTypeId | null {
  if (result.tag === "own") return result.rt;
  return result.tag === "result" && result.ok?.tag === "own" ? result.ok.rt : null;
}

function constructorWhy(names: NameScope, { result }: FuncType, resource: string): string | null {
  if (result === null) return "function should return one value";
  const made = constructed(result);
  if (made === null) return "function should return `(own $T)` or `(result (own $T))`";
  return resourceWhy(names, made, resource);
}

function methodWhy(names: NameScope, { params }: FuncType, resource: string): string | null {
  const [self] = params;
  if (self === undefined) return "function should have at least one argument";
  if (self.name !== "self") return "function should have a first argument called `self`";
  if (self.t.tag !== "borrow") return "function should take a first argument of `(borrow $T)`";
  return resourceWhy(names, self.t.rt, resource);
}

function annotationWhy(names: NameScope, parsed: ParsedName, ft: FuncType): string | null {
  switch (parsed.tag) {
    case "constructor":
      return constructorWhy(names, ft, parsed.resource);
    case "method":
      return methodWhy(names, ft, parsed.resource);
    case "static": {
      const known = names.labels.has(parsed.resource);
      return known ? null : "static resource name is not known in this context";
    }
    default:
      return null;
  }
}

function checkAnnotation(at: In, name: string, parsed: ParsedName, extern: ExternType): void {
  if (parsed.tag === "label" || parsed.tag === "interface") return;
  const what = `${at.names.what} name \`${name}\``;
  if (extern.tag !== "func") refuse(at, `${what} is not a func`);
  const why = annotationWhy(at.names, parsed, extern.type);
  refuseIf(at, why && `${what} is not valid: ${why}`);
}

function checkImplements(at: In, name: ExternName, parsed: ParsedName, extern: ExternType): void {
  if (name.implements === null) return;
  const value = parseName(name.implements);
  const what = `\`${name.implements}\``;
  if (value.tag === "error") refuse(at, `${what} is not a valid name: ${value.why}`);
  const isInterface = value.tag === "interface";
  refuseUnless(at, isInterface, `name ${what} of \`implements\` must be an interface`);
  const isInstance = extern.tag === "instance";
  refuseUnless(at, isInstance, "only instances can have an `implements`");
  const plain = parsed.tag === "label";
  refuseUnless(at, plain, `name \`${name.name}\` is not valid with \`implements\``);
}

function checkSuffix(at: In, { versionSuffix }: ExternName, parsed: ParsedName): void {
  if (versionSuffix === null) return;
  const version = parsed.tag === "interface" ? parsed.version : null;
  if (version === null || !isCanonVersion(version)) {
    refuse(at, "`versionsuffix` is only valid after a canonical version");
  }
  refuseIf(at, versionError(version + versionSuffix));
}

function checkUnique({ check, names }: In, name: string): void {
  const key = uniqueKey(name);
  const previous = names.names.get(key);
  const why = `${names.what} name \`${name}\` conflicts with previous name \`${previous}\``;
  refuseUnless({ check }, previous === undefined, why);
  names.names.set(key, name);
}

/** Adds an import or export to those of one list; refuses it if its name may not stand there. */
export function checkName(at: In, name: ExternName, extern: ExternType): void {
  const parsed = parseName(name.name);
  const what = `${at.names.what} name \`${name.name}\``;
  if (parsed.tag === "error") refuse(at, `${what} is not a valid extern name: ${parsed.why}`);
  checkImplements(at, name, parsed, extern);
  checkSuffix(at, name, parsed);
  checkAnnotation(at, name.name, parsed, extern);
  checkUnique(at, name.name);
  if (parsed.tag === "label" && extern.tag === "type" && extern.type.tag === "resource") {
    at.names.resources.set(extern.type.type, name.name);
    at.names.labels.add(name.name);
  }
}
