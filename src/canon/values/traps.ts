// Every way in which a guest's values, or the memory for them, can be wrong. Mirrors spec/01.

/** The trap codes of lifting, lowering and tables, with one sentence each. */
export const valueTraps: Readonly<Record<string, string>> = {
  "table.no-such-index": "The table has no entry at this index.",
  "table.full": "The table has as many entries as a table may have.",

  "lift-own.not-a-resource": "The index passed as an own handle names something else.",
  "lift-own.wrong-type": "The handle passed as own is of another resource type.",
  "lift-own.lent": "An own handle cannot be passed on while it is lent to a call.",
  "lift-own.borrowed": "A borrow handle cannot be passed where an own handle is expected.",
  "lift-borrow.not-a-resource": "The index passed as a borrow handle names something else.",
  "lift-borrow.wrong-type": "The handle passed as a borrow is of another resource type.",
  "lift-stream.not-an-end": "The index passed as a stream names no readable end of a stream.",
  "lift-stream.wrong-type": "The stream that is passed has another element type.",
  "lift-stream.not-idle": "The readable end of a stream can be passed on only while it is idle.",
  "lift-stream.in-waitable-set": "The readable end of a stream cannot be passed on from a set.",
  "lift-future.not-an-end": "The index passed as a future names no readable end of a future.",
  "lift-future.wrong-type": "The future that is passed has another value type.",
  "lift-future.not-idle": "The readable end of a future can be passed on only while it is idle.",
  "lift-future.in-waitable-set": "The readable end of a future cannot be passed on from a set.",
  "lift-error-context.not-an-error-context":
    "The index passed as an error context names something else.",

  "lift-char.out-of-range": "A char is greater than 0x10ffff.",
  "lift-char.surrogate": "A char is a surrogate.",
  "lift-variant.bad-discriminant": "A variant in core values has a case that its type has not.",
  "load-variant.bad-discriminant": "A variant in memory has a case that its type has not.",
  "load-string.too-long": "A string takes more than 2^28 - 1 bytes.",
  "load-string.misaligned": "The pointer of a string is not aligned for its encoding.",
  "load-string.out-of-bounds": "A string reaches beyond the end of the memory.",
  "load-string.invalid": "The bytes of a string are not valid in its encoding.",
  "load-list.too-long": "A list takes more than 2^28 - 1 bytes.",
  "load-list.misaligned": "The pointer of a list is not aligned for its elements.",
  "load-list.out-of-bounds": "A list reaches beyond the end of the memory.",
  "lift-params.misaligned": "The pointer to parameters in memory is not aligned for them.",
  "lift-params.out-of-bounds": "Parameters in memory reach beyond its end.",
  "lift-results.misaligned": "The pointer to a result in memory is not aligned for it.",
  "lift-results.out-of-bounds": "A result in memory reaches beyond its end.",

  "lower-params.misaligned": "realloc gave a misaligned pointer for parameters.",
  "lower-params.out-of-bounds": "realloc gave a range for parameters beyond the memory.",
  "lower-results.misaligned": "The pointer that a caller gave for the result is not aligned.",
  "lower-results.out-of-bounds": "A caller's pointer leaves no room in memory for the result.",
  "lower-list.misaligned": "realloc gave a misaligned pointer for a list.",
  "lower-list.out-of-bounds": "realloc gave a range for a list beyond the memory.",
  "lower-string.misaligned": "realloc gave a misaligned pointer for a string.",
  "lower-string.out-of-bounds": "realloc gave a range for a string beyond the memory.",
  "lower-string.grow-misaligned": "realloc gave a misaligned pointer for a string that grows.",
  "lower-string.grow-out-of-bounds": "realloc gave a range beyond the memory to a growing string.",
  "lower-string.shrink-misaligned": "realloc gave a misaligned pointer for a string that shrinks.",
  "lower-string.shrink-out-of-bounds":
    "realloc gave a range beyond the memory to a shorter string.",
};
