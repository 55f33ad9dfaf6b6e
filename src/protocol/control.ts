// The commands that other processes send to a trainer, and their validation.

/** Commands without arguments; the trainer executes commands between two updates. */
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
/** Commands that advance a paused run, after which it is paused again. */
export type ManualStep = Extract<SimpleCommandKind, 'critic-step' | 'generator-step' | 'step'>;

/** The range of slow motion in network updates per second: slow enough to follow. */
export const slowMotionRates = { min: 0.5, max: 10 } as const;

/** A command without its id. `rate` is in updates per second; null ends slow motion. */
export type CommandRequest =
  | { readonly kind: SimpleCommandKind }
  | { readonly kind: 'slow-motion'; readonly rate: number | null };

/** `id` is chosen by the sender, 8 to 64 characters of [a-z0-9-]; the trainer acknowledges the command by it. */
export type Command = CommandRequest & { readonly id: string };

/** The result of a check: the value with its type, or a description of what is wrong with it. */
export type Checked<T> = { readonly value: T } | { readonly problem: string };

/** The maximum size of a command file; larger files are not read. */
export const maxCommandBytes = 1024;

/** Validates a parsed command. Unknown keys are refused, so that a newer command is not misunderstood. */
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
      problem: `its rate is not null or ${slowMotionRates.min} to ${slowMotionRates.max} updates per second: ${quote(rate)}`,
    };
  }
  const known = simpleCommandKinds.find((each) => each === kind);
  if (known === undefined) return { problem: `its kind is ${quote(kind)}, not one of ${commandKinds.join(', ')}` };
  return { value: { id, kind: known } };
}

export const isSlowMotionRate = (rate: unknown): rate is number | null =>
  rate === null || (typeof rate === 'number' && rate >= slowMotionRates.min && rate <= slowMotionRates.max);

export const isCommandId = (id: string): boolean => /^[a-z0-9-]{8,64}$/.test(id);

/**
 * An untrusted value in a message: short, on one line, without control characters (JSON escapes all but DEL and C1).
 */
function quote(value: unknown): string {
  const text = (JSON.stringify(value) ?? typeof value).replace(/[\u007f-\u009f\u2028\u2029]/g, '?');
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
