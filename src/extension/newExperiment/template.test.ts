// Every combination of preset and data gives an experiment that parses without problems.
import { describe, expect, it, vi } from 'vitest';
import { presets, type PresetId } from '../../catalog';
import { lintExperiment, parseExperiment } from '../../experiment';
import { matchingSources, newExperimentText } from './template';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const ids = Object.keys(presets) as PresetId[];
const combinations = ids.flatMap((preset) => matchingSources(preset).map((source) => ({ preset, source })));

describe('a new experiment', () => {
  it.each(combinations)('from $preset on $source is valid', ({ preset, source }) => {
    const text = newExperimentText({ name: 'a "name"', preset, source, path: '../my photos' });
    const parsed = parseExperiment(text, 'x.gan.json');
    expect([...parsed.problems, ...lintExperiment(parsed)]).toEqual([]);
    expect(parsed.experiment).toMatchObject({ name: 'a "name"', preset, data: { source } });
    if (source === 'images') expect(parsed.experiment?.data).toMatchObject({ path: '../my photos' });
    expect(text.split('\n').filter((line) => line.includes('//') && line.length > 80)).toEqual([]);
    for (const word of ['A GAN trains two networks', '// The network that turns', '// The network that learns'])
      expect(text).toContain(word);
  });

  it('offers only presets whose networks support the data', () => {
    expect(matchingSources('dcgan')).toEqual([
      'digits',
      'shapes',
      'images',
      'idx',
      'csv',
      'cifar',
      'lmdb',
      'npy',
      'npz',
    ]);
    expect(matchingSources('wgan-gp')).toContain('gaussians-ring');
    expect(combinations.length).toBeGreaterThan(12);
  });
});
