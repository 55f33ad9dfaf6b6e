// The folder of prepared samples and downloaded data sets.
import os from 'node:os';
import path from 'node:path';

/** ${XDG_CACHE_HOME:-~/.cache}/earthmover; on Windows in the local application data. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform: string = process.platform): string {
  const home = env.XDG_CACHE_HOME;
  // The XDG standard says to ignore relative paths.
  if (home && path.isAbsolute(home)) return path.join(home, 'earthmover');
  const local = platform === 'win32' ? env.LOCALAPPDATA : undefined;
  return path.join(local ?? path.join(os.homedir(), '.cache'), 'earthmover');
}

/** The folder of a downloaded data set. */
export const datasetFolder = (cache: string, id: string): string => path.join(cache, 'datasets', id);
