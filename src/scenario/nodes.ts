// Finds the nodes of a kind in any part of a syntax tree.

import type { Stmt } from "./ast.ts";
import type { Expr } from "./ast-exprs.ts";
import type { TypeExpr } from "./ast-types.ts";

type Node = Stmt | Expr | TypeExpr;

/** The nodes that have this tag. */
type Tagged<T extends Node["tag"]> = Node & { readonly tag: T };

/** Whether a node, or anything else in a tree, has this tag. */
export function hasTag<T extends Node["tag"]>(part: object, tag: T): part is Tagged<T> {
  return "tag" in part && part.tag === tag;
}

const isObject = (part: unknown): part is object => typeof part === "object" && part !== null;

/** Every node with this tag in `part`, the outer ones first, but for those inside nodes to skip. */
export function nodesIn<T extends Node["tag"]>(
  part: unknown,
  tag: T,
  skip: (node: object) => boolean = () => false,
): readonly Tagged<T>[] {
  if (!isObject(part) || skip(part)) return [];
  const inside = Object.values(part).flatMap((one) => nodesIn(one, tag, skip));
  return hasTag(part, tag) ? [part, ...inside] : inside;
}
