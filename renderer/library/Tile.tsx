import { Star } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import { Picture } from '../ui/Picture.tsx';
import { syncWords } from '../wording/sync.ts';
import { duration } from '../wording/times.ts';
import { SyncBadge } from './SyncBadge.tsx';
import styles from './Tile.module.css';

export interface PlacedItem {
  readonly index: number;
  readonly total: number;
  readonly item: LibraryItem | undefined;
  readonly selected: boolean;
  readonly cursor: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a tile and a line have in common: an option at its place. The list has the focus and names the one it stands at. */
export const placed = ({ index, total, item, selected, cursor, x, y, width, height }: PlacedItem) => ({
  id: `item-${index}`,
  role: 'option',
  'aria-selected': selected,
  'aria-setsize': total,
  'aria-posinset': index + 1,
  'data-index': index,
  'data-cursor': cursor || undefined,
  'data-drop': item?.kind === 'folder' ? item.id : undefined,
  draggable: item !== undefined,
  style: { transform: `translate(${x}px, ${y}px)`, width, height },
});

export const Tile = memo(function Tile(props: PlacedItem): ReactNode {
  const { item, width } = props;
  return (
    <div className={styles.tile} {...placed(props)}>
      <div className={styles.frame} data-kind={item?.kind}>
        {item !== undefined && <Picture item={item} size={width > 230 ? 512 : 256} />}
        {item?.kind === 'file' && (
          <span className={styles.star} data-on={item.favourite || undefined} data-star aria-hidden="true">
            <Star size={15} strokeWidth={1.8} fill={item.favourite ? 'currentColor' : 'none'} />
          </span>
        )}
        {item?.durationMs != null && <span className={styles.duration}>{duration(item.durationMs)}</span>}
        {item !== undefined && <SyncBadge sync={item.sync} />}
      </div>
      {item === undefined ? (
        <p className="spoken">Still loading</p>
      ) : (
        <>
          <p className={styles.name} title={item.name}>
            {item.name}
          </p>
          <p className={styles.note}>{syncWords(item.sync) ?? formatBytes(item.size)}</p>
          <Spoken item={item} />
        </>
      )}
    </div>
  );
});

/** What is shown by a sign, in words. */
export function Spoken({ item }: { readonly item: LibraryItem }): ReactNode {
  const words = [item.kind === 'folder' ? 'folder' : '', item.favourite ? 'favourite' : ''].filter(Boolean).join(', ');
  return words === '' ? null : <span className="spoken">{words}</span>;
}
