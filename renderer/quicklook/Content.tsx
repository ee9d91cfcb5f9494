import { type ReactNode, useState } from 'react';
import { formatBytes } from '../../shared/bytes.ts';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import { useSlice } from '../desk/snapshot.ts';
import { openFile } from '../library/actions.ts';
import { Blurhash } from '../ui/Blurhash.tsx';
import { Button } from '../ui/Button.tsx';
import { Picture } from '../ui/Picture.tsx';
import styles from './Content.module.css';

/** Text files that are larger would only be slow to read through here. */
const TEXT_MAX = 2 * 1024 * 1024;
const TEXTS = /\.(txt|md|csv|json|xml|log|srt|vtt|ya?ml|ini|toml|rtf)$/i;
/** What browsers can draw by themselves; other pictures are shown as their thumbnail. */
const DRAWN = /\.(jpe?g|png|gif|webp|avif|bmp|svg|ico)$/i;

/** What is inside an item, as well as a page can show it; else its picture, and what to do. */
export function Content({ item }: { readonly item: LibraryItem }): ReactNode {
  const host = useSlice('host');
  const [failed, setFailed] = useState(false);
  if (host === null) return null;
  const address = `${host.contents}${item.id}`;
  const fail = (): void => setFailed(true);
  if (item.kind === 'folder' || item.sync.state === 'cloud-only' || failed)
    return <Stand item={item} failed={failed} />;
  if (item.type === 'image' && DRAWN.test(item.name)) return <Still item={item} address={address} onError={fail} />;
  if (item.type === 'video') {
    return (
      // biome-ignore lint/a11y/useMediaCaption: nobody but the file's owner could caption it
      <video className={styles.whole} src={address} controls autoPlay onError={fail} aria-label={item.name} />
    );
  }
  if (item.type === 'audio') {
    return (
      <div className={styles.sound}>
        <div className={styles.cover}>
          <Picture item={item} size={1024} />
        </div>
        {/* biome-ignore lint/a11y/useMediaCaption: nobody but the file's owner could caption it */}
        <audio src={address} controls autoPlay onError={fail} aria-label={item.name} />
      </div>
    );
  }
  // The app has no viewer for them: it would need plugins, in the one window that must have none.
  const pdf = /\.pdf$/i.test(item.name) && host.kind === 'browser' && navigator.pdfViewerEnabled;
  const text = TEXTS.test(item.name) && item.size <= TEXT_MAX;
  // The viewer's own frame would show the id in the address for a title.
  if (pdf) return <iframe className={styles.page} src={`${address}#toolbar=0&navpanes=0`} title={item.name} />;
  if (text) return <iframe className={styles.page} src={address} title={item.name} />;
  return <Stand item={item} failed={false} />;
}

interface StillProps {
  readonly item: LibraryItem;
  readonly address: string;
  readonly onError: () => void;
}

/** The thumbnail stands in until the picture itself is there. */
function Still({ item, address, onError }: StillProps): ReactNode {
  const [there, setThere] = useState(false);
  const [ratio, setRatio] = useState(item.width !== null && item.height !== null ? item.width / item.height : null);
  return (
    <div className={styles.still}>
      <div className={styles.fitted} style={ratio === null ? {} : { aspectRatio: ratio }}>
        {!there && item.blurhash !== null && <Blurhash hash={item.blurhash} />}
        {!there && item.thumbnail !== null && <Picture item={item} size={256} />}
        <img
          src={address}
          alt={item.name}
          data-there={there || undefined}
          onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
            if (naturalHeight > 0) setRatio(naturalWidth / naturalHeight);
            setThere(true);
          }}
          onError={onError}
        />
      </div>
    </div>
  );
}

function Stand({ item, failed }: { readonly item: LibraryItem; readonly failed: boolean }): ReactNode {
  const opens = useSlice('host')?.can.openFiles && item.kind === 'file' && item.sync.state !== 'cloud-only';
  return (
    <div className={styles.stand}>
      <div className={styles.cover}>
        <Picture item={item} size={1024} fit="contain" />
      </div>
      <p>{wordsFor(item, failed)}</p>
      {opens && (
        <Button kind="primary" onPress={() => openFile(item.id)}>
          Open
        </Button>
      )}
    </div>
  );
}

function wordsFor(item: LibraryItem, failed: boolean): string {
  if (item.kind === 'folder') return `A folder with ${formatBytes(item.size)} inside: press Enter to open it.`;
  if (item.sync.state === 'cloud-only')
    return 'This file is in the cloud only: bring its folder back to this device to see it.';
  if (failed) return 'This file cannot be shown here: open it in its own program.';
  return `${formatBytes(item.size)}. Open it in its own program to see what is inside.`;
}
