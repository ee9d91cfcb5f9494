import { type ReactNode, useEffect, useState } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { ItemVersion, LibraryItem } from '../../shared/desktop/library.ts';
import { act, ask } from '../desk/ask.ts';
import { useLibraryRevision } from '../desk/revision.ts';
import { sayDone } from '../ui/toasts.ts';
import { useNow } from '../ui/useNow.ts';
import { moment } from '../wording/times.ts';
import styles from './Content.module.css';

const SHOWN = 5;

/** What the file was before, each to be had back. */
export function Versions({ item }: { readonly item: LibraryItem }): ReactNode {
  const now = useNow();
  const versions = useVersions(item);
  const [all, setAll] = useState(false);
  if (versions.length < 2) return null;
  const current = versions.find((version) => version.current);
  const restore = async ({ contentRev }: ItemVersion): Promise<void> => {
    if (!(await act('versions.restore', { id: item.id, contentRev }))) return;
    const back = current === undefined ? undefined : () => void bring(item, current.contentRev);
    sayDone(`${item.name} is back as it was then.`, back);
  };
  return (
    <section>
      <h3 className={styles.heading}>Versions</h3>
      {versions.slice(0, all ? undefined : SHOWN).map((version) => (
        <div key={version.contentRev} className={styles.line}>
          <b>{version.current ? 'Current' : moment(version.savedAt, now)}</b>
          {version.current ? (
            formatBytes(version.size)
          ) : (
            <button
              type="button"
              aria-label={`Restore the version of ${moment(version.savedAt, now)}`}
              onClick={() => void restore(version)}
            >
              Restore
            </button>
          )}
        </div>
      ))}
      {versions.length > SHOWN && !all && (
        <div className={styles.line}>
          <b />
          <button type="button" onClick={() => setAll(true)}>
            Show all {versions.length}
          </button>
        </div>
      )}
    </section>
  );
}

const bring = (item: LibraryItem, contentRev: number): Promise<boolean> =>
  act('versions.restore', { id: item.id, contentRev });

function useVersions({ id }: LibraryItem): readonly ItemVersion[] {
  const revision = useLibraryRevision();
  const [versions, setVersions] = useState<readonly ItemVersion[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new revision is why they are read again
  useEffect(() => {
    let wanted = true;
    void ask('versions.list', { id }).then((outcome) => {
      if (wanted && outcome.ok) setVersions(outcome.value);
    });
    return () => {
      wanted = false;
    };
  }, [id, revision]);
  return versions;
}
