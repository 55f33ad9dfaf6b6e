// The last lines of the run's log.
import { h, setText } from '../ui/dom';
import { t } from '../l10n';
import { createCollapsible } from '../ui/widgets';

export interface LogView {
  readonly element: HTMLElement;
  show(lines: readonly string[]): void;
  expand(): void;
}

/** It keeps to the end, unless the user has scrolled up. */
export function createLogView(open: boolean, onToggle: (open: boolean) => void): LogView {
  const text = h('pre', { tabindex: 0, role: 'region', 'aria-label': t('The last lines of the log') });
  const toEnd = () => (text.scrollTop = text.scrollHeight);
  const element = createCollapsible(
    'log',
    t('Log'),
    open,
    (now) => {
      onToggle(now);
      toEnd();
    },
    text,
  );
  return {
    element,
    show(lines) {
      element.hidden = lines.length === 0;
      const atEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
      setText(text, lines.join('\n'));
      if (atEnd) toEnd();
    },
    expand: () => (element.open = true),
  };
}
