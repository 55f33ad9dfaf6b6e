// Writes experiment files for people to read, and the settings that suit two-dimensional points.
import { printable } from '../../experiment/problem';
import type { PresetId } from '../../catalog';

export interface Setting {
  readonly key: string;
  readonly value: unknown;
  /** Sentences for the comment above it, one per line. */
  readonly comment?: readonly string[];
}

/** A JSON object with comments, after the comment `head`. The result ends with a line feed and has trailing commas. */
export function commentedJson(head: readonly string[], settings: readonly Setting[]): string {
  const lines = settings.flatMap(({ key, value, comment = [] }, index) => [
    ...(comment.length > 0 && index > 0 ? [''] : []),
    ...comment.flatMap((text) => commentLines(text, '  ')),
    `  ${JSON.stringify(key)}: ${inline(value)},`,
  ]);
  return [...head.flatMap((text) => commentLines(text)), '{', ...lines, '}', ''].join('\n');
}

/** JSON on one line, with spaces for readability: `{ "kind": "clip", "c": 0.01 }`. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${inline(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

const maxLine = 80;

/** A comment broken into lines of at most 80 characters, unless a single word is longer. */
export function commentLines(text: string, indent = ''): string[] {
  const lines: string[] = [];
  for (const word of printable(text).split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < maxLine) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${indent}// ${word}`);
  }
  return lines;
}

/** Overrides of a preset for points: penalty weight and learning rate that suit a small problem. */
export function settingsForPoints(preset: PresetId): Setting[] {
  if (preset !== 'wgan-gp') return [];
  return [
    {
      key: 'constraint',
      value: { kind: 'gradient-penalty', lambda: 1 },
      comment: [
        'Keeps the gradient norm of the critic near 1. The paper uses lambda 10 for images, and its code 0.1 for toy data.',
      ],
    },
    {
      key: 'optimizer',
      value: { kind: 'adam', learningRate: 8e-4, beta1: 0, beta2: 0.9, schedule: 'linear' },
      comment: [
        "Eight times the paper's rate for small networks, falling to 0 so that the samples come to rest. No momentum: " +
          "the critic's loss changes all the time.",
      ],
    },
  ];
}
