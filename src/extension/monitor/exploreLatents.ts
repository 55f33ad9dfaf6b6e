// Answers the latent explorer of the monitor. A process of its own loads the generator: that takes memory and time, and
// may run the user's model code.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { readOrdinaryAsync } from '../../files/ordinaryFile';
import { latentArguments, type LatentAnswer, type LatentRequest } from '../../protocol/latents';
import { runCommandLine } from '../launch/runCommandLine';
import { trusted } from '../trust';

/** Far more than an image of samples has. */
const maxBytes = 2 ** 26;

/** Undefined if a later request took its place. */
export async function exploreLatents(
  context: vscode.ExtensionContext,
  directory: string,
  request: LatentRequest,
  signal: AbortSignal,
): Promise<LatentAnswer | undefined> {
  if (!trusted(vscode.l10n.t('generate samples')))
    return { uri: null, step: null, problem: vscode.l10n.t('Trust the workspace to generate samples.') };
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'earthmover-latents-'));
  try {
    const type = request.kind === 'gif' ? 'gif' : 'png';
    const out = path.join(temporary, `samples.${type}`);
    const [command, ...options] = latentArguments(request);
    let step = 0;
    const onEvent = (event: Record<string, unknown>) => void (step = Number(event.step));
    const args = [command, directory, ...options, '--out', out, '--json'];
    await runCommandLine(context, args, { cwd: temporary, signal, onEvent });
    const bytes = await readOrdinaryAsync(out, maxBytes);
    return { uri: `data:image/${type};base64,${bytes.toString('base64')}`, step, problem: null };
  } catch (error) {
    if (signal.aborted) return undefined;
    return { uri: null, step: null, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    // A killed process may hold its file open for a moment.
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}
