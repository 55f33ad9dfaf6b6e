// `earthmover install tensorflow`: installs the native library of TensorFlow's Node package, with consent and
// checksums.
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder } from '../../data/cache/cacheFolder';
import { fetchFile } from '../../download/fetchFile';
import { describeRemoteFile, type RemoteFile } from '../../download/remoteFile';
import { findTensorflow } from '../../engine/tensorflow/findPackage';
import { makeFolder } from '../../files/folder';
import { type Arguments } from '../arguments';
import { type Context } from '../command';
import { inputError } from '../errors';
import { exitCode } from '../exitCodes';
import { abortOnInterrupt } from '../interrupts';
import { toJson } from '../output';
import { type installOptions } from './options';
import { probeTensorflow, tensorflowParts, type TensorflowPart } from '../nativeProbes';
import { clean, formatBytes } from '../../shared/text';
import { createDownloadProgress } from '../progress';

type Values = Arguments<typeof installOptions>['values'];

export async function installTensorflow(context: Context, values: Values): Promise<number> {
  const { folder, problem, todo } = findTensorflow();
  if (folder === null) throw inputError(`Cannot install TensorFlow: ${problem}. ${todo}`);
  const parts = tensorflowParts();
  if (!parts)
    throw inputError(
      `TensorFlow has no CUDA library for ${process.platform} ${process.arch}. Use "engine": "onnx"; its device "webgpu" uses a GPU here.`,
    );
  return abortOnInterrupt(context, async (signal) => {
    const remotes: RemoteFile[] = [];
    for (const { url } of parts) remotes.push(await describeRemoteFile(url, signal));
    if (!values.yes) return printPlan(context, parts, remotes, folder, values.json);
    for (const [i, part] of parts.entries()) await installPart(context, part, remotes[i], folder, signal, values.json);
    return verify(context, values.json);
  });
}

/** Prints what would be downloaded, and the command that does it. */
function printPlan(
  { out }: Context,
  parts: readonly TensorflowPart[],
  remotes: readonly RemoteFile[],
  folder: string,
  json?: true,
): number {
  parts.forEach(({ title, url, into }, i) => {
    const to = path.join(folder, into);
    if (json) out.line(toJson({ event: 'part', title, url, size: remotes[i].size, folder: to }));
    else out.line(`${title}, ${formatBytes(remotes[i].size)}\n  from ${url}\n  to ${to}`);
  });
  if (!json)
    out.line('\nNothing has been downloaded yet. To download and install: earthmover install tensorflow --yes');
  return exitCode.ok;
}

async function installPart(
  { out, err }: Context,
  { title, into }: TensorflowPart,
  remote: RemoteFile,
  folder: string,
  signal: AbortSignal,
  json?: true,
): Promise<void> {
  const name = path.posix.basename(new URL(remote.url).pathname);
  const archive = path.join(cacheFolder(), 'tensorflow', name);
  const line = createDownloadProgress(out, name, json && { name: 'tensorflow' });
  try {
    await fetchFile(remote, archive, {
      signal,
      onProgress: line.progress,
      onRetry: (reason) => err.line(clean(reason)),
    });
  } finally {
    line.end();
  }
  const target = path.join(folder, ...into.split('/'));
  try {
    makeFolder(target);
    // tar is part of Linux and Windows 10 and unpacks both kinds of archives.
    await promisify(execFile)('tar', ['-xf', archive, '-C', target], { signal });
  } catch (error) {
    signal.throwIfAborted();
    const reason = ((error as { stderr?: string }).stderr || (error as Error).message).trim().split('\n')[0];
    throw inputError(
      `Cannot unpack ${clean(archive)} to ${clean(target)}: ${clean(reason)}. Check the permissions of the folder and the free space.`,
    );
  }
  await rm(archive, { force: true });
  if (!json) out.line(`  ${title}  installed`);
}

/** Loads the installed library and prints whether it works. */
async function verify({ out, err }: Context, json?: true): Promise<number> {
  const state = await probeTensorflow();
  if (json) out.line(toJson({ event: 'installed', ...state }));
  if (state.problem !== null) {
    err.line(clean(`TensorFlow was installed, but ${state.problem}.`));
    return exitCode.failed;
  }
  const cuda = state.gpu
    ? 'a CUDA device was found'
    : `no CUDA device was found${state.missing.length > 0 ? ` (missing: ${state.missing.join(', ')})` : ''}`;
  if (!json) out.line(clean(`TensorFlow ${state.version} works; ${cuda}. Use it with "engine": "tensorflow".`));
  return exitCode.ok;
}
