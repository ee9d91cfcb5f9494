import { Star, Tag, Trash2, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { Place } from '../../shared/desktop/library.ts';
import { atHand, favourite, restore, trash } from '../library/actions.ts';
import { count, type Selection } from '../library/selection.ts';
import { Button } from '../ui/Button.tsx';
import { Picture } from '../ui/Picture.tsx';
import { items } from '../wording/counts.ts';
import styles from './Content.module.css';
import { tagSelection } from './tagging.ts';

/** A selection of several: what they come to, and what can be done to all of them. */
export function Many({ selection, place }: { readonly selection: Selection; readonly place: Place }): ReactNode {
  const { ranges } = selection;
  const many = count(selection);
  const some = atHand(ranges);
  const bytes = some.reduce((sum, { size }) => sum + size, 0);
  return (
    <div className={styles.content}>
      <div className={styles.stack}>
        {some
          .slice(0, 3)
          .reverse()
          .map((item) => (
            <span key={item.id}>
              <Picture item={item} size={256} />
            </span>
          ))}
      </div>
      <div>
        <h2 className={styles.name}>{items(many)}</h2>
        {some.length === many && <p className={styles.path}>{formatBytes(bytes)}</p>}
      </div>
      {place.kind === 'trash' ? (
        <div className={styles.row}>
          <Button onPress={() => void restore(ranges)}>
            <Undo2 size={14} aria-hidden="true" />
            Restore
          </Button>
        </div>
      ) : (
        <>
          <div className={styles.row}>
            <Button onPress={() => void favourite(ranges)}>
              <Star size={14} aria-hidden="true" />
              Favourite
            </Button>
            <Button onPress={tagSelection}>
              <Tag size={14} aria-hidden="true" />
              Tags
            </Button>
          </div>
          <div className={styles.row}>
            <Button onPress={() => void trash(ranges)}>
              <Trash2 size={14} aria-hidden="true" />
              Move to trash
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
