import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { Search } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { closeDialog, useDialog } from '../shell/dialogs.ts';
import { keysHere } from '../ui/keys.ts';
import { type PaletteCommand, paletteCommands, ranked } from './commands.ts';
import styles from './Palette.module.css';

/** Everything that can be done here, by a few letters of its name; what is not a command is searched for. */
export function Palette(): ReactNode {
  const open = useDialog(({ dialog }) => dialog?.kind === 'palette');
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && closeDialog()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.popup} aria-label="Commands">
          <Commands />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Commands(): ReactNode {
  const [text, setText] = useState('');
  const commands = useMemo(() => paletteCommands(), []);
  const shown = ranked(commands, text);
  return (
    <Autocomplete.Root
      open
      inline
      items={shown}
      filter={null}
      value={text}
      autoHighlight="always"
      itemToStringValue={({ label }: PaletteCommand) => label}
      onValueChange={(value, { reason }) => {
        if (reason !== 'item-press') setText(value);
      }}
    >
      <div className={styles.field}>
        <Search size={16} strokeWidth={1.7} aria-hidden="true" />
        <Autocomplete.Input className={styles.input} placeholder="Do anything, or search" aria-label="Commands" />
      </div>
      <Autocomplete.List className={styles.list} aria-label="Commands">
        {(command: PaletteCommand) => (
          <Autocomplete.Item
            key={command.label}
            value={command}
            className={styles.item}
            onClick={() => {
              closeDialog();
              command.run();
            }}
          >
            <command.icon size={16} strokeWidth={1.6} aria-hidden="true" />
            <span>{command.label}</span>
            {command.keys !== undefined && <kbd>{keysHere(command.keys)}</kbd>}
          </Autocomplete.Item>
        )}
      </Autocomplete.List>
    </Autocomplete.Root>
  );
}
