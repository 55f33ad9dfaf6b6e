// Checks of what an experiment names outside of its file, without training: data, initial weights, model files, and the
// engine and device.
import path from 'node:path';
import { cacheFolder, findData, isDataError } from '../data';
import { DeviceError } from '../engine/errors';
import { requireDevice } from '../engine/openEngine';
import type { Experiment } from '../experiment';
import { initialCheckpoint } from './initialWeights';
import { settingError, type ExperimentSource } from './inputErrors';
import { bundleModels } from './userModels/bundleModule';

export interface InputCheck {
  /** Equal for checks with the same result, of whatever experiment. */
  readonly key: string;
  /** Throws an InputError at the setting that is at fault. Writes nothing. */
  readonly check: () => Promise<void>;
}

/** @param options `device`: whether it will be trained on this machine */
export function inputChecks(
  experiment: Experiment,
  source: ExperimentSource,
  { device }: { readonly device: boolean },
): InputCheck[] {
  const folder = path.dirname(source.path);
  const { data, initialWeights, generator, critic } = experiment;
  const models = [generator, critic].flatMap((network) => ('module' in network ? [network.module] : []));
  const roles = (['generator', 'critic'] as const).filter((role) => initialWeights[role] !== null);
  return [
    { key: JSON.stringify(['data', folder, data]), check: () => checkData(experiment, source) },
    ...roles.map((role) => ({
      key: JSON.stringify(['weights', folder, role, initialWeights[role]]),
      check: async () => void (await initialCheckpoint(experiment, role, source)),
    })),
    ...(models.length === 0
      ? []
      : [
          {
            key: JSON.stringify(['models', folder, models]),
            check: async () => void (await bundleModels(experiment, source)),
          },
        ]),
    ...(device
      ? [
          {
            key: JSON.stringify(['device', experiment.engine, experiment.device]),
            check: () => checkDevice(experiment, source),
          },
        ]
      : []),
  ];
}

async function checkData({ data }: Experiment, source: ExperimentSource): Promise<void> {
  try {
    await findData(data, { folder: path.dirname(source.path), cacheFolder: cacheFolder() });
  } catch (error) {
    throw isDataError(error) ? settingError(source, error.code, error.path, error.message) : error;
  }
}

async function checkDevice({ engine, device }: Experiment, source: ExperimentSource): Promise<void> {
  try {
    await requireDevice({ engine, device });
  } catch (error) {
    throw error instanceof DeviceError ? settingError(source, error.code, [error.setting], error.message) : error;
  }
}
