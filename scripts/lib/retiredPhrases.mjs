// Phrases that read like a translation, each with the words to use. Single retired words are in cspell.json.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';

/** Phrase → what to write instead. */
const retired = [
  [/\b(go|goes|going|gone|went) on\b/i, 'resume, continue'],
  [/\bby hand\b/i, 'manual, manually, a single step'],
  [/\b(takes?|took|taken|taking) away\b/i, 'export'],
  [/\bwhat (was|is|were) (reached|fed|drawn|told|said)\b/i, 'results, inputs, output'],
  [/\bwhat c[ao]mes? out\b/i, 'results'],
  [/\b(tells?|told|telling) of\b/i, 'report'],
  [/\bis gone\b/i, 'exited unexpectedly, was deleted'],
  [/\bwithout a word\b/i, 'unexpectedly, silently'],
  [/\blaid? upon\b|\blays upon\b/i, 'stack, overlay'],
  [/\b(are|is) to be\b/i, 'must be, should be, will be'],
  [/\bdr(aw|aws|awn|awing) ahead\b/i, 'prefetch'],
  [/\b(lets?|letting) go\b/i, 'release, dispose'],
];

/** Text files without data, translations and this list. */
const isText = (file) =>
  /\.(ts|mjs|mts|md|json|jsonc|css|py|yml)$/.test(file) && !/\.de\.json$|^package-lock/.test(file);
const isExempt = (file) => file.startsWith('test/fixtures/') || file.endsWith('retiredPhrases.mjs');

/** All places with a retired phrase, as `file:line:column: message`. */
export function findRetiredPhrases() {
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  const files = listed
    .split('\n')
    .filter((file) => isText(file) && !isExempt(file) && existsSync(path.join(root, file)));
  return files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, at) => problemsOf(line).map(([column, message]) => `${file}:${at + 1}:${column}: ${message}`)),
  );
}

const problemsOf = (line) =>
  retired.flatMap(([phrase, instead]) => {
    const found = phrase.exec(line);
    return found ? [[found.index + 1, `retired phrase "${found[0]}"; write: ${instead}`]] : [];
  });
