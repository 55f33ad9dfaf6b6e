// The answer of a tool as a language model reads it: JSON without ornament, with numbers of six digits and texts of others made harmless and short.
import { cleanLines } from '../../shared/text';

/** Characters of a text; models pay for each, and an error may quote a whole file. */
const most = 1000;

export const answerText = (answer: unknown): string =>
  JSON.stringify(answer, (_, value: unknown) => {
    if (typeof value === 'string') return shortened(value);
    return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  });

/** What would act instead of being read is shown, except line ends, and what is long is cut. */
export function shortened(text: string): string {
  const whole = cleanLines(text.replaceAll('\r\n', '\n'));
  return whole.length <= most ? whole : `${whole.slice(0, most)} [and ${whole.length - most} characters more]`;
}
