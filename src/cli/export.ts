// `earthmover export`: the generator of a run as a TensorFlow.js model.
import path from 'node:path';
import { exportGenerator } from '../run/exportModel';
import { type Run } from './command';
import { errors } from './errors';
import { exitCode } from './exitCodes';
import { toJson } from './jsonLines';
import { type exportOptions } from './options';
import { exportedLayers, runDirectory } from './paths';
import { shortPath } from './runText';
import { clean } from './text';

export const exportRun: Run<typeof exportOptions> = async ({ out, err }, { values, rest }) => {
  const run = runDirectory(rest[0]);
  const directory = path.resolve(values.out ?? `${path.basename(run)}-generator`);
  const step = values.step === undefined ? undefined : Number(values.step);
  if (step !== undefined && (!/^\d+$/.test(values.step ?? '') || !Number.isSafeInteger(step)))
    throw errors.notAWholeNumber('--step', values.step ?? '', '1000');
  const exported = await exportGenerator(run, directory, exportedLayers, step);
  for (const note of exported.notes) err.line(`warning: ${clean(note)}`);
  if (values.json) out.line(toJson({ event: 'export', run, ...exported }));
  else out.line(`The generator of step ${exported.step} is in ${shortPath(exported.directory)}; its README.md says how to use it.`); // prettier-ignore
  return exitCode.ok;
};
