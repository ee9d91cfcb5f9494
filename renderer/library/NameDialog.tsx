import { type FormEvent, type ReactNode, useState } from 'react';
import { nameFault, splitExtension } from '../../shared/names.ts';
import { act } from '../desk/ask.ts';
import { closeDialog, type OpenDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { TextField } from '../ui/TextField.tsx';
import { rename } from './actions.ts';
import styles from './NameDialog.module.css';

type Naming = Extract<OpenDialog, { kind: 'rename' | 'new-folder' }>;

/** Gives something its name: an item another one, or a new folder its first. */
export function NameDialog({ dialog }: { readonly dialog: Naming }): ReactNode {
  const known = dialog.kind === 'rename' ? dialog.item.name : '';
  const [name, setName] = useState(known);
  const fault = name === known || name === '' ? undefined : nameFault(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name === '' || fault !== undefined) return;
    closeDialog();
    if (dialog.kind === 'new-folder') void act('folders.create', { parent: dialog.parent, name });
    else if (name !== known) void rename(dialog.item, name);
  };
  return (
    <Dialog open title={dialog.kind === 'rename' ? 'Rename' : 'New folder'} onClose={closeDialog}>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label="Name"
          hideLabel
          onFocus={(field) => field.setSelectionRange(0, splitExtension(known).stem.length)}
          value={name}
          onChange={setName}
          fault={fault === undefined ? null : `Choose another name: ${fault}.`}
        />
        <DialogButtons>
          <Button onPress={closeDialog}>Cancel</Button>
          <Button kind="primary" submits disabled={name === '' || fault !== undefined}>
            {dialog.kind === 'rename' ? 'Rename' : 'Create'}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
