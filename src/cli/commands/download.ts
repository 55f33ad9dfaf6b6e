// `earthmover download`: downloads public data sets into the cache folder. Nothing else downloads data.
import path from 'node:path';
import { datasets, type Dataset, type DatasetId } from '../../catalog';
import { cacheFolder, datasetFolder } from '../../data/cache/cacheFolder';
import { nearest } from '../../experiment/suggestions';
import { type Context, type CommandHandler } from '../command';
import { errors } from '../errors';
import { exitCode } from '../exitCodes';
import { downloadDataset, isDownloaded } from '../datasetDownload';
import { abortOnInterrupt } from '../interrupts';
import { toJson } from '../output';
import { type downloadOptions } from './options';
import { formatBytes } from '../../shared/text';

export const download: CommandHandler<typeof downloadOptions> = async (context, { values, rest }) => {
  if (rest.length === 0) return printList(context, values.json);
  const ids = rest.map(datasetId);
  return abortOnInterrupt(context, async (signal) => {
    for (const id of ids) {
      const folder = ids.length === 1 && values.out ? path.resolve(values.out) : folderOf(id, values.out);
      await downloadOne(context, id, folder, signal, values.json);
    }
    return exitCode.ok;
  });
};

const folderOf = (id: DatasetId, out?: string): string =>
  out ? path.resolve(out, id) : datasetFolder(cacheFolder(), id);

function datasetId(name: string): DatasetId {
  if (Object.hasOwn(datasets, name)) return name as DatasetId;
  throw errors.unknownDataset(name, nearest(name, Object.keys(datasets)), Object.keys(datasets));
}

function printList({ out }: Context, json?: true): number {
  const width = Math.max(...Object.keys(datasets).map((id) => id.length));
  for (const [id, { title, files, unpack: inner, origin }] of Object.entries<Dataset>(datasets)) {
    const folder = folderOf(id as DatasetId);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const downloaded = isDownloaded({ files, unpack: inner }, folder);
    if (json) out.line(toJson({ event: 'dataset', name: id, title, size, folder, downloaded }));
    else
      out.line(
        `${id.padEnd(width)}  ${(downloaded ? 'downloaded' : formatBytes(size)).padEnd(10)}  ${title} (${origin})`,
      );
  }
  return exitCode.ok;
}

async function downloadOne(
  { out, err }: Context,
  id: DatasetId,
  folder: string,
  signal: AbortSignal,
  json?: true,
): Promise<void> {
  const { title, source }: Dataset = datasets[id];
  if (!json) out.line(`Downloading ${title} to ${folder}`);
  const log = (text: string) => (json ? err : out).line(text);
  await downloadDataset(datasets[id], { folder, out, signal, log, json: json && { dataset: id } });
  if (json) out.line(toJson({ event: 'downloaded', dataset: id, folder }));
  else out.line(`Use it in an experiment file: "data": { "source": "${source}", "path": "${id}" }`);
}
