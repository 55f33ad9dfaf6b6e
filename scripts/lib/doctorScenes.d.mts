import type { CheckLevel } from '../../src/protocol/doctor';
import type { ToPage } from '../../src/protocol/monitor';

export function doctorReport(
  changes?: Readonly<Record<string, readonly [level: CheckLevel, text: string]>>,
  more?: { readonly count?: number; readonly problem?: string },
): ToPage;
