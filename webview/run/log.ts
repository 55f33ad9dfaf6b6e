// The last lines of the run's log.
import { h, setText } from '../ui/dom';
import { t } from '../l10n';
import { createCollapsible } from '../ui/widgets';

export interface LogView {
  readonly element: HTMLElement;
  show(lines: readonly string[]): void;
  expand(): void;
}

/** Stays scrolled to the end unless the user has scrolled up. */
export function createLogView(open: boolean, onToggle: (open: boolean) => void): LogView {
  const text = h('pre', { tabindex: 0, role: 'region', 'aria-label': t('Last lines of the log') });
  const scrollToEnd = () => (text.scrollTop = text.scrollHeight);
  const element = createCollapsible(
    'log',
    t('Log'),
    open,
    (now) => {
      onToggle(now);
      scrollToEnd();
    },
    text,
  );
  return {
    element,
    show(lines) {
      element.hidden = lines.length === 0;
      const atEnd = text.scrollTop + text.clientHeight >= text.scrollHeight - 8;
      setText(text, lines.join('\n'));
      if (atEnd) scrollToEnd();
    },
    expand: () => (element.open = true),
  };
}
