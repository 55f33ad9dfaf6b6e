// A setting at the wrong place is moved to where it belongs, by a quick fix that leaves no problem.
import { describe, expect, it } from 'vitest';
import { parseExperiment } from './index';

const problemsOf = (text: string) => parseExperiment(text, 'a.gan.json').problems;
const withSetting = (setting: string, rest = '"preset": "wgan-gp"') =>
  `{ ${rest}, "data": { "source": "gaussians-ring" }, ${setting}, "steps": 100 }`;

/** The text after the quick fix of a title. */
function fixed(text: string, title: string): string {
  const [problem] = problemsOf(text);
  const fix = problem.fixes?.find((each) => each.title === title);
  expect(fix, JSON.stringify(problem.fixes?.map((each) => each.title))).toBeDefined();
  const { offset, length, text: inserted } = fix!;
  return text.slice(0, offset) + inserted + text.slice(offset + length);
}

describe('a setting at the wrong place', () => {
  it.each([
    ['"learningRate": 0.001', '', 'optimizer.learningRate'],
    ['"lr": 0.001', '', 'optimizer.learningRate'],
    ['"lr": 0.001', '"optimizer": { "kind": "adam" }', 'optimizer.learningRate'],
    ['"beta1": 0', '"optimizer": { "kind": "adam" }', 'optimizer.beta1'],
    ['"lambda": 5', '"constraint": { "kind": "gradient-penalty" }', 'constraint.lambda'],
    ['"lambda": 5', '"preset": "wgan"', 'constraint.lambda'],
    ['"clip": 0.01', '"objective": "wgan"', 'constraint.c'],
    ['"clip": 0.01', '"constraint": "clip"', 'constraint.c'],
    ['"zDim": 16', '', 'latent.size'],
    ['"width": 64', '', 'generator.width'],
    ['"width": 64', '', 'critic.width'],
  ])('%s beside %s belongs at %s', (setting, rest, home) => {
    const text = withSetting(setting, rest === '' ? undefined : rest);
    const [problem] = problemsOf(text);
    expect(problem.message).toMatch(new RegExp(`is not a setting of an experiment. It belongs at .*"${home}"`));
    const after = fixed(text, `Move to "${home}"`);
    expect(problemsOf(after)).toEqual([]);
    const value = JSON.parse(setting.slice(setting.indexOf(':') + 1)) as number;
    const [owner, key] = home.split('.');
    expect(JSON.parse(after)[owner]).toMatchObject({ [key]: value });
  });

  it('in another part belongs there too', () => {
    const text = withSetting('"constraint": { "kind": "gradient-penalty", "learningRate": 0.1 }');
    expect(problemsOf(text)[0].message).toContain('It belongs at "optimizer.learningRate".');
    expect(problemsOf(fixed(text, 'Move to "optimizer.learningRate"'))).toEqual([]);
  });

  it('is not moved where the same setting is, or where its value is wrong', () => {
    const titles = (text: string) => problemsOf(text)[0].fixes?.map(({ title }) => title);
    expect(titles(withSetting('"lr": 1e-3, "optimizer": { "kind": "adam", "learningRate": 0.1 }'))).toEqual([
      'Remove "lr"',
    ]);
    expect(titles(withSetting('"lr": "fast"'))).toEqual(['Remove "lr"']);
  });

  it('keeps the comments of the others', () => {
    const text = `{\n  // mine\n  "preset": "wgan-gp",\n  "lr": 0.001, // fast\n  "data": { "source": "gaussians-ring" } // ring\n}\n`;
    const after = fixed(text, 'Move to "optimizer.learningRate"');
    for (const comment of ['// mine', '// ring']) expect(after).toContain(comment);
    expect(problemsOf(after)).toEqual([]);
  });
});
