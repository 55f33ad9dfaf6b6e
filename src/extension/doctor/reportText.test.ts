import { expect, it } from 'vitest';
import { reportText } from './reportText';

it('aligns the checks below the versions', () => {
  const checks = [
    { check: 'Node.js', level: 'ok', text: '24.1.0', todo: null },
    { check: 'TensorFlow', level: 'none', text: 'its native library is not installed', todo: 'Not needed.' },
  ] as const;
  expect(reportText({ about: 'Earthmover 0.1.0\nVS Code 1.139.1', checks })).toBe(
    'Earthmover 0.1.0\nVS Code 1.139.1\n\nok    Node.js     24.1.0\nnone  TensorFlow  its native library is not installed\n',
  );
});
