import type { ReactNode } from 'react';
import { useSlice } from '../desk/snapshot.ts';
import { closeDialog, useDialog } from '../shell/dialogs.ts';
import { Dialog } from '../ui/Dialog.tsx';
import styles from './Shortcuts.module.css';

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ['Mod K', 'Do anything'],
  ['Mod F', 'Search'],
  ['Space', 'Quick look'],
  ['Enter', 'Open'],
  ['F', 'Favourite'],
  ['T', 'Tags'],
  ['Del', 'Move to trash'],
  ['R', 'Restore, in the trash'],
  ['I', 'Inspector'],
  ['Mod A', 'Select all'],
  ['Mod C', 'Copy files'],
  ['↑ ↓ ← →', 'Go to the next'],
  ['Shift ↑ ↓', 'Select further'],
  ['Mod Space', 'Select or not'],
  ['Home End', 'First, last'],
  ['A name', 'Go to it'],
  ['Esc', 'Select nothing, close'],
  ['Mod ,', 'Settings'],
  ['?', 'This list'],
];

export function Shortcuts(): ReactNode {
  const open = useDialog(({ dialog }) => dialog?.kind === 'shortcuts');
  const mac = useSlice('host')?.platform === 'mac';
  return (
    <Dialog open={open} title="Keyboard shortcuts" onClose={closeDialog} wide>
      <dl className={styles.keys}>
        {KEYS.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys
                .replace('Mod', mac ? '⌘' : 'Ctrl')
                .split(' ')
                .map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
