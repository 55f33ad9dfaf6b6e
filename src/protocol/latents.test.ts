// Requests of the latent explorer.
import { describe, expect, it } from 'vitest';
import { isLatentRequest, latentArguments, type LatentRequest } from './latents';

const request: LatentRequest = {
  kind: 'samples',
  seed: 7,
  to: 9,
  count: 16,
  truncation: null,
  distance: 0.2,
  step: null,
};

describe('a request for latents', () => {
  it('is checked field by field', () => {
    expect(isLatentRequest(request)).toBe(true);
    expect(isLatentRequest({ ...request, truncation: 0.7, step: 300 })).toBe(true);
    for (const wrong of [
      { kind: 'delete' },
      { seed: -1 },
      { seed: '7; rm' },
      { count: 1 },
      { count: 1e9 },
      { truncation: 0 },
      { distance: 2 },
      { step: NaN },
    ])
      expect([wrong, isLatentRequest({ ...request, ...wrong })]).toEqual([wrong, false]);
  });

  it('becomes arguments of the command line', () => {
    expect(latentArguments(request)).toEqual(['sample', '--seed', '7', '--count', '16', '--format', 'grid']);
    expect(latentArguments({ ...request, kind: 'near', truncation: 0.5, step: 300 }).slice(-6)).toEqual([
      '--near',
      '0.2',
      '--truncation',
      '0.5',
      '--checkpoint',
      '300',
    ]);
    expect(latentArguments({ ...request, kind: 'gif', count: 8 })).toEqual([
      'interpolate',
      '--from',
      '7',
      '--to',
      '9',
      '--steps',
      '8',
      '--format',
      'gif',
    ]);
  });
});
