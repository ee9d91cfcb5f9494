import { lstatSync } from 'node:fs';
import { type ChokidarOptions, FSWatcher } from 'chokidar';

type ScanOptions = NonNullable<Parameters<FSWatcher['createScanStream']>[1]>;
type Filter = Extract<ScanOptions['directoryFilter'], (...entry: never[]) => boolean>;

/**
 * chokidar for folders alone. Its own way to find them looks at every file, all at once: with 200,000 files that takes
 * seconds and hundreds of megabytes. What a name is comes with the listing; only folders are looked at.
 */
export class FolderWatcher extends FSWatcher {
  constructor(root: string, options: ChokidarOptions) {
    super(options);
    this.add(root);
  }

  override createScanStream(root: string, options: ScanOptions = {}) {
    const directoryFilter = withStats(options.directoryFilter);
    return super.createScanStream(root, { ...options, type: 'directories', alwaysStat: false, directoryFilter });
  }
}

/** chokidar asks the stats of an entry, which a listing without looks has none of. */
function withStats(wanted: ScanOptions['directoryFilter']): Filter {
  return (entry) => {
    try {
      entry.stats = lstatSync(entry.fullPath);
    } catch {
      // Gone again, or not to be looked at: the look at the folder around it says so.
      return false;
    }
    return typeof wanted !== 'function' || wanted(entry);
  };
}
