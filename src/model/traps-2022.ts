// Every way a guest of June 2022 can err: trap codes, each with its sentence. Mirrors spec/12.

const notATask = "the index names no task that is implemented here and has not finished";
const notASubtask = "the index names no task that this instance owns";
const listening = "something is being done with the sub-task already";
const over = "the value was received, or the sub-task has finished: nothing more will come";
const writing = "elements that were offered have not come back";
const returned = "the end value has been offered already";
const cancelled = "a task that was told of its cancellation gives nothing any more";
const empty = "no elements: at least one is offered, skipped or spliced";

const sentences = {
  "return.not-a-task": notATask,
  "return.writing": writing,
  "return.returned": returned,
  "return.cancelled": cancelled,
  "write.not-a-task": notATask,
  "write.empty": empty,
  "write.writing": writing,
  "write.returned": returned,
  "write.cancelled": cancelled,
  "finish.not-a-task": notATask,
  "finish.too-early": "the end value has not been received, and the task was not told to stop",
  "finish.sub-tasks": "a task ends after its sub-tasks: there is one that was not dropped",
  "listen.not-a-subtask": notASubtask,
  "listen.listening": listening,
  "listen.over": over,
  "listen.too-small": "the buffer is too small for an element, or for the end value",
  "listen.lower-result": "under strict-listen, what a lower gave is not listened to",
  "skip.not-a-subtask": notASubtask,
  "skip.empty": empty,
  "skip.listening": listening,
  "skip.over": over,
  "cancel.not-a-subtask": notASubtask,
  "cancel.finished": "the sub-task has finished",
  "drop.not-a-subtask": notASubtask,
  "drop.unfinished": "the sub-task has not finished: it can neither be ended nor be left alone",
  "splice.not-a-subtask": notASubtask,
  "splice.not-a-task": notATask,
  "splice.empty": empty,
  "splice.wrong-type": "elements of one type do not become elements of another",
  "splice.listening": "something is or was done with what would be spliced, or its end was told",
  "splice.busy": "the task that would write is not waiting",
  "splice.self": "what the task would write comes from itself",
  "forward.not-a-subtask": notASubtask,
  "forward.not-a-task": notATask,
  "forward.wrong-type": "the two are not of one type",
  "forward.listening": "something is or was done with what would be forwarded, or its end was told",
  "forward.busy": "the task that would be replaced is not waiting",
  "forward.self": "the sub-task would own itself",
  "forward.sub-tasks": "the task that would be replaced has other sub-tasks",
  "pass.not-a-subtask": notASubtask,
  "pass.listening": listening,
  "pass.super-task": "a task would come to own one of its own super-tasks",
  "buffer.out-of-bounds": "the buffer does not lie within the memory",
  "buffer.not-a-stream": "a future has no elements",
  "stack.no-task": "all tasks of this stack have finished: it owns nothing and is told nothing",
  "wait.callback": "a stack of the callback ABI waits by returning",
  "wait.deadlock": "stacks wait, and nothing can ever move again",
  "lower.running":
    "code of the instance that is called is in the middle of a call, and does not wait",
  "lift.unfinished": "the stack ends, and a task of it has not finished",
  "poison.offered": "a store to a buffer that is on offer",
  "poison.listening": "a load or store where a buffer listens",
} as const;

/** The sentence of each trap code of the proposal of June 2022. */
export const traps2022: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(sentences).map(([code, sentence]) => [
    `canon.${code}`,
    `canon.${code.slice(0, code.indexOf("."))}: ${sentence}`,
  ]),
);
