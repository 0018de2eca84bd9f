// Rows of the JSON tables of the book: reading them field by field, and naming what is wrong with one.

/** A row that is not checked yet. */
type Row = Readonly<Record<string, unknown>>;

/** What reads the fields of one row; each throws an `Error` that names the file and the row. */
export interface RowReader {
  readonly id: string;
  fail(problem: string): never;
  oneOf<T extends string>(field: string, allowed: readonly T[]): T;
  /** a text that is not empty */
  text(field: string): string;
  /** one or more sentences */
  prose(field: string): string;
  flag(field: string): boolean;
  /** a list of names; empty if the field is missing */
  names(field: string): readonly string[];
}

function readerOf(file: string, id: string, row: Row): RowReader {
  const fail = (problem: string): never => {
    throw new Error(`${file}, row ${id}: ${problem}`);
  };
  const text = (field: string): string => {
    const value = row[field];
    return typeof value === "string" && value !== "" ? value : fail(`"${field}" is missing`);
  };
  return {
    id,
    fail,
    text,
    oneOf: (field, allowed) =>
      allowed.find((word) => word === row[field]) ??
      fail(`"${field}" is one of ${allowed.join(", ")}`),
    prose(field) {
      const value = text(field);
      return value.endsWith(".") ? value : fail(`"${field}" does not end with a full stop`);
    },
    flag(field) {
      const value = row[field];
      return typeof value === "boolean" ? value : fail(`"${field}" is true or false`);
    },
    names(field) {
      const value = row[field] ?? [];
      const good = Array.isArray(value) && value.every((name) => typeof name === "string");
      return good ? value : fail(`"${field}" is a list of names`);
    },
  };
}

/** Reads a list of rows that have an `id` and no fields but these. */
export function readRows<T>(
  file: string,
  json: unknown,
  fields: readonly string[],
  read: (of: RowReader) => T,
): readonly T[] {
  if (!Array.isArray(json)) throw new Error(`${file} is a list of rows`);
  return json.map((value: unknown, i) => {
    const row = typeof value === "object" && value !== null ? (value as Row) : {};
    const of = readerOf(file, typeof row.id === "string" ? row.id : `number ${i + 1}`, row);
    const odd = Object.keys(row).find((field) => !fields.includes(field));
    if (odd !== undefined) of.fail(`"${odd}" means nothing here`);
    of.text("id");
    return read(of);
  });
}
