import { Folder } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
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
        {blurhash !== null && <Blurhash hash={blurhash} />}
        <Thumbnail key={thumbnail} src={`${host.thumbnails}${thumbnail}?size=${size}`} />
      </span>
    );
  }
  if (blurhash !== null) return <Blurhash hash={blurhash} />;
  if (type === 'audio') return <Wave seed={item.id} />;
  return (
    <span className={styles.stand} data-type={type}>
      {extensionOf(name)}
    </span>
  );
});

/** Pictures that came before are there at once; others fade in over their hint. */
const seen = new Set<string>();

function Thumbnail({ src }: { readonly src: string }): ReactNode {
  const [state, setState] = useState<'waiting' | 'there' | 'failed'>(seen.has(src) ? 'there' : 'waiting');
  if (state === 'failed') return null;
  return (
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
      onError={() => setState('failed')}
    />
  );
}
