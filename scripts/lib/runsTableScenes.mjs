// The scenes of the runs table: runs in every state, of two experiments, with a baseline, tags and notes.

const day = Date.UTC(2026, 10, 21, 9) / 1000;

/** `count` rows, the same ones on every call. */
export function tableRuns(count) {
  const states = ['finished', 'running', 'finished', 'diverged', 'finished', 'stopped', 'paused', 'failed', 'dead'];
  return Array.from({ length: count }, (_, i) => {
    const isRing = i % 3 !== 2;
    const state = i < states.length ? states[i] : 'finished';
    const steps = 2500;
    const step = state === 'finished' ? steps : 300 + ((i * 577) % 2000);
    const w1 = 0.08 + ((i * 37) % 50) / 60;
    const folder = `20261121-09${String(i % 60).padStart(2, '0')}00-${isRing ? 'eight-gaussians' : 'digits'}-${i}`;
    return {
      id: `/home/anna/rings/.earthmover/runs/${folder}`,
      name: i === 0 ? 'Best so far' : isRing ? 'eight-gaussians' : 'digits-wgan-gp',
      experiment: isRing ? 'eight-gaussians' : 'digits-wgan-gp',
      folder,
      state,
      step,
      steps,
      startedAt: day + i * 60,
      seconds: 40 + ((i * 131) % 900),
      values: isRing
        ? { estimate: w1 * 1.3, modes: 8 - (i % 4), highQuality: 0.9 - (i % 5) / 10, w1, w1Floor: 0.06 }
        : { estimate: 2.1 + w1, swd: 14.2 + 10 * w1 },
      estimateLabel: 'K·W',
      settings: {
        'data.source': isRing ? 'gaussians-ring' : 'digits',
        ...(isRing ? { 'data.modes': '8' } : {}),
        'generator.network': isRing ? 'mlp' : 'dcgan',
        'critic.width': i % 2 === 0 ? '128' : '64',
        ...(i % 4 === 3 ? { 'constraint.0.kind': 'clip', 'constraint.0.c': '0.05' } : {}),
        ...(i % 4 === 3 ? {} : { 'constraint.0.kind': 'gradient-penalty', 'constraint.0.lambda': '0.1' }),
        'optimizer.critic.learningRate': i % 5 === 0 ? '0.0001' : '0.0005',
        seed: String(1 + (i % 3)),
      },
      parent: i === 6 ? { folder: '20261121-090400-eight-gaussians-4', step: 1500 } : null,
      tags: i === 0 ? ['baseline', 'paper'] : i === 4 ? ['paper'] : [],
      notes: i === 0 ? 'Figure 3 of the report.\nTrained overnight.' : '',
    };
  });
}

const wide = { width: 1320, height: 620 };
/** A panel beside an editor on a small screen. */
const slim = { width: 312, height: 700 };

/** Scenes as in scenes.mjs. */
export function runsTableScenes() {
  const runs = tableRuns(24);
  const table = (name, more = {}) => ({
    name: `runs-table-${name}`,
    theme: 'dark',
    ...wide,
    messages: [{ type: 'runsTable', runs, baseline: runs[0].id }],
    viewState: { selected: [runs[3].id, runs[4].id] },
    ...more,
  });
  return [
    ...['dark', 'light', 'hc-dark', 'hc-light'].flatMap((theme) => [
      table(theme, { theme }),
      table(`slim-${theme}`, { theme, ...slim }),
    ]),
    table('grouped-light', {
      theme: 'light',
      viewState: { grouped: true, collapsed: ['digits-wgan-gp'], sort: { key: 'value:w1', descending: false } },
    }),
    table('columns-dark', { act: (page) => page.getByRole('button', { name: /^Columns/ }).click() }),
    table('edit-dark', {
      act: (page) => page.getByRole('row', { name: 'Best so far' }).press('F2'),
      viewState: { selected: [runs[0].id] },
    }),
    table('german-slim-light', { theme: 'light', language: 'de', ...slim }),
    table('german-dark', { language: 'de' }),
    table('empty-dark', { messages: [{ type: 'runsTable', runs: [], baseline: null }], ...slim }),
  ];
}
