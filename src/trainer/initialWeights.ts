// Starts a run with networks of other runs ("initialWeights").
import path from 'node:path';
import type { Role } from '../catalog';
import type { Experiment } from '../experiment';
import { absolutePath } from '../data/resolveDataPath';
import { listCheckpoints, openCheckpoint, type Checkpoint, type Tensors } from '../run/checkpoints';
import { openRun } from '../run/directory';
import { openBest } from '../run/export/exportFile';
import { validExperiment } from '../run/recordedExperiment';
import { isUserError } from '../shared/userError';
import { readTensors } from './checkpointContent';
import { settingError, type ExperimentSource } from './inputErrors';
import type { Session } from './session';

/**
 * Replaces the random weights of the networks that the experiment takes from other runs; a moving average of the
 * generator starts at its weights. Throws an InputError, before anything is changed, if a run does not fit.
 */
export async function loadInitialWeights(session: Session, source: ExperimentSource): Promise<void> {
  const { initialWeights } = session.experiment;
  const roles = (['generator', 'critic'] as const).filter((role) => initialWeights[role] !== null);
  if (roles.length === 0) return;
  const tensors = await readTensors(session);
  for (const role of roles) {
    const { checkpoint, refuse } = await initialCheckpoint(session.experiment, role, source);
    copyNetwork(checkpoint, role, role, tensors, refuse);
    if (role === 'generator' && session.networks.average) copyNetwork(checkpoint, role, 'average', tensors, refuse);
  }
  await session.state.write(
    Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array])),
  );
}

/**
 * The checkpoint that a role of an experiment starts with, and how to refuse it. Throws an InputError if there is none.
 */
export async function initialCheckpoint({ initialWeights }: Experiment, role: Role, source: ExperimentSource) {
  const refuse = (message: string): Error => settingError(source, 'initial-weights', ['initialWeights', role], message);
  const written = initialWeights[role] ?? '';
  const file = absolutePath(written, { folder: path.dirname(source.path) });
  return { checkpoint: await checkpointAt(file, written, refuse), refuse };
}

/** The newest intact checkpoint of a run, or one of its `checkpoints/step-N` or `checkpoints/best`. */
async function checkpointAt(file: string, written: string, refuse: (message: string) => Error): Promise<Checkpoint> {
  const step = /^step-(\d+)$/.exec(path.basename(file))?.[1];
  const folder = step === undefined ? path.join(file, 'checkpoints') : path.dirname(file);
  try {
    if (/[\\/]checkpoints[\\/]best$/.test(file)) {
      const { directory, manifest } = openRun(path.dirname(path.dirname(file)));
      return await openBest(directory, validExperiment(manifest.experiment, directory));
    }
    const found = listCheckpoints(folder).some((each) => step === undefined || each.step === Number(step));
    const { checkpoint, damaged } = found
      ? await openCheckpoint(folder, step === undefined ? Infinity : Number(step))
      : { checkpoint: null, damaged: [] };
    if (checkpoint && (step === undefined || checkpoint.step === Number(step))) return checkpoint;
    if (damaged.length > 0) throw refuse(damaged.join(' '));
  } catch (error) {
    throw isUserError(error) ? refuse(error.message) : error;
  }
  throw refuse(
    `"${written}" has no checkpoint (looked for ${file}); give a run directory, one of its folders checkpoints/step-N, or checkpoints/best.`,
  );
}

/** Copies the parameters and buffers of a network of the checkpoint, without the moments of its optimizer. */
function copyNetwork(
  { directory, tensors }: Checkpoint,
  from: Role,
  to: Role | 'average',
  target: Tensors,
  refuse: (message: string) => Error,
): void {
  const isWeight = (name: string) => name.startsWith(`${to}/`);
  const wanted = Object.entries(target).filter(([name]) => isWeight(name));
  const sources = wanted.map(([name, tensor]) => [tensors[`${from}${name.slice(to.length)}`], tensor, name] as const);
  for (const [found, tensor, name] of sources) {
    const [has, needs] = [found?.shape.join(', '), tensor.shape.join(', ')];
    if (has !== needs || found.dtype !== tensor.dtype) {
      const there = found === undefined ? 'is missing' : `has shape [${has}]`;
      throw refuse(
        `The ${from} in ${directory} has another architecture: ${name} ${there}, and this experiment needs [${needs}].`,
      );
    }
  }
  for (const [found, { data }] of sources) data.set(found.data);
}
