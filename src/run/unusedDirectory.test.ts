// A new run goes only where it overwrites and removes nothing of anybody else.
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { scratch } from '../../test/fixtures/run/scratch';
import { createRun } from './directory';
import { requireUnused } from './unusedDirectory';

const folder = scratch('out');
const manifest = { experiment: {}, source: { path: 'a', text: '' }, versions: {}, seed: 1, device: 'cpu' };
const ours = JSON.stringify({ format: 'earthmover-run', version: 1, ...manifest });

/** Writes files by their path; one that ends in / is a folder, and an array is the target of a link. */
function write(files: Record<string, string | [string]>): void {
  fs.mkdirSync(folder(), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder(), name);
    fs.mkdirSync(name.endsWith('/') ? file : path.dirname(file), { recursive: true });
    if (Array.isArray(content)) fs.symlinkSync(content[0], file);
    else if (!name.endsWith('/')) fs.writeFileSync(file, content);
  }
}

/** Every path in the folder, with the content of the files. */
function contents(): string[] {
  const entries = fs.readdirSync(folder(), { recursive: true, withFileTypes: true });
  return entries.map((entry) => {
    const file = path.join(entry.parentPath, entry.name);
    return `${file} ${entry.isFile() ? fs.readFileSync(file, 'utf8') : ''}`;
  });
}

describe('a folder for a new run is rejected, and nothing in it changes, if it contains', () => {
  it.each<[string, Record<string, string | [string]>, string]>([
    [
      'a file',
      { 'readme.txt': 'mine' },
      'is not empty: it contains readme.txt, and files could be overwritten. Choose another folder for the run.',
    ],
    ['a hidden file', { '.gitignore': '*' }, 'it contains .gitignore'],
    ['many files', { a: '', b: '', c: '', d: '', e: '' }, 'it contains a, b, c and 2 more'],
    ['a name with escapes', { 'a\u001b[2J\nb': '' }, 'it contains a\\x1b[2J\\x0ab,'],
    ['a project with control/', { 'control/src/main.c': 'mine' }, 'it contains control,'],
    ['a page in live/', { 'live/index.html': 'mine' }, 'it contains live,'],
    ['a later checkpoint', { 'checkpoints/step-999/': '' }, 'it contains checkpoints,'],
    ['images in samples/', { 'samples/step-30.png': 'mine' }, 'it contains samples,'],
    ['experiment.json of others', { 'experiment.json': '{"name":"mine"}' }, 'it contains experiment.json,'],
    ['attempts/ of others', { 'attempts/notes.md': 'mine' }, 'it contains attempts,'],
    ['log.txt as a link', { 'log.txt': ['../bashrc'] }, 'it contains log.txt,'],
    ['attempts/ as a link', { attempts: ['../docs'] }, 'it contains attempts,'],
    ['a run', { 'status.json': '', a: '' }, 'already contains a run (status.json)'],
    [
      'a run without its status',
      { 'experiment.json': ours, 'metrics.bin': '' },
      'already contains a run (metrics.bin)',
    ],
  ])('%s', (_, files, message) => {
    write(files);
    const before = contents();
    expect(() => createRun(folder(), manifest, 10)).toThrow(message);
    expect(contents()).toEqual(before);
  });
});

describe('a folder for a new run is accepted if', () => {
  it.each<[string, Record<string, string>]>([
    ['it is empty', {}],
    ['it has a log', { 'log.txt': 'the editor writes here' }],
    [
      'a trainer exited before its first status',
      {
        'attempts/1.json': '{}',
        'attempts/2.json': '',
        'log.txt': '',
        'experiment.json': ours,
        'status.json.0a1b2c3d.tmp': '',
        'samples/': '',
        'checkpoints/': '',
        'control/': '',
      },
    ],
  ])('%s', (_, files) => {
    write(files);
    expect(() => requireUnused(folder())).not.toThrow();
  });

  it('it does not exist', () => expect(() => requireUnused(path.join(folder(), 'a', 'b'))).not.toThrow());
});

it('a file, a link to nothing, and a path through a file are named as what they are', () => {
  write({ file: '', link: ['missing'] });
  expect(() => requireUnused(path.join(folder(), 'file'))).toThrow(/file: it is a file\. Choose another folder/);
  expect(() => requireUnused(path.join(folder(), 'link'))).toThrow(/it is a link to something that does not exist/);
  expect(() => createRun(path.join(folder(), 'file', 'a'), manifest, 1)).toThrow('part of the path is a file');
});
