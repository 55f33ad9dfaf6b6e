// The extension's own log, in the Output view.
import * as vscode from 'vscode';

export type Log = vscode.LogOutputChannel;

export const createLog = (): Log => vscode.window.createOutputChannel('Earthmover', { log: true });
