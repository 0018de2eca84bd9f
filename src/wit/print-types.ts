// Names, types and signatures as text.

import type { FuncExpr, Name, PackageName, Param, TypeExpr, UsePath } from "./ast.ts";
import { keywords, typeWords } from "./words.ts";

/** A name where one is declared: keywords need `%`. */
export function printWord(text: string): string {
  return keywords.has(text) ? `%${text}` : text;
}

export function printName({ name }: Name): string {
  return printWord(name);
}

function printVersion(version: string | null): string {
  return version === null ? "" : `@${version}`;
}

function printPackageNames({ namespaces, names }: PackageName): string {
  return `${namespaces.map(printWord).join(":")}:${names.map(printWord).join("/")}`;
}

export function printPackageName(name: PackageName): string {
  return printPackageNames(name) + printVersion(name.version);
}

export function printPath({ package: of, name }: UsePath): string {
  if (of === null) return printWord(name);
  return `${printPackageNames(of)}/${printWord(name)}${printVersion(of.version)}`;
}

function printResult(ok: TypeExpr | null, error: TypeExpr | null): string {
  if (error !== null) return `result<${ok === null ? "_" : printType(ok)}, ${printType(error)}>`;
  return ok === null ? "result" : `result<${printType(ok)}>`;
}

export function printType(t: TypeExpr): string {
  switch (t.tag) {
    case "prim":
      return t.name;
    case "list":
      return `list<${printType(t.t)}${t.length === null ? "" : `, ${t.length}`}>`;
    case "tuple":
      return `tuple<${t.ts.map(printType).join(", ")}>`;
    case "option":
      return `option<${printType(t.t)}>`;
    case "result":
      return printResult(t.ok, t.error);
    case "map":
      return `map<${printType(t.k)}, ${printType(t.v)}>`;
    case "stream":
    case "future":
      return t.t === null ? t.tag : `${t.tag}<${printType(t.t)}>`;
    case "own":
    case "borrow":
      return `${t.tag}<${printName(t.resource)}>`;
    case "named":
      return typeWords.includes(t.name) ? `%${t.name}` : printWord(t.name);
  }
}

/** `(a: T, ..) -> T` */
export function printSignature(params: readonly Param[], result: TypeExpr | null): string {
  const list = params.map((param) => `${printName(param.name)}: ${printType(param.t)}`).join(", ");
  return `(${list})${result === null ? "" : ` -> ${printType(result)}`}`;
}

export function printFunc({ async, params, result }: FuncExpr): string {
  return `${async ? "async " : ""}func${printSignature(params, result)}`;
}
