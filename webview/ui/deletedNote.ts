// Says that the folder of what a page shows no longer exists.
import type { Deleted } from '../../src/protocol/monitor';
import { t } from '../l10n';
import { h, icon } from './dom';
import { icons } from './icons';

const texts = {
  run: (name: string) => t('The run {0} was deleted or moved.', name),
  sweep: (name: string) => t('The sweep {0} was deleted or moved.', name),
} as const satisfies Record<Deleted['kind'], unknown>;

export const createDeletedNote = (kind: Deleted['kind'], name: string): HTMLElement =>
  h('div', { class: 'deleted', role: 'status' }, icon(icons.info), h('p', {}, texts[kind](name)));
