// The checks of `earthmover doctor` in the words of the editor: what each is for, and what to do about a problem.
import type { DoctorAction, DoctorCheck } from '../../src/protocol/doctor';
import { t } from '../l10n';

export interface CheckText {
  readonly title: string;
  /** What it is for. */
  readonly text: string;
}

/** What to do, with a button if the editor can help. */
export interface Advice {
  readonly text: string;
  readonly label: string;
  readonly action?: DoctorAction;
}

/** By the name of the check. */
export const requiredChecks: Readonly<Record<string, CheckText>> = {
  'Node.js': { title: t('Node.js'), text: t('Runs the training.') },
  Platform: { title: t('Platform'), text: t('Decides which native libraries can be used.') },
  'ONNX Runtime': { title: t('ONNX Runtime'), text: t('Computes the training steps.') },
  sharp: { title: t('Image library'), text: t('Draws sample images and reads folders of images.') },
  Threads: { title: t('Processor'), text: t('How many threads can compute at a time.') },
  Memory: { title: t('Memory'), text: t('Holds the networks and the data.') },
  Disk: { title: t('Disk space'), text: t('Holds the checkpoints and samples of the runs.') },
  'Write access': { title: t('Write access'), text: t('Every run writes its results into a folder of its own.') },
  Build: { title: t('Installation'), text: t('All files of the extension must be there.') },
};

/** The same for what training does not need. */
export const optionalChecks: Readonly<Record<string, CheckText>> = {
  'GPU (webgpu)': { title: t('GPU (WebGPU)'), text: t('Speeds up large networks. Used automatically if it works.') },
  'GPU (cuda)': {
    title: t('GPU (CUDA)'),
    text: t('An experimental alternative for NVIDIA GPUs: "device": "cuda" in an experiment.'),
  },
  TensorFlow: { title: t('TensorFlow'), text: t('An alternative engine: "engine": "tensorflow" in an experiment.') },
};

/** What to do about the result of a check; null if there is nothing to do. */
export function adviceFor(found: DoctorCheck | undefined): Advice | null {
  if (found === undefined || found.level === 'ok') return null;
  const advice = advices[found.check];
  return advice ?? (found.todo === null ? null : { text: found.todo, label: '' });
}

const reinstall = (text: string): Advice => ({ text, label: t('Show extension'), action: 'showExtension' });

const advices: Readonly<Record<string, Advice>> = {
  'Node.js': {
    text: t('Set "earthmover.nodePath" to Node.js 20.9 or later, or leave it empty to use the Node.js of VS Code.'),
    label: t('Open setting'),
    action: 'openNodePath',
  },
  Platform: {
    text: t('Without native libraries, training is slow or does not work. Use another machine, for example over SSH.'),
    label: '',
  },
  'ONNX Runtime': reinstall(t('Reinstall the extension. On Windows, also install the Visual C++ runtime.')),
  sharp: reinstall(t('Reinstall the extension.')),
  Build: reinstall(t('Reinstall the extension.')),
  Threads: { text: t('Training works, but is slow. Give this machine or container more cores.'), label: '' },
  Memory: {
    text: t('Enough for points, but perhaps not for images. Close other programs, or reduce "batchSize".'),
    label: '',
  },
  Disk: {
    text: t('Free some space, or choose a folder for runs on another disk.'),
    label: t('Open setting'),
    action: 'openRunsFolder',
  },
  'Write access': {
    text: t('Choose a folder for runs that you can write to.'),
    label: t('Open setting'),
    action: 'openRunsFolder',
  },
  'GPU (webgpu)': {
    text: t(
      'Training uses the CPU, which suits small networks. For a GPU, install the driver of its vendor, with Vulkan (Linux), Direct3D 12 (Windows) or Metal (macOS).',
    ),
    label: '',
  },
  'GPU (cuda)': {
    text: t(
      'It needs Linux, an NVIDIA GPU with its driver, and the libraries that "earthmover install cuda" installs. WebGPU uses the same GPU without them.',
    ),
    label: '',
  },
  TensorFlow: {
    text: t('Most experiments do not need it.'),
    label: t('Install TensorFlow…'),
    action: 'installTensorflow',
  },
};
