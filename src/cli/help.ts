// The help texts, generated from the declarations of the commands.
import { type Command } from './command';
import { type CommandName, commands } from './commands';
import { type Style } from './output';

export function overview(style: Style): string {
  return [
    `${style.bold('earthmover')} trains Wasserstein GANs and their baselines.`,
    '',
    'Usage: earthmover <command> [options]',
    '',
    table(
      Object.values<Command>(commands)
        .filter(({ hidden }) => !hidden)
        .map(({ name, summary }) => [name, summary]),
    ),
    '',
    table([
      ['help [command]', 'Show this help, or the options of a command.'],
      ['--version', 'Show the version.'],
    ]),
    '',
    'Exit codes: 0 finished or stopped on request, 2 invalid input, 3 training failed, 130 interrupted.',
  ].join('\n');
}

export function helpFor(name: CommandName, style: Style): string {
  const { summary, usage, options, details }: Command = commands[name];
  const rows = Object.entries(options).map(([option, { value, text, many }]) => [
    `--${option}${value ? ` ${value}` : ''}${many ? ' ...' : ''}`,
    text,
  ]);
  return [style.bold(summary), '', `Usage: ${usage}`, '', ...details, '', table(rows)].join('\n');
}

function table(rows: readonly (readonly string[])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length)) + 3;
  return rows.map(([left, right]) => `  ${left.padEnd(width)}${right}`).join('\n');
}
