// `earthmover install`: optional native libraries, each with consent.
import { type CommandHandler } from '../command';
import { inputError } from '../errors';
import { clean, list } from '../../shared/text';
import { type installOptions } from './options';
import { installCuda } from './installCuda';
import { installTensorflow } from './installTensorflow';

const installers = { cuda: installCuda, tensorflow: installTensorflow };

/** Options that only one of them has. */
const cudaOptions = ['dir', 'dry-run', 'remove'] as const;

export const install: CommandHandler<typeof installOptions> = async (context, { values, rest: [name] }) => {
  if (!Object.hasOwn(installers, name)) {
    const names = Object.keys(installers);
    throw inputError(
      `Cannot install '${clean(name)}'. Give ${list(names, 'or')}, for example: earthmover install ${names[0]}`,
    );
  }
  const other = cudaOptions.find((option) => values[option] !== undefined);
  if (name !== 'cuda' && other) throw inputError(`--${other} is only for 'earthmover install cuda'. Leave it out.`);
  return installers[name as keyof typeof installers](context, values);
};
