// The thread of the built extension that finds models: it answers, gives up on texts that take too long, and ends.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { createModelThread, type ModelThread } from '../../src/extension/models/modelThread';

const script = path.join(__dirname, '../../dist/model-worker.cjs');
const star = "import * as tf from '@tensorflow/tfjs';\n";
const small = `${star}export const critic = () => tf.sequential();\n`;

let thread: ModelThread;
afterEach(() => thread.dispose());

it('finds models in many files at once, by the language of each', async () => {
  thread = createModelThread({ script });
  const files = Array.from({ length: 20 }, (_, i) => (i % 2 ? `a${i}.tsx` : `a${i}.ts`));
  const found = await Promise.all(
    files.map((file) =>
      thread.find(file.endsWith('x') ? `${small}const a = <p>don't</p>;` : `${small}const a = <b>c;`, file),
    ),
  );
  for (const { models, isWhole } of found)
    expect([models.map(({ exported }) => exported), isWhole]).toEqual([['critic'], true]);
});

it('gives up on a text that takes too long, and answers the next one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'em-thread-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const endless = path.join(folder, 'endless.cjs');
  // Stands for a text that needs for ever, and only the first time.
  const seen = JSON.stringify(path.join(folder, 'seen'));
  writeFileSync(
    endless,
    `const fs = require('node:fs');
     if (!fs.existsSync(${seen})) { fs.writeFileSync(${seen}, ''); for (;;); }
     require(${JSON.stringify(script)});`,
  );
  thread = createModelThread({ script: endless, limitMs: 5000 });
  const both = await Promise.all([thread.find(small, 'a.ts'), thread.find(small, 'b.ts')]);
  expect(both).toEqual([
    { models: [], isWhole: false },
    { models: [], isWhole: false },
  ]);
  expect((await thread.find(small, 'a.ts')).models).toHaveLength(1);
});

it('starts again after it has ended with nothing to do', async () => {
  thread = createModelThread({ script, idleMs: 1 });
  for (let i = 0; i < 3; i++) {
    expect((await thread.find(small, 'a.ts')).models).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

it('does not start for a file without TensorFlow.js', async () => {
  thread = createModelThread({ script: '/nowhere.cjs' });
  expect(await thread.find('const a = 1;', 'a.ts')).toEqual({ models: [], isWhole: true });
});

it('finds a thousand models in 20,000 lines', async () => {
  thread = createModelThread({ script, limitMs: 120_000 });
  const one = (i: number) => `export function critic${i}(): tf.LayersModel {
  const model = tf.sequential();
${'  model.add(tf.layers.dense({ units: 8 }));\n'.repeat(16)}  return model;
}
`;
  const text = star + Array.from({ length: 1000 }, (_, i) => one(i)).join('');
  expect(text.split('\n').length).toBeGreaterThan(20_000);
  expect((await thread.find(text, 'a.ts')).models).toHaveLength(1000);
});
