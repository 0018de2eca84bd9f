// The words that test suites use for traps, and which of our trap codes they fit. Mirrors spec/14.

/** `#` stands for a number. The codes are patterns, the words what engines say of them. */
const words: readonly (readonly [words: string, codes: RegExp])[] = [
  ["wasm `unreachable` instruction executed", /^guest\.unreachable$/],
  ["cannot leave component instance", /\.may-not-leave$/],
  ["cannot enter component instance", /\.may-not-enter$/],
  ["cannot block a synchronous task before returning", /^lift\.drive\.cannot-block$/],
  // nobody else is ready in the instance
  ["deadlock detected: event loop cannot make further progress", /^lift\.drive\.cannot-block$/],
  ["unsupported callback code", /^lift\.callback\.bad-code$/],
  [
    "waitable cannot be used synchronously while added to a waitable set",
    /^(?:stream|future|subtask)\..*\.in-waitable-set$|^waitable\.join\.sync-waiter$/,
  ],
  ["cannot lift stream while it's in a waitable set", /^lift-stream\.in-waitable-set$/],
  ["cannot lift future while it's in a waitable set", /^lift-future\.in-waitable-set$/],
  [
    "cannot lift stream after being notified that the writable end dropped",
    /^lift-stream\.not-idle$/,
  ],
  ["cannot lift future after previous read succeeded", /^lift-future\.not-idle$/],
  [
    "cannot write to future after previous write succeeded or readable end dropped",
    /^future\.write\.not-idle$/,
  ],
  ["cannot read from future after previous read succeeded", /^future\.read\.not-idle$/],
  [
    "cannot write to stream after being notified that the readable end dropped",
    /^stream\.write\.not-idle$/,
  ],
  [
    "cannot read from stream after being notified that the writable end dropped",
    /^stream\.read\.not-idle$/,
  ],
  [
    "cannot have concurrent operations active on a future/stream",
    /^(?:stream|future)\.(?:read|write)\.not-idle$/,
  ],
  ["cannot drop busy stream", /^stream\.drop-.*\.copying$/],
  ["cannot remove busy stream", /^stream\.drop-.*\.copying$/],
  ["cannot drop busy future", /^future\.drop-.*\.copying$/],
  ["cannot remove busy future", /^future\.drop-.*\.copying$/],
  ["cannot drop a subtask which has not yet resolved", /^subtask\.drop\.not-delivered$/],
  [
    "cannot drop future write end without first writing a value",
    /^future\.drop-writable\.not-done$/,
  ],
  ["cannot drop waitable set with waiters", /^waitable-set\.drop\.(?:waiters|not-empty)$/],
  ["cannot read from and write to intra-component future", /^copy\.same-instance$/],
  ["cannot read from and write to intra-component stream", /^copy\.same-instance$/],
  ["cannot remove owned resource while borrowed", /^(?:resource\.drop|lift-own)\.lent$/],
  ["borrow handles still remain at the end of the call", /\.borrows-held$/],
  ["unknown handle index #", /^table\.no-such-index$|\.not-an?-[a-z-]+$/],
  [
    "handle index # used with the wrong type, expected guest-defined resource but found a different guest-defined resource",
    /\.wrong-type$/,
  ],
  ["invalid variant discriminant", /\.bad-discriminant$/],
  ["invalid `char` bit pattern", /^lift-char\./],
  ["unaligned pointer", /\.(?:grow-|shrink-)?misaligned$/],
  ["realloc return: result not aligned", /^lower-(?:params|list|string)\..*misaligned$/],
  ["realloc return: beyond end of memory", /^lower-(?:params|list|string)\..*out-of-bounds$/],
  ["string pointer/length out of bounds of memory", /^load-string\.out-of-bounds$/],
  ["string content out-of-bounds", /^(?:load|lower)-string\..*out-of-bounds$/],
  ["list content out-of-bounds", /^(?:load|lower)-list\.out-of-bounds$/],
  ["invalid utf-8", /^load-string\.invalid$/],
  ["incomplete utf-8 byte sequence", /^load-string\.invalid$/],
  ["out of bounds memory access", /^guest\.memory-out-of-bounds$/],
  ["out of bounds table access", /^guest\.table-out-of-bounds$/],
  ["uninitialized element #", /^guest\.uninitialized-element$/],
  ["undefined element #", /^guest\.undefined-element$/],
  ["indirect call type mismatch", /^guest\.indirect-type$/],
  ["integer divide by zero", /^guest\.divide-by-zero$/],
  ["integer overflow", /^guest\.integer-overflow$/],
  ["invalid conversion to integer", /^guest\.invalid-conversion$/],
  ["null reference", /^guest\.null-reference$/],
  ["call stack exhausted", /^guest\.stack-exhausted$/],
  ["uncaught exception", /^guest\.throw$/],
];

/** What the suites say when nothing can go on: an outcome of ours, not a trap. */
const deadlock = "deadlock detected: event loop cannot make further progress";

/** Numbers are not compared. */
function plain(text: string): string {
  return text.replace(/\d+/g, "#");
}

/** Suites ask for the beginning or a part of what an engine says. */
function asked(message: string): string {
  return plain(message.replace(/^wasm trap: /, ""));
}

/** Whether a trap with this code is what a test asks for, in words or by the code itself. */
export function fitsTrap(code: string, message: string): boolean {
  const part = asked(message);
  return (
    code === message ||
    words.some(([text, codes]) => codes.test(code) && plain(text).includes(part))
  );
}

/** Whether a test asks for a run in which nothing can move. */
export function fitsDeadlock(message: string): boolean {
  return deadlock.includes(asked(message));
}

/** The words for a code; null for one that no suite asks for. */
export function wordsOf(code: string): string | null {
  return words.find(([, codes]) => codes.test(code))?.[0] ?? null;
}
