import { toggleInspector } from '../inspector/sheet.ts';
import { focusList, focusSearch } from '../library/focus.ts';
import { openDialog, useDialog } from './dialogs.ts';
import { goTo, goToPlace, useNavigation } from './navigation.ts';

const LIST_KEYS = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown']);

/** Keys that mean the same everywhere in the window. Returns how to stop listening. */
export function listenForKeys(): () => void {
  document.addEventListener('keydown', onKeyDown);
  return () => document.removeEventListener('keydown', onKeyDown);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || useDialog.getState().dialog !== null) return;
  const command = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  if (command && key === 'k') openDialog({ kind: 'palette' });
  else if (command && key === 'f') search();
  else if (command && key === ',') goTo({ page: 'settings' });
  else if (command || event.altKey || isTyping(event.target)) return;
  else if (event.key === '?') openDialog({ kind: 'shortcuts' });
  else if (key === 'i') toggleInspector();
  else if (LIST_KEYS.has(event.key) && document.activeElement === document.body) focusList();
  else return;
  event.preventDefault();
}

function search(): void {
  if (useNavigation.getState().at.page !== 'library') goToPlace({ kind: 'all' });
  requestAnimationFrame(focusSearch);
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
