import type { ItemSync } from '../../shared/desktop/library.ts';

/** What is said of an item that is not plainly in sync; null when it is. */
export function syncWords(sync: ItemSync): string | null {
  switch (sync.state) {
    case 'synced':
      return null;
    case 'waiting':
      return 'Waiting';
    case 'cloud-only':
      return 'In the cloud only';
    case 'conflict':
      return 'Two versions: choose one';
    case 'uploading':
      return `Uploading · ${Math.floor(sync.progress * 100)} %`;
    case 'downloading':
      return `Downloading · ${Math.floor(sync.progress * 100)} %`;
    case 'problem':
      return sync.message;
  }
}
