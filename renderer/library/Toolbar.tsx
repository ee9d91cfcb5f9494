import { LayoutGrid, List, PanelRight, Plus } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { Place } from '../../shared/desktop/library.ts';
import { useSlice } from '../desk/snapshot.ts';
import { addFiles, chosenFiles } from '../drop/add.ts';
import { toggleInspector } from '../inspector/sheet.ts';
import { DrawerButton } from '../shell/PageHeader.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { NARROW, useMedia } from '../ui/useMedia.ts';
import { changeLooks, useLooks } from './looks.ts';
import { SearchField } from './SearchField.tsx';
import styles from './Toolbar.module.css';

export function Toolbar({ place }: { readonly place: Place }): ReactNode {
  const { mode, inspector } = useLooks();
  const narrow = useMedia(NARROW);
  const chooser = useRef<HTMLInputElement>(null);
  const running = useSlice('sync') !== null;
  return (
    <header className={styles.toolbar}>
      <DrawerButton />
      <SearchField />
      <div className={styles.space} />
      <IconButton
        icon={LayoutGrid}
        label="Grid"
        pressed={mode === 'grid'}
        onPress={() => changeLooks({ mode: 'grid' })}
      />
      <IconButton icon={List} label="List" pressed={mode === 'list'} onPress={() => changeLooks({ mode: 'list' })} />
      {!narrow && (
        <IconButton icon={PanelRight} label="Inspector" keys="I" pressed={inspector} onPress={toggleInspector} />
      )}
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        aria-label="Files to add"
        onChange={({ target }) => {
          void addFiles(chosenFiles(target.files), place.kind === 'folder' ? place.id : null);
          target.value = '';
        }}
      />
      {place.kind === 'trash' ? null : narrow ? (
        <IconButton icon={Plus} label="Add files" disabled={!running} onPress={() => chooser.current?.click()} />
      ) : (
        <Button kind="primary" disabled={!running} onPress={() => chooser.current?.click()}>
          <Plus size={15} strokeWidth={2} aria-hidden="true" />
          Add files
        </Button>
      )}
    </header>
  );
}
