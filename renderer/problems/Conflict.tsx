import { Menu } from '@base-ui/react/menu';
import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { ConflictSide, ProblemRow } from '../../shared/desktop/lists.ts';
import { count } from '../../shared/desktop/truth.ts';
import { fileTypeOf } from '../../shared/fileTypes.ts';
import { Button } from '../ui/Button.tsx';
import menu from '../ui/Menu.module.css';
import { MenuItems } from '../ui/MenuItems.tsx';
import { Picture } from '../ui/Picture.tsx';
import { useNow } from '../ui/useNow.ts';
import { moment } from '../wording/times.ts';
import own from './Conflict.module.css';
import styles from './Problems.module.css';

type Conflict = Extract<ProblemRow, { kind: 'conflict' }>;
export type Keep = 'mine' | 'theirs' | 'both';
type Resolve = (ids: readonly string[] | 'all', keep: Keep) => void;

const CHOICES: readonly { readonly keep: Keep; readonly label: string; readonly all: string }[] = [
  { keep: 'mine', label: 'Keep this one', all: 'Keep those of this device' },
  { keep: 'theirs', label: 'Keep that one', all: 'Keep those of the other devices' },
  { keep: 'both', label: 'Keep both', all: 'Keep both of each' },
];

/** Files that were changed in two places, and what may be decided for all of them, also for those out of sight. */
export function ConflictHeading({
  total,
  onResolve,
}: {
  readonly total: number;
  readonly onResolve: Resolve;
}): ReactNode {
  return (
    <div className={styles.heading}>
      <h2>Changed in two places</h2>
      <span>{count(total)}</span>
      {total > 1 && (
        <Menu.Root>
          <Menu.Trigger className={own.all}>
            For all
            <ChevronDown size={13} strokeWidth={2} aria-hidden="true" />
          </Menu.Trigger>
          <Menu.Portal>
            <Menu.Positioner className={menu.over} align="end" sideOffset={4}>
              <Menu.Popup className={menu.popup}>
                <MenuItems
                  groups={[CHOICES.map(({ keep, all }) => ({ label: all, run: () => onResolve('all', keep) }))]}
                />
              </Menu.Popup>
            </Menu.Positioner>
          </Menu.Portal>
        </Menu.Root>
      )}
    </div>
  );
}

/** Both sides of one file, and which is kept. */
export function ConflictCard({ row, onResolve }: { readonly row: Conflict; readonly onResolve: Resolve }): ReactNode {
  const now = useNow();
  return (
    <article className={styles.card} aria-label={row.name}>
      <h3>{row.name}</h3>
      <p className={styles.where}>{row.folder}</p>
      <div className={styles.sides}>
        <Side side={row.mine} label="This device" newer={row.mine.modifiedAt >= row.theirs.modifiedAt} now={now} />
        <Side side={row.theirs} label="Another device" newer={row.theirs.modifiedAt > row.mine.modifiedAt} now={now} />
        {CHOICES.slice(0, 2).map(({ keep, label }) => (
          <Button key={keep} onPress={() => onResolve([row.id], keep)}>
            {label}
          </Button>
        ))}
      </div>
      <div className={own.both}>
        <Button kind="quiet" onPress={() => onResolve([row.id], 'both')}>
          Keep both
        </Button>
      </div>
    </article>
  );
}

interface SideProps {
  readonly side: ConflictSide;
  readonly label: string;
  readonly newer: boolean;
  readonly now: number;
}

function Side({ side, label, newer, now }: SideProps): ReactNode {
  const item = { ...side, kind: 'file', type: fileTypeOf(side.name), blurhash: null } as const;
  return (
    <div className={styles.side}>
      <div className={styles.thumb}>
        <Picture item={item} size={512} />
      </div>
      <b>{side.device ?? label}</b>
      {newer && <span className={styles.newer}>newer</span>}
      <p>
        {moment(side.modifiedAt, now)} · {formatBytes(side.size)}
      </p>
    </div>
  );
}
