// The CodeLenses of an experiment file.
import { expect, it, vi } from 'vitest';
import { status } from '../../../test/support/runStatus';
import { experimentLensesOf, underwayText } from './experiment';

vi.mock('vscode', () => import('../../../test/support/vscode'));

const titles = (underway?: string) =>
  experimentLensesOf('file:///a.gan.json', { directory: '/w/a', seeds: 1, underway }).map(({ title }) => title);

it('say what is being trained before they offer a second run', () => {
  expect(titles('Training 20%')).toEqual([
    'Training 20% · Open monitor',
    '▶ Train second run',
    '⚡ Quick start (500 steps)',
  ]);
  expect(titles()).toEqual(['▶ Train', '⚡ Quick start (500 steps)', 'Open monitor']);
});

it('name the state of a run in steps of ten percent', () => {
  const at = (state: string, step: number, liveness = 'alive') =>
    underwayText({ status: { ...status, state, step, steps: 1000 }, liveness } as never);
  expect(at('running', 299)).toBe('Training 20%');
  expect(at('paused', 500)).toBe('Paused at 50%');
  expect(at('finished', 1000, 'ended')).toBeUndefined();
  expect(underwayText({ status: null, liveness: 'alive' })).toBe('Starting');
});
