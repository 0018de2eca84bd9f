// How reports emphasize: the command line gives colours, everything else leaves text as it is.

type Style = (text: string) => string;

export interface Paint {
  readonly strong: Style;
  readonly faint: Style;
  readonly good: Style;
  readonly bad: Style;
  readonly doubtful: Style;
}

const asItIs: Style = (text) => text;

/** No emphasis: what goes to files and pipes. */
export const plain: Paint = {
  strong: asItIs,
  faint: asItIs,
  good: asItIs,
  bad: asItIs,
  doubtful: asItIs,
};
