// Components as toolchains make them from WIT: every one is valid, with the imports and exports of its world.

import { componentEmbed, componentNew } from "@bytecodealliance/jco-transpile/wasm-tools";
import { describe, expect, test } from "vitest";
import { checkComponent } from "../../src/component/check.ts";
import { decodeComponent } from "../../src/component/decode.ts";
import type { ComponentType, ExternType } from "../../src/component/types.ts";

/** A component of a world, whose core functions do nothing. */
async function componentOf(witSource: string, world: string): Promise<ComponentType> {
  const core = await componentEmbed({ witSource, world, dummy: true });
  const bytes = new Uint8Array(await componentNew(core, []));
  return checkComponent(decodeComponent(bytes));
}

/** The names that something imports or exports, those of instances inside too. */
function outline(externs: ReadonlyMap<string, ExternType>): readonly string[] {
  return [...externs].flatMap(([name, extern]) => {
    if (extern.tag !== "instance") return [`${extern.tag} ${name}`];
    return outline(extern.type.exports).map((inner) => `${name} > ${inner}`);
  });
}

const shelves = `
package library:shelves@1.2.0;
interface books {
  record title { text: string, year: option<u16> }
  resource book {
    constructor(t: title);
    read: func(page: u32) -> result<string, fault>;
    same: static func(a: borrow<book>, b: borrow<book>) -> bool;
  }
  enum fault { torn, lent }
}
interface readers {
  use books.{book, title};
  lend: func(b: book) -> tuple<title, u64>;
}
world shelf {
  import books;
  import note: func(text: string);
  export readers;
}
world echo {
  import books;
  export books;
  export readers;
}`;

describe("what a toolchain makes of a world is valid", () => {
  test("an export uses the resources of an import", async () => {
    const { imports, exports } = await componentOf(shelves, "shelf");
    expect(outline(imports)).toEqual([
      "library:shelves/books@1.2.0 > type title",
      "library:shelves/books@1.2.0 > type book",
      "library:shelves/books@1.2.0 > type fault",
      "library:shelves/books@1.2.0 > func [constructor]book",
      "library:shelves/books@1.2.0 > func [method]book.read",
      "library:shelves/books@1.2.0 > func [static]book.same",
      "func note",
    ]);
    expect(outline(exports)).toEqual([
      "library:shelves/readers@1.2.0 > type book",
      "library:shelves/readers@1.2.0 > type title",
      "library:shelves/readers@1.2.0 > func lend",
    ]);
  });

  test("an interface is imported and exported, with resources of its own", async () => {
    const { imported, fresh } = await componentOf(shelves, "echo");
    const path = ["library:shelves/books@1.2.0", "book"];
    expect(imported.map((bound) => bound.path)).toEqual([path]);
    expect(fresh.map((bound) => bound.path)).toEqual([path]);
    expect(imported[0]?.resource).not.toBe(fresh[0]?.resource);
  });

  test("async functions, streams and futures", async () => {
    const wit = `
package post:office;
interface mail {
  resource letter { seal: async func(ink: stream<u8>) -> future<string>; }
  flags stamp { air, fragile }
  send: async func(l: letter, s: stamp) -> result<stream<tuple<u32, string>>, string>;
}
world office { import mail; export mail; export open: async func(doors: list<list<string>>); }`;
    const { exports } = await componentOf(wit, "office");
    const open = exports.get("open");
    expect(open).toEqual({
      tag: "func",
      type: {
        async: true,
        params: [
          {
            name: "doors",
            t: {
              tag: "list",
              t: { tag: "list", t: { tag: "string" }, length: null },
              length: null,
            },
          },
        ],
        result: null,
      },
    });
  });
});
