// Names of interfaces up to compatible versions. Mirrors spec/14 and Explainer.md, "Canonical Interface Name".

/** The part of a version that compatible ones share: `1`, `0.3`, or `0.0.7`. */
function canonicalVersion(version: string): string {
  const [major = "", minor, patch = ""] = version.split(/[.+-]/);
  if (major !== "0" || minor === undefined) return major;
  return minor === "0" && patch !== "" ? `0.0.${patch}` : `0.${minor}`;
}

/** `a:b/c@1.2.3` as `a:b/c@1`: the same for all versions that may stand for each other. */
export function canonicalName(name: string): string {
  const at = name.lastIndexOf("@");
  if (at === -1) return name;
  return `${name.slice(0, at)}@${canonicalVersion(name.slice(at + 1))}`;
}
