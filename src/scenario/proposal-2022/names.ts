// The built-ins of June 2022 as scenarios write them: their operands, and what they give. Mirrors spec/12.

/** How a built-in is written: so many operands, and how many values `let` can take. */
interface Shape2022 {
  readonly least: number;
  readonly most: number;
  readonly gives: 0 | 1 | 2 | 3;
}

function shape(operands: number, gives: Shape2022["gives"], more = 0): Shape2022 {
  return { least: operands, most: operands + more, gives };
}

export type Name2022 =
  | "canon.return"
  | "canon.write"
  | "canon.listen"
  | "canon.wait"
  | "canon.splice"
  | "canon.skip"
  | "canon.forward"
  | "canon.finish"
  | "canon.drop"
  | "canon.cancel"
  | "canon.task.new"
  | "canon.lower";

export const shapes2022: Readonly<Record<Name2022, Shape2022>> = {
  "canon.return": shape(2, 1),
  "canon.write": shape(3, 1),
  "canon.listen": shape(2, 2, 1),
  "canon.wait": shape(0, 3),
  "canon.splice": shape(3, 1),
  "canon.skip": shape(2, 1),
  "canon.forward": shape(2, 0),
  "canon.finish": shape(1, 0),
  "canon.drop": shape(1, 0),
  "canon.cancel": shape(1, 0),
  "canon.task.new": shape(0, 2),
  /** a call, its out-buffer, and for streams the bytes in it */
  "canon.lower": shape(1, 2, 1),
};

export const names2022: readonly string[] = Object.keys(shapes2022);

/** The first word of all of them. */
export const family2022 = "canon";

/** The shape of a built-in of June 2022, or null when there is none of that name. */
export function shape2022(name: string): Shape2022 | null {
  return Object.hasOwn(shapes2022, name) ? shapes2022[name as Name2022] : null;
}
