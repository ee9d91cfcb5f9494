import { type ReactNode, useState } from 'react';
import type { ItemDetail } from '../../shared/desktop/library.ts';
import { act } from '../desk/ask.ts';
import { SwitchLine } from '../ui/SwitchLine.tsx';

/** Whether a folder lies on this device, or with the server only. */
export function CloudOnly({ item }: { readonly item: ItemDetail }): ReactNode {
  const [on, setOn] = useState(!item.onDisk);
  const change = (next: boolean): void => {
    setOn(next);
    void act('folders.cloudOnly', { id: item.id, on: next }, () => setOn(!next));
  };
  return (
    <SwitchLine label="Keep in the cloud only" on={on} onChange={change}>
      Frees its space on this device; the files stay on the server and on your other devices.
    </SwitchLine>
  );
}
