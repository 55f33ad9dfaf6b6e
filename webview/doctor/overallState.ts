// What the checks say together.
import type { DoctorReport } from '../../src/protocol/doctor';
import { t } from '../l10n';

export function overallState({ checks, checking, problem }: Pick<DoctorReport, 'checks' | 'checking' | 'problem'>): {
  readonly label: string;
  readonly tone: 'busy' | 'good' | 'warning' | 'bad';
} {
  if (checks.some(({ level }) => level === 'fail')) return { label: t('Training does not work here'), tone: 'bad' };
  if (checking) return { label: t('Checking'), tone: 'busy' };
  if (problem !== null) return { label: t('Not checked'), tone: 'bad' };
  return checks.some(({ level }) => level === 'warn')
    ? { label: t('Training works here, with limitations'), tone: 'warning' }
    : { label: t('Training works here'), tone: 'good' };
}
