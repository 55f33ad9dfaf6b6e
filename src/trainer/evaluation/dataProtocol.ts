// The data of an evaluation in its protocol: the source, and a hash of what its samples depend on.
import { createHash } from 'node:crypto';
import type { Experiment } from '../../experiment';

/** Of the files and of the settings that change the samples: not where they are, or how they are kept in memory. */
export function dataProtocol({ data }: Experiment, identity: unknown): string {
  const elsewhere = new Set(['path', 'memoryMiB', 'onError']);
  const settings = Object.entries(data).filter(([name]) => !elsewhere.has(name));
  const hash = createHash('sha256').update(JSON.stringify([settings.sort(), identity]));
  return `${data.source} ${hash.digest('hex').slice(0, 12)}`;
}
