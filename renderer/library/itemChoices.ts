import {
  ArrowUpRight,
  CheckCheck,
  Copy,
  Download,
  Eye,
  FolderInput,
  FolderOpen,
  FolderPlus,
  Link,
  Pencil,
  Star,
  Tag,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { Place } from '../../shared/desktop/library.ts';
import { standing } from '../desk/snapshot.ts';
import { download } from '../drop/download.ts';
import { tagSelection } from '../inspector/tagging.ts';
import { lookAt } from '../quicklook/quickLook.ts';
import { openDialog } from '../shell/dialogs.ts';
import type { MenuGroups } from '../ui/MenuItems.tsx';
import { copyFiles, copyLink, favourite, restore, showInFolder, trash } from './actions.ts';
import { itemAt, library, select } from './library.ts';
import { openItem } from './open.ts';
import { size } from './ranges.ts';
import { all, type Selection } from './selection.ts';

const WEEK = 7 * 86_400;

/** What can be done to the selection at a place. */
export function itemChoices(place: Place, selection: Selection): MenuGroups {
  const { ranges } = selection;
  const many = size(ranges);
  if (many === 0) return nothingChosen(place);
  const index = ranges[0]?.from ?? 0;
  const item = many === 1 ? itemAt(library(), index) : undefined;
  if (place.kind === 'trash') {
    return [
      [item === undefined ? null : { label: 'Quick look', icon: Eye, keys: 'Space', run: () => lookAt(index) }],
      [{ label: 'Restore', icon: Undo2, keys: 'R', run: () => void restore(ranges) }],
      [
        {
          label: 'Delete for good…',
          icon: Trash2,
          danger: true,
          run: () => openDialog({ kind: 'purge', ranges }),
        },
      ],
    ];
  }
  const host = standing()?.host;
  const starred = item?.favourite === true ? 'Remove from favourites' : 'Favourite';
  const file = item?.kind === 'file' ? item : undefined;
  return [
    [
      item === undefined ? null : { label: 'Open', icon: ArrowUpRight, keys: 'Enter', run: () => openItem(index) },
      file === undefined ? null : { label: 'Quick look', icon: Eye, keys: 'Space', run: () => lookAt(index) },
      item !== undefined && host?.can.openFiles
        ? { label: 'Show in folder', icon: FolderOpen, run: () => showInFolder(item.id) }
        : null,
    ],
    [
      { label: starred, icon: Star, keys: 'F', run: () => void favourite(ranges) },
      { label: 'Tags…', icon: Tag, keys: 'T', run: tagSelection },
    ],
    [
      item === undefined ? null : { label: 'Rename…', icon: Pencil, run: () => openDialog({ kind: 'rename', item }) },
      { label: 'Move to…', icon: FolderInput, run: () => openDialog({ kind: 'move', ranges }) },
      host?.can.copyFiles
        ? { label: 'Copy', icon: Copy, keys: 'Ctrl C', run: () => void copyFiles(ranges) }
        : { label: 'Download', icon: Download, keys: 'Ctrl C', run: () => download(ranges) },
      file === undefined
        ? null
        : { label: 'Copy a link for a week', icon: Link, run: () => void copyLink(file.id, WEEK) },
    ],
    [{ label: 'Move to trash', icon: Trash2, keys: 'Del', danger: true, run: () => void trash(ranges) }],
  ];
}

function nothingChosen(place: Place): MenuGroups {
  const { total, selection } = library();
  const parent = place.kind === 'folder' ? place.id : null;
  return [
    [
      place.kind === 'trash'
        ? null
        : { label: 'New folder…', icon: FolderPlus, run: () => openDialog({ kind: 'new-folder', parent }) },
    ],
    [
      total === 0
        ? null
        : { label: 'Select all', icon: CheckCheck, keys: 'Ctrl A', run: () => select(all(total, selection)) },
    ],
  ];
}
