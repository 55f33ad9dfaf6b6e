// For tests: environment variables for the duration of a test.
import { onTestFinished } from 'vitest';

export function environment(more: Readonly<Record<string, string>>): void {
  const before = { ...process.env };
  Object.assign(process.env, more);
  onTestFinished(() => {
    for (const key of Object.keys(more)) delete process.env[key];
    Object.assign(process.env, before);
  });
}
