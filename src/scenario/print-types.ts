// Names, types and signatures as text.

import type { Name, Signature, TypeBody, TypeDecl, TypeExpr } from "./ast-types.ts";
import { typeWords } from "./grammar-types.ts";

const joining: ReadonlySet<string> = new Set(["and", "or", "not", "else"]);

/** A name where one is declared: only words that join lines need `%`. */
export function printLabel(text: string): string {
  return joining.has(text) ? `%${text}` : text;
}

function printPath({ path }: Name): string {
  const [only] = path;
  if (path.length === 1 && only !== undefined && typeWords.includes(only)) return `%${only}`;
  return path.map(printLabel).join(".");
}

function printResult(ok: TypeExpr | null, error: TypeExpr | null): string {
  if (error !== null) return `result<${ok === null ? "_" : printType(ok)}, ${printType(error)}>`;
  return ok === null ? "result" : `result<${printType(ok)}>`;
}

function printEnd({ tag, t, end }: TypeExpr & { tag: "stream" | "future" }): string {
  const payload = t === null ? "_" : printType(t);
  if (end !== undefined) return `${tag}<${payload}, ${printType(end)}>`;
  return t === null ? tag : `${tag}<${payload}>`;
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
      return printEnd(t);
    case "own":
    case "borrow":
      return `${t.tag}<${t.resource.path.map(printLabel).join(".")}>`;
    case "none":
      return "_";
    case "named":
      return printPath(t.name);
  }
}

export function printSignature({ async, params, result }: Signature): string {
  const names = params.map((p) => `${printLabel(p.name)}: ${printType(p.t)}`).join(", ");
  const arrow = result === null ? "" : ` -> ${printType(result)}`;
  return `${async ? "async " : ""}func(${names})${arrow}`;
}

function printBody(body: TypeBody): string {
  switch (body.tag) {
    case "record":
      return `record { ${body.fields.map((f) => `${printLabel(f.label)}: ${printType(f.t)}`).join(", ")} }`;
    case "variant":
      return `variant { ${body.cases.map((c) => printLabel(c.label) + (c.t === null ? "" : `(${printType(c.t)})`)).join(", ")} }`;
    case "enum":
    case "flags":
      return `${body.tag} { ${body.labels.map(printLabel).join(", ")} }`;
    case "alias":
      return printType(body.t);
  }
}

export function printTypeDecl({ name, body }: TypeDecl): string {
  return `type ${printLabel(name)} = ${printBody(body)}`;
}
