import { create } from 'zustand';
import type { AddedFile } from '../../shared/desktop/window.ts';
import type { NodeId } from '../../shared/ids.ts';
import { sayDone, sayFailure } from '../ui/toasts.ts';
import { files as inFiles } from '../wording/counts.ts';

/** How far the bringing in of files has come; null: none is under way. */
export const useAdding = create<{ readonly adding: { readonly done: number; readonly total: number } | null }>(() => ({
  adding: null,
}));

/** Brings files in, and says what came of it. */
export async function addFiles(files: readonly AddedFile[], folder: NodeId | null): Promise<void> {
  if (files.length === 0) return;
  useAdding.setState({ adding: { done: 0, total: files.length } });
  try {
    const outcome = await window.driftless.addFiles(files, folder, (done) =>
      useAdding.setState({ adding: { done, total: files.length } }),
    );
    if (outcome.ok) sayDone(`Added ${inFiles(outcome.value.added)}.`);
    else sayFailure(outcome.message);
  } catch {
    sayFailure('The files could not be read: check that they are still there, then try again.');
  } finally {
    useAdding.setState({ adding: null });
  }
}

export const chosenFiles = (list: FileList | null): readonly AddedFile[] =>
  [...(list ?? [])].map((file) => ({
    file,
    path: (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath).split('/'),
  }));
