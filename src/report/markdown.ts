// Markdown for the generated parts of the book: tables, cells and links between files of the repository.

/** Text that may stand in a cell of a table. */
export function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

export const code = (text: string): string => `\`${cell(text)}\``;

/** The path from one file to another, both relative to the same root. */
export function relativePath(from: string, to: string): string {
  const folders = from.split("/").slice(0, -1);
  const parts = to.split("/");
  let common = 0;
  while (common < folders.length && folders[common] === parts[common]) common += 1;
  return [...folders.slice(common).map(() => ".."), ...parts.slice(common)].join("/");
}

/** A link from one file to another; it is called like the file if nothing else is said. */
export function link(from: string, to: string, text: string = to.split("/").at(-1) ?? to): string {
  return `[${text}](${relativePath(from, to)})`;
}
