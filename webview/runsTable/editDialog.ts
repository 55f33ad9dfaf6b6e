// The dialog for the name, tags and notes of a run.
import type { TableRun } from '../../src/protocol/runsTable';
import { t } from '../l10n';
import { h } from '../ui/dom';

type Annotations = Pick<TableRun, 'name' | 'tags' | 'notes'>;

export interface EditDialog {
  readonly element: HTMLElement;
  /** Opens the dialog; `save` is called with the entered values unless the user cancels. */
  open(run: TableRun, save: (annotations: Annotations) => void): void;
}

export function createEditDialog(): EditDialog {
  const name = h('input', { type: 'text', name: 'name', maxlength: 200 });
  const tags = h('input', { type: 'text', name: 'tags', placeholder: t('baseline, paper') });
  const notes = h('textarea', { name: 'notes', rows: 6, maxlength: 10_000 });
  const heading = h('h2', { id: 'edit-run' });
  const field = (label: string, input: HTMLElement) => h('label', {}, h('span', {}, label), input);
  let submit = () => {};
  const close = () => element.close();
  const element = h(
    'dialog',
    { class: 'edit-run', 'aria-labelledby': 'edit-run' },
    h(
      'form',
      {
        method: 'dialog',
        onsubmit: () => submit(),
        // As in the editor's own multi-line inputs.
        onkeydown(event) {
          const { key, ctrlKey, metaKey } = event as KeyboardEvent;
          if (key === 'Enter' && (ctrlKey || metaKey)) form.requestSubmit();
        },
      },
      heading,
      field(t('Name'), name),
      field(t('Tags, separated by commas'), tags),
      field(t('Notes'), notes),
      h(
        'div',
        { class: 'dialog-buttons' },
        h('vscode-button', { appearance: 'primary', onclick: () => form.requestSubmit() }, t('Save')),
        h('vscode-button', { appearance: 'secondary', onclick: close }, t('Cancel')),
      ),
      // Enter in a field submits a form that has such a button.
      h('input', { type: 'submit', hidden: true }),
    ),
  );
  const form = element.querySelector('form')!;
  return {
    element,
    open(run, save) {
      heading.textContent = run.name;
      // The name of the experiment is the default: it is not kept as a name of the run.
      name.placeholder = run.experiment;
      name.value = run.name === run.experiment ? '' : run.name;
      tags.value = run.tags.join(', ');
      notes.value = run.notes;
      submit = () => save({ name: name.value, tags: tags.value.split(','), notes: notes.value });
      element.showModal();
      name.focus();
    },
  };
}
