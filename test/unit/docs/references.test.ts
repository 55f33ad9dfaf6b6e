// What the documents name exists: files, links, commands, options, settings, exit codes.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../../src/cli/command';
import { commands } from '../../../src/cli/commands';
import { exitCode } from '../../../src/cli/exitCodes';
import { experimentJsonSchema, parseExperiment, rules, setOverride } from '../../../src/experiment';
import { parseSweep } from '../../../src/sweep/parseSweep';
import { documents, fencesOf, root, shellCode, spansOf, textOf, type Code } from '../../support/documents';
import { kinds } from '../../faults/kinds';

const manifest = JSON.parse(textOf('package.json'));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
}).split('\n');
const spans = documents.flatMap(spansOf);

/** Pieces of code, as lines that say where they are. */
const places = (wrong: readonly Code[]): string[] => wrong.map(({ file, text }) => `${file}: ${text}`);

/** The anchor that GitHub and VS Code give a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');

it('every link leads to a file and a heading that exist', () => {
  const broken = documents.flatMap((file) =>
    [...textOf(file).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)|(?:src|href)="(?!https?:)([^"#]+)"/g)]
      .filter(([, link, anchor, source]) => {
        const target = path.join(path.dirname(file), link ?? source) || file;
        const found = link === '' ? file : target;
        if (!existsSync(path.join(root, found))) return true;
        if (anchor === undefined) return false;
        const headings = [...textOf(found).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading));
        return !headings.includes(anchor);
      })
      .map(([link]) => `${file}: ${link}`),
  );
  expect(broken).toEqual([]);
});

it('the architecture names every dependency and every bundle', () => {
  const { dependencies, optionalDependencies, devDependencies } = manifest;
  const packages = Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies });
  // Types need no reason of their own, and two backends are named in short.
  const named = packages
    .filter((name) => !/^@(types|babel\/types|eslint)\b/.test(name))
    .map((name) => name.replace('@tensorflow/tfjs-backend', '-backend'));
  const bundles = [...textOf('esbuild.mjs').matchAll(/outfile: 'dist\/([^']+)'|write\('([^']+)'/g)];
  const text = textOf('docs/architecture.md');
  const missing = [...named, ...bundles.map(([, file, schema]) => file ?? schema)].filter(
    (name) => !text.includes(name),
  );
  expect(missing).toEqual([]);
});

it('every path and every source file that is named exists', () => {
  const folders = /^(src|test|webview|scripts|docs|examples|bench|media|snippets|l10n|\.github)\/[\w./-]+$/;
  const source = /^[\w.-]+\.(ts|mjs|mts)$/;
  const named = new Set(files.map((file) => path.posix.basename(file)));
  // Names of files that a reader would write.
  const theirs = ['models.ts', 'foo.ts', 'foo.test.ts'];
  const missing = spans.filter(({ text }) =>
    folders.test(text)
      ? !existsSync(path.join(root, text))
      : source.test(text) && !named.has(text) && !theirs.includes(text),
  );
  expect(places(missing)).toEqual([]);
});

it('every `npm run` and its options exist', () => {
  const wrong = shellCode().filter(({ text }) => {
    const [, name, rest = ''] = /^npm run ([\w:-]+)([^&]*)/.exec(text) ?? [];
    if (name === undefined) return false;
    const script: string | undefined = manifest.scripts[name];
    const program = script && /[\w./]+\.mjs/.exec(script)?.[0];
    if (!program) return !script;
    const known =
      textOf(program) +
      files
        .filter((file) => usedBy(program, file))
        .map(textOf)
        .join('\n');
    return [...rest.matchAll(/ --([a-z]+)/g)].some(([, option]) => !new RegExp(`['-]${option}\\b`).test(known));
  });
  expect(places(wrong)).toEqual([]);
});

/** Where the options of a script are declared that runs a program of a folder. */
const usedBy = (program: string, file: string): boolean =>
  file === 'bench/main.ts' ? program === 'scripts/bench.mjs' : file === 'test/faults/main.ts' && /faults/.test(program);

