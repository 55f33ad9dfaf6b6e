// Every operation, kernel and convolution has the same result on WebGPU as on the CPU, and each workaround for an error
// of ONNX Runtime is still needed. `npm run test:webgpu -- convolutions --cases 2000 --seed 2` tries more.
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../support/buildProgram';
import { environment } from '../support/environment';
import { softwareVulkan } from '../support/softwareVulkan';
import type { Difference } from '../webgpu/main';
import { start } from './cliProcess';

const vulkan = softwareVulkan();

async function linesOf(...args: string[]): Promise<unknown[]> {
  environment(vulkan!);
  const script = await buildProgram('test/webgpu/main.ts');
  const ended = await start(args, { script }).ended;
  expect(ended.code, ended.stderr).toBe(0);
  return ended.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

const differences = async (...args: string[]): Promise<Difference[]> =>
  ((await linesOf(...args)) as Difference[]).map((d) => ({ ...d, largest: d.largest ?? Infinity }));

/** WebGPU requires sin and cos to be accurate to 2⁻¹¹ only. */
const toleranceOf = (name: string): number => (/^(Sin|Cos|Tan)$/.test(name) ? 5e-4 : 1e-4);
const wrong = (all: readonly Difference[]): readonly Difference[] =>
  all.filter(({ name, largest }) => !(largest <= toleranceOf(name)));
const results = (all: readonly Difference[]): number => all.reduce((sum, d) => sum + d.results, 0);

// Seconds on an idle machine, minutes on a busy one, because a software GPU compiles its shaders.
describe.skipIf(!vulkan)(
  `webgpu${vulkan ? '' : ' (skipped: no Chromium with its SwiftShader driver is installed)'} equals the CPU`,
  { timeout: 600_000 },
  () => {
    it('in every operation, on shapes of many kinds', async () => {
      const found = await differences('operations');
      expect(wrong(found)).toEqual([]);
      expect(results(found)).toBeGreaterThan(1800);
    });

    it('in every kernel with a gradient, its gradients and second derivatives', async () => {
      const found = await differences('kernels');
      expect(wrong(found)).toEqual([]);
      expect(results(found)).toBeGreaterThan(700);
    });

    it('in convolutions of all kinds, and their gradients', async () => {
      const found = await differences('convolutions', '--cases', '100');
      expect(wrong(found)).toEqual([]);
      expect(results(found)).toBe(300);
    });

    it("in convolutions by Winograd's algorithm, their gradients and second derivatives", async () => {
      const found = await differences('winograd');
      expect(wrong(found)).toEqual([]);
      expect(results(found)).toBe(20);
    });

    it('in replays of recorded commands, and a wrong replay is noticed', async () => {
      expect(await linesOf('recordings')).toEqual([[]]);
    });

    it('only because of workarounds that ONNX Runtime still needs', async () => {
      const found = await differences('witnesses');
      const [unchanged, adapted] = [true, false].map((u) => found.filter((d) => d.name.endsWith(', as it is') === u));
      expect(wrong(adapted)).toEqual([]);
      // If one is right now, its workaround in src/engine/passes/webgpuWorkarounds.ts is no longer needed: remove both.
      expect(unchanged.filter((d) => !wrong(unchanged).includes(d))).toEqual([]);
      expect(unchanged.length).toBe(adapted.length);
    });
  },
);
