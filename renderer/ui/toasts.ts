import { Toast } from '@base-ui/react/toast';

/** Toasts can be raised from anywhere; `ui/Toasts.tsx` shows them. */
export const toasts = Toast.createToastManager();

const UNDO_MS = 8_000;

/** Says what was done, with the way back. */
export function sayDone(title: string, undo?: () => void): void {
  if (undo === undefined) {
    toasts.add({ title, timeout: 4_000 });
    return;
  }
  const id = toasts.add({
    title,
    timeout: UNDO_MS,
    actionProps: {
      children: 'Undo',
      onClick: () => {
        toasts.close(id);
        undo();
      },
    },
  });
}

export function sayFailure(message: string): void {
  toasts.add({ title: message, type: 'failure', timeout: 10_000, priority: 'high' });
}
