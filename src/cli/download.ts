// `earthmover download`: public data sets by name, into the cache folder. Nothing else downloads data.
import { existsSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { datasets, type Dataset, type DatasetId } from '../catalog';
import { cacheFolder, datasetFolder } from '../data/cacheFolder';
import { fetchFile } from '../download/fetchFile';
import { unpack } from '../download/unpack';
import { nearest } from '../experiment/words';
import { type Context, type Run } from './command';
import { errors } from './errors';
import { exitCode } from './exitCodes';
import { toJson } from './jsonLines';
import { type downloadOptions } from './options';
import { onInterrupt } from './signals';
import { bytes } from './text';
import { createTransferLine } from './transferLine';

export const download: Run<typeof downloadOptions> = async (context, { values, rest }) => {
  if (rest.length === 0) return list(context, values.json);
  const ids = rest.map(known);
  const abort = new AbortController();
  const release = onInterrupt(() => abort.abort(new Error('interrupted')));
  try {
    for (const id of ids) {
      const folder = ids.length === 1 && values.out ? path.resolve(values.out) : folderOf(id, values.out);
      await get(context, id, folder, abort.signal, values.json);
    }
    return exitCode.ok;
  } catch (error) {
    if (!abort.signal.aborted) throw error;
    context.err.line('Interrupted. The same command goes on from here.');
    return exitCode.interrupted;
  } finally {
    release();
  }
};

const folderOf = (id: DatasetId, out?: string): string =>
  out ? path.resolve(out, id) : datasetFolder(cacheFolder(), id);

function known(name: string): DatasetId {
  if (Object.hasOwn(datasets, name)) return name as DatasetId;
  throw errors.unknownDataset(name, nearest(name, Object.keys(datasets)), Object.keys(datasets));
}

function list({ out }: Context, json?: true): number {
  const width = Math.max(...Object.keys(datasets).map((id) => id.length));
  for (const [id, { title, files, unpack: inner, origin }] of Object.entries<Dataset>(datasets)) {
    const folder = folderOf(id as DatasetId);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const there = isThere({ files, unpack: inner }, folder);
    if (json) out.line(toJson({ event: 'dataset', name: id, title, size, folder, there }));
    else out.line(`${id.padEnd(width)}  ${there ? 'there  ' : bytes(size).padEnd(7)}  ${title} (${origin})`);
  }
  return exitCode.ok;
}

/** Written when a data set was unpacked, last: its archive is not kept. */
const complete = 'complete';

const nameOf = (url: string): string => path.posix.basename(new URL(url).pathname);

function isThere({ files, unpack: inner }: Pick<Dataset, 'files' | 'unpack'>, folder: string): boolean {
  if (inner) return [complete, ...Object.values(inner)].every((name) => existsSync(path.join(folder, name)));
  return files.every(
    ({ url, size }) => statSync(path.join(folder, nameOf(url)), { throwIfNoEntry: false })?.size === size,
  );
}

async function get(
  { out, err }: Context,
  id: DatasetId,
  folder: string,
  signal: AbortSignal,
  json?: true,
): Promise<void> {
  const { title, files, unpack: inner, source }: Dataset = datasets[id];
  const tell = json ? (text: string) => void err.line(text) : (text: string) => void out.line(text);
  if (!json) out.line(`${title}, into ${folder}`);
  if (!(inner && isThere({ files, unpack: inner }, folder))) {
    for (const remote of files) {
      const name = nameOf(remote.url);
      const line = createTransferLine(out, name, json ? { dataset: id } : undefined);
      const options = {
        signal,
        onProgress: line.progress,
        onRetry: (reason: string) => tell(`${reason} It is tried again.`),
      };
      try {
        const came = await fetchFile(remote, path.join(folder, name), options);
        line.end(came === 'present' ? 'was there already' : `${bytes(remote.size)}, checksum right`);
      } catch (error) {
        line.end();
        throw error;
      }
    }
    if (inner) await unpackAll(files, inner, folder, signal);
  }
  if (json) out.line(toJson({ event: 'downloaded', dataset: id, folder }));
  else out.line(`In an experiment file: "data": { "source": "${source}", "path": "${id}" }`);
}

/** No file of a data set is larger than four times its archive. */
async function unpackAll(
  files: Dataset['files'],
  inner: Readonly<Record<string, string>>,
  folder: string,
  signal: AbortSignal,
) {
  for (const { url, size } of files) {
    const archive = path.join(folder, nameOf(url));
    await unpack(archive, folder, { files: inner, mostBytes: 4 * size, signal });
    await writeFile(path.join(folder, complete), `${url}\n`);
    await rm(archive);
  }
}
