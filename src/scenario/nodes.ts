// Finds the nodes of a kind in any part of a syntax tree.

type Node = Readonly<Record<string, unknown>>;

const isNode = (part: unknown): part is Node => typeof part === "object" && part !== null;

/** Every node with this tag in `part`, the outer ones first, but for those inside nodes to skip. */
export function nodesIn(
  part: unknown,
  tag: string,
  skip: (node: Node) => boolean = () => false,
): readonly Node[] {
  if (Array.isArray(part)) return part.flatMap((one) => nodesIn(one, tag, skip));
  if (!isNode(part) || skip(part)) return [];
  const inside = Object.values(part).flatMap((one) => nodesIn(one, tag, skip));
  return part.tag === tag ? [part, ...inside] : inside;
}
