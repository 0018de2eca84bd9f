// The options of start/result splitting: the ABI itself, and what was built otherwise than meant. Mirrors spec/11.

export const isyswasfaOptions = {
  abi: {
    text: "How stackless bodies are compiled: to callbacks, or to pairs of start and result",
    values: ["native", "split"],
  },
  spawn: {
    text: "When a spawned task begins: inside spawn, as in Rust, or in the next turn, as in Python",
    values: ["now", "later"],
  },
  cancellation: {
    text: "What a component does when it is asked to cancel: so, as in Rust, or it traps, as in Python",
    values: ["handled", "unfinished"],
  },
  messages: {
    text: "Whether the host logs poll calls that say something, or all of them and its own calls too",
    values: ["quiet", "log", "calls"],
  },
  "component-order": {
    text: "In which order a round calls the components",
    values: ["declared", "reversed"],
  },
  rounds: {
    text: "How long the host runs rounds: for a root call, or after it until nothing is left to do",
    values: ["root", "idle"],
  },
  "cancel-token": {
    text: "Whose token a request to cancel carries: the callee's, or, as built, the listener's",
    values: ["callee", "listener"],
  },
  "late-cancel": {
    text: "What comes of a cancel of a task that is ready: nothing, or, as built, a panic of the host",
    values: ["ignore", "panic"],
  },
  terminal: {
    text: "What ends a listen that is cancelled too late: ready alone, or, as built, both messages",
    values: ["one", "both"],
  },
  references: {
    text: "What the host does with capabilities that nobody gets: drops them, or, as built, leaks them",
    values: ["dropped", "leaked"],
  },
  "lost-round": {
    text: "Whether the host may wait while a component has something to send, as it was built",
    values: ["none", "as-built"],
  },
  "poll-twice": {
    text: "Whether a round calls each poll function of a composition twice, as it was built",
    values: ["no", "yes"],
  },
} as const;
