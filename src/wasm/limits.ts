// How large a module may be: what is beyond these numbers is refused as unsupported. Mirrors spec/14.

/** Most parameters and most results of a function type, as in WebAssembly's JavaScript API. */
export const maxArity = 1000;

/** Most local variables of a function, without its parameters, as in WebAssembly's JavaScript API. */
export const maxLocals = 50_000;

/** Most operands that a function has on its stack at one time. */
export const maxOperands = 1_000_000;

/** Most entries that the tables of a system begin with together, and that one of them grows to. */
export const maxTableSize = 10_000_000;

/** Most functions and other things that the core instances of a system import, define and export together. */
export const maxProgramSize = 1_000_000;

/** Most pages of 64 KiB that a memory begins with: 4 GiB. */
export const maxMemoryPages = 65_536;

/** Most pages that the memories of a system begin with together: 64 GiB, nearly all of which is free. */
export const maxProgramPages = 1_048_576;
