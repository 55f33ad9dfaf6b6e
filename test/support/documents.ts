// The documents of the project, as text and as the pieces of code in them.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(__dirname, '../..');
export const textOf = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The documents, relative to the root. */
export const documents: readonly string[] = ['.', 'docs', '.github'].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.posix.join(folder, name)),
);

export const examples: readonly string[] = readdirSync(path.join(root, 'examples'), { recursive: true })
  .map((name) => `examples/${String(name).split(path.sep).join('/')}`)
  .filter((name) => name.endsWith('.gan.json'));

/** A piece of code in a document: a span between backticks, or a line of a fenced block of `language`. */
export interface Code {
  readonly file: string;
  readonly text: string;
  readonly language: string;
}

/** The fenced blocks of a document. */
export const fencesOf = (file: string): readonly Code[] =>
  [...textOf(file).matchAll(/^```(\w*)\n([^]*?)^```$/gm)].map(([, language, text]) => ({ file, language, text }));

/** The spans between backticks of a document, with the escapes of table cells undone. */
export const spansOf = (file: string): readonly Code[] =>
  [
    ...textOf(file)
      .replace(/^```[^]*?^```$/gm, '')
      .matchAll(/`([^`\n]+)`/g),
  ].map(([, text]) => ({
    file,
    language: '',
    text: text.replaceAll('\\|', '|'),
  }));

/** All spans, and all lines of shell blocks without their comments. */
export const shellCode = (): readonly Code[] =>
  documents.flatMap((file) => [
    ...spansOf(file),
    ...fencesOf(file)
      .filter(({ language }) => language === 'sh')
      .flatMap((fence) => fence.text.split('\n').map((line) => ({ ...fence, text: line.replace(/(^|\s)#.*/, '') }))),
  ]);
