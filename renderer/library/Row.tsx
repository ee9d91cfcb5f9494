import { Star } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import { Picture } from '../ui/Picture.tsx';
import { syncWords } from '../wording/sync.ts';
import { day } from '../wording/times.ts';
import { TYPE_NAMES } from '../wording/types.ts';
import styles from './Row.module.css';
import { SyncBadge } from './SyncBadge.tsx';
import { type PlacedItem, placed, Spoken } from './Tile.tsx';

/** A line of the list. */
export const Row = memo(function Row(props: PlacedItem): ReactNode {
  const { item } = props;
  return (
    <div className={styles.row} {...placed(props)}>
      <span className={styles.picture}>{item !== undefined && <Picture item={item} size={256} />}</span>
      {item === undefined ? (
        <span className="spoken">Still loading</span>
      ) : (
        <>
          <span className={styles.name} title={item.name}>
            <span>{item.name}</span>
            {item.favourite && <Star size={12} fill="currentColor" aria-hidden="true" />}
          </span>
          <span className={styles.sync}>
            {syncWords(item.sync) ?? item.tags.map((tag) => `#${tag}`).join(' ')}
            <SyncBadge sync={item.sync} />
          </span>
          <span className={styles.type}>{item.kind === 'folder' ? 'Folder' : TYPE_NAMES[item.type]}</span>
          <span className={styles.date}>{day(item.modifiedAt, Date.now())}</span>
          <span className={styles.size}>{formatBytes(item.size)}</span>
          <Spoken item={item} />
        </>
      )}
    </div>
  );
});
