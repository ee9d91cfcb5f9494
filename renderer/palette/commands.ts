import {
  Activity,
  ArrowUpDown,
  CheckCheck,
  Clock,
  FolderPlus,
  Keyboard,
  LayoutGrid,
  List,
  type LucideIcon,
  PanelRight,
  Pause,
  Play,
  Plus,
  RefreshCw,
  Search,
  Settings,
  Star,
  Tag,
  Trash2,
  TriangleAlert,
} from 'lucide-react';
import { act } from '../desk/ask.ts';
import { standing } from '../desk/snapshot.ts';
import { toggleInspector } from '../inspector/sheet.ts';
import { tagSelection } from '../inspector/tagging.ts';
import { favourite, trash } from '../library/actions.ts';
import { searchFor } from '../library/filters.ts';
import { library, select } from '../library/library.ts';
import { changeLooks } from '../library/looks.ts';
import { all } from '../library/selection.ts';
import { openDialog } from '../shell/dialogs.ts';
import { goTo, goToPlace, useNavigation } from '../shell/navigation.ts';
import { TYPE_ICONS, TYPE_NAMES, TYPES } from '../wording/types.ts';

export interface PaletteCommand {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  readonly run: () => void;
}

/** All that can be done at this moment. */
export function paletteCommands(): readonly PaletteCommand[] {
  return [...onSelection(), ...places(), ...doing()];
}

function onSelection(): readonly PaletteCommand[] {
  const { selection, query } = library();
  const { ranges } = selection;
  if (ranges.length === 0 || query?.place.kind === 'trash') return [];
  return [
    { label: 'Favourite the selection', icon: Star, keys: 'F', run: () => void favourite(ranges) },
    { label: 'Tag the selection', icon: Tag, keys: 'T', run: tagSelection },
    { label: 'Move the selection to the trash', icon: Trash2, keys: 'Del', run: () => void trash(ranges) },
  ];
}

function places(): readonly PaletteCommand[] {
  const now = standing();
  return [
    { label: 'Library', icon: LayoutGrid, run: () => goToPlace({ kind: 'all' }) },
    { label: 'Favourites', icon: Star, run: () => goToPlace({ kind: 'favourites' }) },
    { label: 'Recent', icon: Clock, run: () => goToPlace({ kind: 'recent' }) },
    ...TYPES.filter((type) => (now?.library.byType[type] ?? 0) > 0).map((type) => ({
      label: TYPE_NAMES[type],
      icon: TYPE_ICONS[type],
      run: () => goToPlace({ kind: 'type', type }),
    })),
    { label: 'Transfers', icon: ArrowUpDown, run: () => goTo({ page: 'transfers' }) },
    { label: 'Problems', icon: TriangleAlert, run: () => goTo({ page: 'problems' }) },
    { label: 'Activity', icon: Activity, run: () => goTo({ page: 'activity' }) },
    { label: 'Trash', icon: Trash2, run: () => goToPlace({ kind: 'trash' }) },
    { label: 'Settings', icon: Settings, keys: 'Ctrl ,', run: () => goTo({ page: 'settings' }) },
  ];
}

function doing(): readonly PaletteCommand[] {
  const paused = standing()?.sync?.state === 'paused';
  const { at } = useNavigation.getState();
  const parent = at.page === 'library' && at.place.kind === 'folder' ? at.place.id : null;
  return [
    paused
      ? { label: 'Resume syncing', icon: Play, run: () => void act('sync.resume', {}) }
      : { label: 'Pause for 1 hour', icon: Pause, run: () => void act('sync.pause', { until: 'hour' }) },
    { label: 'Sync now', icon: RefreshCw, run: () => void act('sync.now', {}) },
    {
      label: 'Add files',
      icon: Plus,
      run: () => document.querySelector<HTMLInputElement>('input[type=file]')?.click(),
    },
    { label: 'New folder', icon: FolderPlus, run: () => openDialog({ kind: 'new-folder', parent }) },
    {
      label: 'Select all',
      icon: CheckCheck,
      keys: 'Ctrl A',
      run: () => select(all(library().total, library().selection)),
    },
    { label: 'Show as a grid', icon: LayoutGrid, run: () => changeLooks({ mode: 'grid' }) },
    { label: 'Show as a list', icon: List, run: () => changeLooks({ mode: 'list' }) },
    { label: 'Show or hide the inspector', icon: PanelRight, keys: 'I', run: toggleInspector },
    { label: 'Empty the trash…', icon: Trash2, run: () => openDialog({ kind: 'empty-trash' }) },
    { label: 'Keyboard shortcuts', icon: Keyboard, keys: '?', run: () => openDialog({ kind: 'shortcuts' }) },
  ];
}

/** Those with all the words in their label, beginnings first; and last, to search the library for the text. */
export function ranked(commands: readonly PaletteCommand[], text: string): readonly PaletteCommand[] {
  const words = text.toLowerCase().trim().split(/\s+/).filter(Boolean);
  if (words.length === 0) return commands;
  const found = commands.filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)));
  const begins = ({ label }: PaletteCommand): number => Number(label.toLowerCase().startsWith(words[0] ?? ''));
  return [
    ...found.sort((a, b) => begins(b) - begins(a)),
    {
      label: `Search for “${text.trim()}”`,
      icon: Search,
      run: () => {
        goToPlace({ kind: 'all' });
        searchFor(text.trim());
      },
    },
  ];
}
