// `earthmover install cuda`: installs ONNX Runtime's CUDA provider and the CUDA libraries that it needs, with consent
// and pinned checksums. What the machine has already is used and not downloaded.
import { readdirSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { installWheels } from '../../download/wheels';
import { cudaFolder, findCudaLibraries, type FoundPackage } from '../../engine/cuda/findLibraries';
import { cudaPackages, packageFolder } from '../../engine/cuda/packages';
import { findCuda } from '../../engine/cuda/probe';
import { clean, formatBytes, plural } from '../../shared/text';
import { type Arguments } from '../arguments';
import { type Context } from '../command';
import { inputError } from '../errors';
import { exitCode } from '../exitCodes';
import { abortOnInterrupt } from '../interrupts';
import { toJson } from '../output';
import { createDownloadProgress } from '../progress';
import { type installOptions } from './options';

type Values = Arguments<typeof installOptions>['values'];

export async function installCuda(context: Context, values: Values): Promise<number> {
  const platform = `${process.platform} ${process.arch}`;
  if (platform !== 'linux x64')
    throw inputError(
      `CUDA is supported on Linux x64 only, and this is ${platform}. "device": "webgpu" uses a GPU here.`,
    );
  const folder = values.dir ? path.resolve(values.dir) : cudaFolder();
  if (values.remove) return remove(context, folder, values);
  const found = findCudaLibraries({ folder });
  const missing = found.filter(({ files }) => files === null);
  printPlan(context, found, folder, values);
  if (values['dry-run'] || !values.yes) {
    const command = `earthmover install cuda --yes${values.dir ? ` --dir ${clean(values.dir)}` : ''}`;
    if (!values.json && missing.length > 0)
      context.out.line(`\nNothing has been downloaded yet. To download and install: ${command}`);
    return exitCode.ok;
  }
  return abortOnInterrupt(context, async (signal) => {
    await download(context, missing, folder, signal, values);
    await removeOther(folder, new Set(cudaPackages.map(packageFolder)));
    return verify(context, folder, values);
  });
}

const total = (packages: readonly FoundPackage[], of: 'size' | 'unpacked'): number =>
  packages.reduce((sum, one) => sum + one[of], 0);

/** Prints what is there already, what would be downloaded, and where it would be put. */
function printPlan({ out }: Context, found: readonly FoundPackage[], folder: string, { json }: Values): void {
  for (const one of found) {
    const { name, version, size, sha256, license, files } = one;
    if (json) {
      out.line(toJson({ event: 'package', name, version, size, sha256, license, source: 'PyPI', files }));
    } else if (files) {
      out.line(`${name}: found in ${clean(path.dirname(files[0]))}`);
    } else {
      out.line(`${name} ${version}, ${formatBytes(size)}\n  license ${license}\n  SHA-256 ${sha256}`);
    }
  }
  const missing = found.filter(({ files }) => files === null);
  const [size, unpacked] = [total(missing, 'size'), total(missing, 'unpacked')];
  if (json) out.line(toJson({ event: 'plan', folder, size, unpacked }));
  else if (missing.length === 0) out.line('\nAll libraries are installed; nothing to download.');
  else {
    out.line(
      `\n${plural(missing.length, 'package')} from PyPI by pip, ${formatBytes(size)} in all; ` +
        `${formatBytes(unpacked)} in ${clean(folder)}`,
    );
  }
}

async function download(
  { out, err }: Context,
  missing: readonly FoundPackage[],
  folder: string,
  signal: AbortSignal,
  { json }: Values,
): Promise<void> {
  let line = createDownloadProgress(out, '', json && {});
  let current: string | undefined;
  try {
    await installWheels(missing, folder, {
      signal,
      onRetry: (reason) => err.line(clean(`${reason} Retrying.`)),
      onProgress: ({ name, size }, done) => {
        if (name !== current) line = createDownloadProgress(out, (current = name), json && { name: 'cuda' });
        line.progress(done, size);
      },
      onInstalled: ({ name }) => {
        line.end();
        if (!json) out.line(`  ${name}  checksum verified, installed`);
      },
    });
  } finally {
    line.end();
  }
}

/** Folders of packages, in any version, and what an interrupted installation has left. */
const isOurs = (folder: string): boolean =>
  folder.startsWith('.partial-') ||
  cudaPackages.some(({ name }) => folder.startsWith(`${name}-`) && /^[\d.]+$/.test(folder.slice(name.length + 1)));

function ourFolders(folder: string): string[] {
  try {
    return readdirSync(folder).filter(isOurs);
  } catch {
    return [];
  }
}

/** Removes packages of other versions. */
async function removeOther(folder: string, wanted: ReadonlySet<string>): Promise<void> {
  const others = ourFolders(folder).filter((name) => !wanted.has(name) && !name.startsWith('.partial-'));
  for (const name of others) await rm(path.join(folder, name), { recursive: true, force: true });
}

async function remove({ out }: Context, folder: string, { json, 'dry-run': dryRun }: Values): Promise<number> {
  const names = ourFolders(folder);
  if (!dryRun) {
    for (const name of names) await rm(path.join(folder, name), { recursive: true, force: true });
    // Files of others keep it.
    if (names.length > 0) await rmdir(folder).catch(() => {});
  }
  if (json) out.line(toJson({ event: dryRun ? 'plan' : 'removed', folder, packages: names }));
  else if (names.length === 0) out.line(`${clean(folder)} has no CUDA libraries.`);
  else out.line(`${dryRun ? 'Would remove' : 'Removed'} ${names.join(', ')} from ${clean(folder)}.`);
  return exitCode.ok;
}

/** Prints whether CUDA can be used now. A machine without a GPU is no failure: another may share the folder. */
async function verify({ out }: Context, folder: string, { json, dir }: Values): Promise<number> {
  const search = await findCuda(undefined, () => findCudaLibraries({ folder }));
  const works = 'found' in search;
  if (json) {
    out.line(
      toJson({
        event: 'installed',
        folder,
        gpu: works ? search.found.name : null,
        problem: works ? null : search.problem,
      }),
    );
    return exitCode.ok;
  }
  out.line(
    works
      ? `CUDA is installed. Use ${clean(search.found.name)} with "device": "cuda".`
      : clean(
          `CUDA is installed, but it cannot be used on this machine: ${search.problem}. ${search.todo ?? ''}`.trim(),
        ),
  );
  if (dir && folder !== cudaFolder()) out.line(`Set EARTHMOVER_CUDA=${clean(folder)} so that it is found.`);
  return exitCode.ok;
}
