// Which documents are experiments and sweeps.
import type * as vscode from 'vscode';

/** Where a file can be edited: on disk, or before it is saved. Earlier versions of a file (git:) have other schemes. */
const schemes = ['file', 'untitled'] as const;

const isNamed = ({ uri, fileName }: vscode.TextDocument, form: RegExp): boolean =>
  schemes.some((scheme) => scheme === uri.scheme) && form.test(fileName);

const filesOf = (pattern: string): vscode.DocumentSelector => schemes.map((scheme) => ({ scheme, pattern }));

export const isExperiment = (document: vscode.TextDocument): boolean => isNamed(document, /\.gan\.jsonc?$/i);

export const isSweep = (document: vscode.TextDocument): boolean => isNamed(document, /\.sweep\.jsonc?$/i);

/** The document selectors of experiment and sweep files. */
export const experimentFiles = filesOf('**/*.gan.{json,jsonc}');
export const sweepFiles = filesOf('**/*.sweep.{json,jsonc}');
export const checkedFiles = filesOf('**/*.{gan,sweep}.{json,jsonc}');

/** Whether a document is an experiment or a sweep, and has its problems shown. */
export const isChecked = (document: vscode.TextDocument): boolean => isExperiment(document) || isSweep(document);
