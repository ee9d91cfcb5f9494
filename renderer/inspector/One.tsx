import { Star } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { ItemDetail, LibraryItem, Place } from '../../shared/desktop/library.ts';
import type { HostSlice } from '../../shared/desktop/snapshot.ts';
import { ask } from '../desk/ask.ts';
import { useLibraryRevision } from '../desk/revision.ts';
import { useSlice } from '../desk/snapshot.ts';
import { downloadAddress } from '../drop/download.ts';
import { favourite, restore, showInFolder, tag } from '../library/actions.ts';
import { lay, library } from '../library/library.ts';
import { openItem } from '../library/open.ts';
import { patched } from '../library/overlay.ts';
import { lookAt } from '../quicklook/quickLook.ts';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import { Picture } from '../ui/Picture.tsx';
import { syncWords } from '../wording/sync.ts';
import { CloudOnly } from './CloudOnly.tsx';
import styles from './Content.module.css';
import { Facts } from './Facts.tsx';
import { Links } from './Links.tsx';
import { TagField } from './TagField.tsx';
import { Versions } from './Versions.tsx';

/** One item. What the list knows of it is there at once; the rest follows without moving it. */
export function One({ item, place }: { readonly item: LibraryItem; readonly place: Place }): ReactNode {
  const detail = useDetail(item);
  const host = useSlice('host');
  const trashed = place.kind === 'trash';
  const file = item.kind === 'file';
  const sync = syncWords(item.sync);
  const here = library().selection.ranges;
  const index = here[0]?.from ?? 0;
  const changeTags = (tags: readonly string[]): void => {
    const add = tags.filter((one) => !item.tags.includes(one));
    const remove = item.tags.filter((one) => !tags.includes(one));
    lay(patched(library().overlay, [item.id], { tags }));
    void tag([item.id], add, remove);
  };
  return (
    <div className={styles.content}>
      <div className={styles.preview}>
        <Picture item={item} size={512} />
        {file && <button type="button" aria-label="Quick look" onClick={() => lookAt(index)} />}
      </div>
      <div>
        <h2 className={styles.name}>{item.name}</h2>
        <p className={styles.path}>{detail === null ? ' ' : whereOf(detail)}</p>
        {sync !== null && (
          <p className={styles.sync} data-calm={isCalm(item) || undefined}>
            {sync}
          </p>
        )}
      </div>
      {trashed ? (
        <div className={styles.row}>
          <Button onPress={() => void restore(here)}>Restore</Button>
        </div>
      ) : (
        <div className={styles.row}>
          <Button onPress={() => openItem(index)}>Open</Button>
          {host?.can.openFiles && file && <Button onPress={() => showInFolder(item.id)}>Show in folder</Button>}
          {host?.can.openFiles === false && file && <Download item={item} host={host} />}
          {file && (
            <IconButton
              icon={Star}
              label={item.favourite ? 'Remove from favourites' : 'Favourite'}
              keys="F"
              filled={item.favourite}
              pressed={item.favourite}
              onPress={() => void favourite(here)}
            />
          )}
        </div>
      )}
      <Facts item={item} detail={detail} />
      {!trashed && (
        <section>
          <h3 className={styles.heading}>Tags</h3>
          <TagField tags={item.tags} onChange={changeTags} />
        </section>
      )}
      {!trashed && file && <Links item={item} />}
      {!trashed && file && <Versions item={item} />}
      {!trashed && !file && detail !== null && <CloudOnly item={detail} />}
    </div>
  );
}

function Download({ item, host }: { readonly item: LibraryItem; readonly host: HostSlice }): ReactNode {
  return (
    <a className={styles.download} href={downloadAddress(host, item.id)} download={item.name}>
      Download
    </a>
  );
}

const whereOf = ({ path }: ItemDetail): string => (path.length === 0 ? 'At the top of your folder' : path.join(' / '));

const isCalm = ({ sync }: LibraryItem): boolean => sync.state !== 'conflict' && sync.state !== 'problem';

function useDetail({ id }: LibraryItem): ItemDetail | null {
  const revision = useLibraryRevision();
  const [detail, setDetail] = useState<ItemDetail | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why it is read again
  useEffect(() => {
    let wanted = true;
    void ask('library.item', { id }).then((outcome) => {
      if (wanted && outcome.ok) setDetail(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [id, revision]);
  return detail;
}
