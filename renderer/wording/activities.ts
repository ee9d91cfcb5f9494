import type { LucideIcon } from 'lucide-react';
import {
  ArrowRightLeft,
  CircleAlert,
  FilePen,
  HardDrive,
  History,
  Link,
  Monitor,
  Plus,
  Trash2,
  Undo2,
  Unlink,
} from 'lucide-react';

interface Wording {
  readonly icon: LucideIcon;
  readonly words: string;
}

const KNOWN: Readonly<Record<string, Wording>> = {
  upload: { icon: Plus, words: 'Added' },
  replace: { icon: FilePen, words: 'Changed' },
  move: { icon: ArrowRightLeft, words: 'Moved' },
  delete: { icon: Trash2, words: 'Moved to trash' },
  restore: { icon: Undo2, words: 'Restored' },
  purge: { icon: Trash2, words: 'Deleted for good' },
  'quota-change': { icon: HardDrive, words: 'Storage changed' },
  'plan-change': { icon: HardDrive, words: 'Plan changed' },
  'sign-in': { icon: Monitor, words: 'Signed in' },
  'sign-in-failed': { icon: CircleAlert, words: 'A sign-in failed' },
  'device-added': { icon: Monitor, words: 'Device added' },
  'device-revoked': { icon: Monitor, words: 'Device signed out' },
  'link-created': { icon: Link, words: 'Link made' },
  'link-revoked': { icon: Unlink, words: 'Link revoked' },
};

/** What an activity is called; one that a newer server knows keeps its own name, in words. */
export const activityWords = (action: string): Wording =>
  KNOWN[action] ?? { icon: History, words: sentence(action.replaceAll('-', ' ')) };

const sentence = (words: string): string => words.slice(0, 1).toUpperCase() + words.slice(1);