describe('the command line', () => {
  interface Call extends Code {
    readonly words: readonly string[];
  }
  /** Calls of the program: `earthmover …`, `npm start -- …`. */
  const calls: readonly Call[] = shellCode().flatMap((code) => {
    const [, line] = /^(?:earthmover|npm start(?: --silent)? --) (.+)$/.exec(code.text.trim()) ?? [];
    return line ? [{ ...code, words: line.split(/\s+(?=(?:[^']*'[^']*')*[^']*$)/) }] : [];
  });
  const commandOf = ([first, second]: readonly string[]): string => {
    if (/\.gan\.json$/.test(first)) return 'train';
    return Object.hasOwn(commands, `${first} ${second}`) ? `${first} ${second}` : first;
  };
  /** Names that stand for any command. */
  const anyCommand = ['COMMAND', '…', 'help', '--version'];

  it('has every command that is named, with its options', () => {
    expect(calls.length).toBeGreaterThan(40);
    const wrong = calls.filter(({ words }) => {
      const name = commandOf(words);
      if (anyCommand.includes(name)) return false;
      if (!Object.hasOwn(commands, name)) return true;
      const { options } = commands[name as keyof typeof commands];
      return words.some((word) => word.startsWith('--') && !Object.hasOwn(options, word.slice(2).split('=')[0]));
    });
    expect(places(wrong)).toEqual([]);
  });

  it('has every option that is named alone', () => {
    const options = new Set(Object.values(commands).flatMap((command) => Object.keys(command.options)));
    // Of the scripts, which the test of `npm run` covers where they are called, and of Slurm.
    const others = ['write', 'only', 'short', 'silent', 'target'];
    const wrong = spans.filter(({ text }) => {
      const name = /^--([\w-]+)/.exec(text)?.[1];
      return name !== undefined && !options.has(name) && !others.includes(name);
    });
    expect(places(wrong)).toEqual([]);
  });

  it.each([
    ['README.md', 'one word'],
    ['docs/command-line.md', 'one or two words'],
  ])('is listed completely in %s, as far as its commands have %s', (file, words) => {
    const calls = [...textOf(file).matchAll(/^\| `earthmover (\w+ ?\w*)/gm)];
    const listed = calls.map(([, name]) => commandOf(name.split(' ')));
    const all = Object.values<Command>(commands).filter(
      ({ name, hidden }) => !hidden && (words !== 'one word' || !name.includes(' ')),
    );
    expect(listed.toSorted()).toEqual(all.map(({ name }) => name).toSorted());
  });

  it('has the exit codes of docs/command-line.md', () => {
    const [, table] = /## Exit codes\n([^]*?)\n## /.exec(textOf('docs/command-line.md'))!;
    const codes = [...table.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code));
    expect(codes).toEqual(Object.values(exitCode));
  });
});

describe('settings', () => {
  const schema = experimentJsonSchema() as Schema;
  interface Schema {
    readonly properties?: Readonly<Record<string, Schema>>;
    readonly [key: string]: unknown;
  }
  /** The properties of a schema, in any of its alternatives. */
  const propertiesOf = (part: unknown): [string, unknown][] => {
    if (typeof part !== 'object' || part === null) return [];
    const { properties = {}, anyOf = [], oneOf = [], allOf = [] } = part as Record<string, unknown[]>;
    return [...Object.entries(properties), ...[...anyOf, ...oneOf, ...allOf].flatMap(propertiesOf)];
  };
  const hasPath = (part: unknown, [key, ...rest]: readonly string[]): boolean =>
    key === undefined || propertiesOf(part).some(([name, value]) => name === key && hasPath(value, rest));

  it('that are named by their path exist', () => {
    const sections = Object.keys(schema.properties!);
    const dotted = spans.filter(
      ({ text }) =>
        /^[a-z]\w*(\.[a-z]\w*)+$/i.test(text) && sections.includes(text.split('.')[0]) && !text.endsWith('.bin'),
    );
    expect(dotted.length).toBeGreaterThan(3);
    expect(places(dotted.filter(({ text }) => !hasPath(schema, text.split('.'))))).toEqual([]);
  });

  it('of the editor that are named exist', () => {
    const named = spans.filter(({ text }) => /^earthmover\.\w/.test(text));
    const known = Object.keys(manifest.contributes.configuration.properties);
    const views = Object.values<{ id: string }[]>(manifest.contributes.views).flat();
    const ids = [...known, ...views.map(({ id }) => id), 'earthmover.monitor'];
    expect(named.length).toBeGreaterThan(2);
    expect(places(named.filter(({ text }) => !ids.includes(text)))).toEqual([]);
  });

  it('in experiments and parts of them are accepted', () => {
    const whole = documents.flatMap(fencesOf).filter(({ language }) => language === 'jsonc');
    const parts = spans.filter(({ text }) => /^\{ "(data|source|network|kind|module|preset)":.*\}$/.test(text));
    const keys: Readonly<Record<string, string>> = { source: 'data', network: 'generator', module: 'generator' };
    const experimentIn = (text: string): string => {
      const [, first] = /^\{\s*"(\w+)"/.exec(text)!;
      const rest = /"data":/.test(text) || keys[first] === 'data' ? '' : ', "data": { "source": "digits" }';
      if (first === 'data' || first === 'name' || first === 'preset' || first === 'generator')
        return text.replace(/,?\s*\}\s*$/, `${rest} }`);
      return `{ "${keys[first] ?? 'constraint'}": ${text}${rest} }`;
    };
    const wrong = [...whole, ...parts].flatMap(({ file, text }) =>
      (/"experiment":/.test(text) ? parseSweep(text, file) : parseExperiment(experimentIn(text), file)).problems.map(
        ({ message }) => `${file}: ${text}: ${message}`,
      ),
    );
    expect(whole.length + parts.length).toBeGreaterThan(8);
    expect(wrong).toEqual([]);
  });

  it('of `--set` are accepted', () => {
    const sets = shellCode().flatMap(({ file, text }) =>
      [...text.matchAll(/--set ('[^']+'|[^\s`]+)/g)].map(([, set]) => ({ file, text: set.replaceAll("'", '') })),
    );
    const any = /^path=value$/;
    const wrong = sets
      .filter(({ text }) => !any.test(text))
      .flatMap(({ file, text }) => {
        const { problems } = parseExperiment(textOf('examples/eight-gaussians.gan.json'), file, [setOverride(text)]);
        return problems.map(({ message }) => `${file}: ${text}: ${message}`);
      });
    expect(sets.length).toBeGreaterThan(3);
    expect(wrong).toEqual([]);
  });
});

it('every lint rule, kind of fault and command of the editor that is named exists', () => {
  const texts = Object.values<string>(JSON.parse(textOf('package.nls.json')));
  const known: Readonly<Record<string, readonly string[]>> = {
    'lint rule ': Object.keys(rules),
    'kinds? ': kinds.map(({ id }) => id),
  };
  const wrong = documents.flatMap((file) => {
    const text = textOf(file);
    const named = Object.entries(known).flatMap(([words, ids]) =>
      [...text.matchAll(new RegExp(`\\b${words}(\`[\\w-]+\`(?:(?:, | and )\`[\\w-]+\`)*)`, 'g'))]
        .flatMap(([, list]) => [...list.matchAll(/`([\w-]+)`/g)])
        .filter(([, id]) => !ids.includes(id))
        .map(([, id]) => `${file}: ${words}${id}`),
    );
    const titles = [...text.matchAll(/\*\*Earthmover: ([^*]+)\*\*/g)].map(([, title]) => title);
    return [...named, ...titles.filter((title) => !texts.includes(title)).map((title) => `${file}: ${title}`)];
  });
  expect(wrong).toEqual([]);
});
