import type { AddedFile } from '../../shared/desktop/window.ts';

/** All files of a drop, those inside folders with the folders they came in. Must be called while the drop lasts. */
export async function droppedFiles(transfer: DataTransfer): Promise<readonly AddedFile[]> {
  const dropped = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
  const found: AddedFile[] = [];
  for (const one of dropped) {
    // What comes from another page has no entry on a disk.
    if (one instanceof File) found.push({ file: one, path: [one.name] });
    else await gather(one, [], found);
  }
  return found;
}

async function gather(entry: FileSystemEntry, above: readonly string[], found: AddedFile[]): Promise<void> {
  const path = [...above, entry.name];
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, path });
  } else if (isFolder(entry)) {
    const reader = entry.createReader();
    // A reader hands out a hundred entries at a time, and none when it is through.
    for (;;) {
      const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
      if (some.length === 0) return;
      for (const inside of some) await gather(inside, path, found);
    }
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;
