// The commands that others send a trainer, and the check every one of them passes before the trainer believes it.

/** What can be asked of a trainer in a word: it acts between two updates. */
export const simpleCommandKinds = [
  'pause',
  'resume',
  'stop',
  'checkpoint',
  'sample',
  'critic-step',
  'generator-step',
  'step',
] as const;

export const commandKinds = [...simpleCommandKinds, 'slow-motion'] as const;

export type SimpleCommandKind = (typeof simpleCommandKinds)[number];
export type CommandKind = (typeof commandKinds)[number];
/** What moves a paused run on by hand, after which it is paused again. */
export type ManualStep = Extract<SimpleCommandKind, 'critic-step' | 'generator-step' | 'step'>;

/** Updates of a network a second in slow motion: fast enough to wait for, slow enough to follow. */
export const slowMotionRates = { least: 0.5, most: 10 } as const;

/** What is asked of a trainer. `rate` is in updates a second; null ends slow motion. */
export type CommandRequest =
  | { readonly kind: SimpleCommandKind }
  | { readonly kind: 'slow-motion'; readonly rate: number | null };

/** `id` is chosen by the sender, 8 to 64 characters of [a-z0-9-]; the trainer acknowledges the command by it. */
export type Command = CommandRequest & { readonly id: string };

/** A value that crossed a process boundary: what it was checked to be, or what is wrong with it, in words. */
export type Checked<T> = { readonly value: T } | { readonly problem: string };

/** A command is a short text; anything longer is not read. */
export const maxCommandBytes = 1024;

/** Checks a parsed command, of which nothing is taken for granted. Keys that are not known are refused, so that a newer sender is not half understood. */
export function checkCommand(value: unknown): Checked<Command> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { problem: 'it is not an object' };
  const { id, kind, ...rest } = value as Record<string, unknown>;
  const { rate, ...more } = rest;
  const unknown = Object.keys(kind === 'slow-motion' ? more : rest);
  if (unknown.length > 0) return { problem: `it has the unknown key ${quote(unknown[0])}` };
  if (typeof id !== 'string' || !isCommandId(id))
    return { problem: `its id is not 8 to 64 of [a-z0-9-]: ${quote(id)}` };
  if (kind === 'slow-motion') {
    if (isSlowMotionRate(rate)) return { value: { id, kind, rate } };
    return {
      problem: `its rate is not null or ${slowMotionRates.least} to ${slowMotionRates.most} updates a second: ${quote(rate)}`,
    };
  }
  const known = simpleCommandKinds.find((each) => each === kind);
  if (known === undefined) return { problem: `its kind is ${quote(kind)}; known are ${commandKinds.join(', ')}` };
  return { value: { id, kind: known } };
}

export const isSlowMotionRate = (rate: unknown): rate is number | null =>
  rate === null || (typeof rate === 'number' && rate >= slowMotionRates.least && rate <= slowMotionRates.most);

export const isCommandId = (id: string): boolean => /^[a-z0-9-]{8,64}$/.test(id);

/** A hostile value in a message: short, on one line, without control characters (JSON escapes them all but DEL and C1). */
function quote(value: unknown): string {
  const text = (JSON.stringify(value) ?? typeof value).replace(/[\u007f-\u009f\u2028\u2029]/g, '?');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
