import { create } from 'zustand';
import type { LibraryItem } from '../../shared/desktop/library.ts';
import type { NodeId } from '../../shared/ids.ts';
import type { Ranges } from '../library/ranges.ts';

/** The one dialog that may be open. */
export type OpenDialog =
  | { readonly kind: 'rename'; readonly item: LibraryItem }
  | { readonly kind: 'move'; readonly ranges: Ranges }
  | { readonly kind: 'new-folder'; readonly parent: NodeId | null }
  | { readonly kind: 'tags'; readonly ranges: Ranges }
  | { readonly kind: 'purge'; readonly ranges: Ranges }
  | { readonly kind: 'empty-trash' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'palette' };

export const useDialog = create<{ readonly dialog: OpenDialog | null }>(() => ({ dialog: null }));

export const openDialog = (dialog: OpenDialog): void => useDialog.setState({ dialog });
export const closeDialog = (): void => useDialog.setState({ dialog: null });
