// The report of a study in Markdown.
import path from 'node:path';
import { type StudyId, studies } from '../catalog';
import { markdownTable } from '../shared/table';
import type { Conclusion, OwnSettings, StudySize, Training } from './study';

export function reportOf(
  id: StudyId,
  { holds, verdict, tables }: Conclusion,
  runs: readonly Training[],
  { folder, size, own }: { readonly folder: string; readonly size: StudySize; readonly own?: OwnSettings },
) {
  const { title, claim, source } = studies[id];
  const sections = [
    `# ${title}`,
    `**The paper:** ${claim} (${source})`,
    `**Here** (${sizeText(size)}): ${verdict} ${judgment(holds, size)}`,
    ...(own ? [ownText(own)] : []),
    '![](figure.png)',
    ...Object.entries(tables).map(([name, table]) => `## ${name}\n\n${markdownTable(table)}`),
  ];
  const links = runs.map(({ name, seed, directory }) => {
    const relative = path.relative(folder, directory).split(path.sep).join('/');
    return `- [${name}, seed ${seed}](${relative})`;
  });
  if (links.length > 0) sections.push(`## Runs\n\n${links.join('\n')}`);
  return `${sections.join('\n\n')}\n`;
}

/** Whether the claim was seen; with a part of the steps, trainings have not come far enough to say. */
export const judgment = (holds: boolean, { scale }: StudySize): string =>
  scale === 1
    ? `The claim ${holds ? 'holds' : 'does not hold'} at this size.`
    : `With ${scale} of the steps, this does not judge the claim.`;

const sizeText = ({ seeds, scale }: StudySize): string =>
  `${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}${scale === 1 ? '' : `, at ${scale} of the steps`}`;

/** What differs from the study itself. */
export const ownText = ({ file, settings }: OwnSettings): string =>
  `With these settings of ${path.basename(file)}: ${Object.keys(settings).join(', ')}.`;
