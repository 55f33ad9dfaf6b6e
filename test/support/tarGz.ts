// For tests: a tar.gz archive of small text files.
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** Path → text; a link to elsewhere is added under `link`, where one is named. */
export async function tarGz(files: Readonly<Record<string, string>>, link?: string): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  if (link) tar.entry({ name: link, type: 'symlink', linkname: '/etc/passwd' });
  tar.finalize();
  return gzipSync(await buffer(tar));
}
