// The next steps of a run that has ended, below its header: train longer, copy its experiment, compare, export.
import type { FromPage, MonitorStatus, NextStep } from '../../src/protocol/monitor';
import { t } from '../l10n';
import { h } from '../ui/dom';
import { createToolbar } from '../ui/toolbar';
import { displayStateOf, isActive } from './displayState';

const labels: { readonly [S in NextStep]: readonly [label: string, title: string] } = {
  trainLonger: [t('Train longer'), t('Resume with more steps')],
  copyExperiment: [
    t('Copy to new experiment'),
    t('Create a new experiment file with the settings of this run, to change and train'),
  ],
  fork: [t('Fork'), t('Start a new run from a checkpoint, with changed settings')],
  comparePrevious: [t('Compare'), t('Compare with the previous run of this experiment')],
  exportGenerator: [t('Export generator'), t('Save the generator as a TensorFlow.js model or an ONNX file')],
  exportSamples: [t('Export samples'), t('Save the samples of a step as an image, or of all steps as a GIF')],
};

/** What a run offers in its state; nothing while a process works on it. */
export function nextStepsOf(shown: MonitorStatus): readonly NextStep[] {
  const { status, hasPrevious = false } = shown;
  if (isActive(displayStateOf(shown))) return [];
  // Without a checkpoint there is only the experiment.
  if (status === null || status.step === 0) return ['copyExperiment'];
  const further: readonly NextStep[] = [
    'copyExperiment',
    'fork',
    ...(hasPrevious ? ['comparePrevious' as const] : []),
    'exportGenerator',
    'exportSamples',
  ];
  return status.state === 'finished' ? ['trainLonger', ...further] : further;
}

export interface NextSteps {
  readonly element: HTMLElement;
  show(status: MonitorStatus): void;
}

export function createNextSteps(post: (message: FromPage) => void): NextSteps {
  const buttons = (Object.keys(labels) as NextStep[]).map((step) => {
    const [label, title] = labels[step];
    const onclick = () => post({ type: 'nextStep', step });
    return { step, button: h('vscode-button', { appearance: 'secondary', title, onclick }, label) };
  });
  const toolbar = createToolbar(t('Next steps'), { class: 'steps-offered' }, ...buttons.map(({ button }) => button));
  const element = h('section', { class: 'next-steps', 'aria-label': t('Next steps') }, toolbar);
  return {
    element,
    show(shown) {
      const offered = nextStepsOf(shown);
      element.hidden = offered.length === 0;
      for (const { step, button } of buttons) button.hidden = !offered.includes(step);
    },
  };
}
