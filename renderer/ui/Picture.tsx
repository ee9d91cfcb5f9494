import { Folder } from 'lucide-react';
import { memo, type ReactNode, useEffect, useState } from 'react';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import { useSlice } from '../desk/snapshot.ts';
import { extensionOf } from '../wording/types.ts';
import { Blurhash } from './Blurhash.tsx';
import styles from './Picture.module.css';
import { Wave } from './Wave.tsx';

type Pictured = Pick<LibraryItem, 'name' | 'kind' | 'type' | 'thumbnail' | 'blurhash'> & { readonly id: string };

interface PictureProps {
  readonly item: Pictured;
  readonly size: 256 | 512 | 1024;
  readonly fit?: 'cover' | 'contain';
}

/** An item's picture: its thumbnail over a hint of it, or what its kind looks like. It never changes its size. */
export const Picture = memo(function Picture({ item, size, fit = 'cover' }: PictureProps): ReactNode {
  const host = useSlice('host');
  const { kind, type, thumbnail, blurhash, name } = item;
  if (kind === 'folder') {
    return (
      <span className={styles.folder}>
        <Folder strokeWidth={0.8} aria-hidden="true" />
      </span>
    );
  }
  if (thumbnail !== null && host !== null) {
    return (
      <span className={styles.picture} data-fit={fit}>
        <Thumbnail key={thumbnail} src={`${host.thumbnails}${thumbnail}?size=${size}`} blurhash={blurhash} />
      </span>
    );
  }
  if (blurhash !== null) return <Blurhash hash={blurhash} />;
  if (type === 'audio') return <Wave seed={item.id} />;
  return (
    <span className={styles.stand} data-type={type} aria-hidden="true">
      {extensionOf(name)}
    </span>
  );
});

/** Pictures that came before are there at once; others fade in over their hint. */
const seen = new Set<string>();

/** Who does not wait longer than this needs no hint; whoever scrolls past in less pays for none. */
const HINT_MS = 60;

interface ThumbnailProps {
  readonly src: string;
  readonly blurhash: string | null;
}

function Thumbnail({ src, blurhash }: ThumbnailProps): ReactNode {
  const [state, setState] = useState<'waiting' | 'there' | 'failed'>(seen.has(src) ? 'there' : 'waiting');
  const [hinted, setHinted] = useState(false);
  useEffect(() => {
    if (state !== 'waiting' || hinted) return;
    const timer = setTimeout(() => setHinted(true), HINT_MS);
    return () => clearTimeout(timer);
  }, [state, hinted]);
  return (
    <>
      {hinted && blurhash !== null && <Blurhash hash={blurhash} />}
      {state !== 'failed' && (
        <img
          className={styles.thumbnail}
          src={src}
          alt=""
          decoding="async"
          draggable={false}
          data-state={state}
          onLoad={() => {
            seen.add(src);
            setState('there');
          }}
          onError={() => {
            setState('failed');
            setHinted(true);
          }}
        />
      )}
    </>
  );
}
