// The folder where prepared samples and downloaded data sets are kept.
import os from 'node:os';
import path from 'node:path';

/** ${XDG_CACHE_HOME:-~/.cache}/earthmover; under Windows in the local application data. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = env.XDG_CACHE_HOME;
  if (home && path.isAbsolute(home)) return path.join(home, 'earthmover'); // The standard has relative ones ignored.
  const local = platform === 'win32' ? env.LOCALAPPDATA : undefined;
  return path.join(local ?? path.join(os.homedir(), '.cache'), 'earthmover');
}

/** Where a downloaded data set lies. */
export const datasetFolder = (cache: string, id: string): string => path.join(cache, 'datasets', id);
