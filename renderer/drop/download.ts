import type { HostSlice } from '../../shared/desktop/snapshot.ts';
import type { NodeId } from '../../shared/ids.ts';
import { standing } from '../desk/snapshot.ts';
import { atHand } from '../library/actions.ts';
import { type Ranges, size } from '../library/ranges.ts';
import { sayDone, sayFailure } from '../ui/toasts.ts';
import { files as inFiles } from '../wording/counts.ts';

/** A browser asks about every download of its own: more than these would bury whoever wanted them. */
const MOST = 20;
/** By then a download has begun, or never will. */
const BEGUN_MS = 60_000;

/** Where a file comes from as a download. Without the word a link would lead away from the window and into the file. */
export const downloadAddress = ({ contents }: Pick<HostSlice, 'contents'>, id: NodeId): string =>
  `${contents}${id}?download`;

/** What a browser can do instead of putting files on the clipboard. */
export function download(ranges: Ranges): void {
  const host = standing()?.host;
  if (host === undefined) return;
  const files = size(ranges) > MOST ? [] : atHand(ranges).filter(({ kind }) => kind === 'file');
  if (files.length === 0) {
    sayFailure(`A browser downloads files only, and ${MOST} at once: select fewer.`);
    return;
  }
  for (const { id } of files) {
    // A frame each: of several links to another origin, each would end what the one before began.
    const frame = document.createElement('iframe');
    frame.hidden = true;
    frame.src = downloadAddress(host, id);
    document.body.append(frame);
    setTimeout(() => frame.remove(), BEGUN_MS);
  }
  sayDone(`Downloading ${inFiles(files.length)}.`);
}
