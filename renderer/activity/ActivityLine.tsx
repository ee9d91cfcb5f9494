import { memo, type ReactNode } from 'react';
import type { ActivityRow } from '../../shared/desktop/lists.ts';
import { activityWords } from '../wording/activities.ts';
import styles from './ActivityLine.module.css';

interface ActivityLineProps {
  readonly row: ActivityRow;
  /** Given with the first of a day. */
  readonly day: string | null;
}

export const ActivityLine = memo(function ActivityLine({ row, day }: ActivityLineProps): ReactNode {
  const { icon: Icon, words } = activityWords(row.action);
  const slash = row.path?.lastIndexOf('/') ?? -1;
  const name = row.path?.slice(slash + 1) ?? null;
  const folder = slash > 0 ? (row.path?.slice(0, slash).replaceAll('/', ' / ') ?? '') : '';
  const date = new Date(row.at);
  const time = `${date.getHours().toString().padStart(2, '0')}:${date.getMinutes().toString().padStart(2, '0')}`;
  return (
    <div className={styles.line}>
      <span className={styles.day}>{day}</span>
      <time className={styles.time} dateTime={date.toISOString()}>
        {time}
      </time>
      <Icon size={15} strokeWidth={1.6} aria-hidden="true" />
      <span className={styles.words}>
        <span>{words}</span> {name !== null && <b title={row.path ?? undefined}>{name}</b>} <small>{folder}</small>
      </span>
      <span className={styles.by}>{row.by}</span>
    </div>
  );
});
