import { ArrowDown, ArrowUp, Check, Pause, Play, RotateCw, X } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { TransferRow } from '../../shared/desktop/lists.ts';
import { fileTypeOf } from '../../shared/fileTypes.ts';
import type { NodeId } from '../../shared/ids.ts';
import { act } from '../desk/ask.ts';
import { IconButton } from '../ui/IconButton.tsx';
import { moment, nextTry } from '../wording/times.ts';
import { extensionOf } from '../wording/types.ts';
import styles from './TransferLine.module.css';

interface TransferLineProps {
  readonly transfer: TransferRow;
  readonly paused: boolean;
  readonly now: number;
  readonly onPause: (id: NodeId, on: boolean) => void;
}

export const TransferLine = memo(function TransferLine(props: TransferLineProps): ReactNode {
  const { transfer, paused, now, onPause } = props;
  const { id, name, folder, direction, group, bytesDone, bytesTotal } = transfer;
  const Arrow = group === 'done' ? Check : direction === 'up' ? ArrowUp : ArrowDown;
  const share = bytesTotal === 0 ? 0 : Math.min(1, bytesDone / bytesTotal);
  return (
    <div className={styles.transfer} data-group={group}>
      <span className={styles.kind} data-type={fileTypeOf(name)} aria-hidden="true">
        {extensionOf(name)}
      </span>
      <div className={styles.words}>
        <p className={styles.name} title={name}>
          {name}
        </p>
        <p className={styles.note}>
          <Arrow size={12} strokeWidth={2} aria-label={direction === 'up' ? 'up' : 'down'} role="img" />
          {noteOf(transfer, paused, now, folder)}
        </p>
      </div>
      {group === 'active' && (
        <div
          className={styles.track}
          role="progressbar"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(share * 100)}
        >
          <span style={{ transform: `scaleX(${share})` }} />
        </div>
      )}
      <span className={styles.bytes}>
        {group === 'active' && <span className={styles.done}>{formatBytes(bytesDone)} of </span>}
        {formatBytes(bytesTotal)}
      </span>
      <span className={styles.actions}>
        {group === 'failed' && (
          <IconButton icon={RotateCw} label="Try again" onPress={() => void act('transfers.retry', { id })} />
        )}
        {(group === 'active' || group === 'waiting') && (
          <IconButton icon={X} label={`Cancel ${name}`} onPress={() => void act('transfers.cancel', { id })} />
        )}
        {(group === 'active' || group === 'waiting') && (
          <IconButton
            icon={paused ? Play : Pause}
            label={paused ? `Resume ${name}` : `Pause ${name}`}
            onPress={() => onPause(id, !paused)}
          />
        )}
      </span>
    </div>
  );
});

function noteOf({ group, message, retryAt, finishedAt }: TransferRow, paused: boolean, now: number, folder: string) {
  if (group === 'failed')
    return `${message ?? 'It did not work.'}${retryAt === null ? '' : ` ${nextTry(retryAt, now)}.`}`;
  if (paused) return 'Paused';
  if (group === 'done' && finishedAt !== null) return `${moment(finishedAt, now)} · ${folder}`;
  return folder;
}
