import type { LucideIcon } from 'lucide-react';
import { CircleAlert, CloudOff, HardDrive, LogIn, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { quotaReached, quotaSentence } from '../../shared/desktop/quota.ts';
import type { Snapshot } from '../../shared/desktop/snapshot.ts';
import { act } from '../desk/ask.ts';
import { useSnapshot } from '../desk/snapshot.ts';
import { copyReport } from '../settings/Diagnostics.tsx';
import { Button } from '../ui/Button.tsx';
import { IconButton } from '../ui/IconButton.tsx';
import styles from './Banners.module.css';
import { goTo, goToPlace } from './navigation.ts';
import { knowQuota, useQuotaKnown } from './quotaKnown.ts';
import { startAgain } from './Stopped.tsx';

interface Banner {
  readonly icon: LucideIcon;
  readonly tone: 'amber' | 'red' | 'quiet';
  readonly words: string;
  readonly action: { readonly label: string; readonly run: () => void };
  /** Given where a person may say that they know. */
  readonly dismiss?: () => void;
}

/** The one thing above all others that keeps sync from going on, with its next step. */
export function Banners(): ReactNode {
  const snapshot = useSnapshot((whole) => whole);
  const known = useQuotaKnown(({ threshold }) => threshold);
  const banner = snapshot === null ? null : bannerOf(snapshot, known);
  if (banner === null) return null;
  const { icon: Icon, tone, words, action, dismiss } = banner;
  return (
    <section className={styles.banner} data-tone={tone} aria-label="Notice">
      <Icon size={16} strokeWidth={1.7} aria-hidden="true" />
      <p>{words}</p>
      <Button small onPress={action.run}>
        {action.label}
      </Button>
      {dismiss !== undefined && <IconButton icon={X} label="Dismiss" onPress={dismiss} />}
    </section>
  );
}

function bannerOf({ host, trouble, stopped, account, sync, storage }: Snapshot, known: number): Banner | null {
  if (trouble !== null) {
    const copy = { label: 'Copy report', run: () => void copyReport() };
    const action = host.kind === 'app' && stopped !== null ? { label: 'Start again', run: startAgain } : copy;
    return { icon: CircleAlert, tone: 'red', words: trouble, action };
  }
  if (account?.signInAgain != null) {
    const signIn = { label: 'Sign in', run: () => goTo({ page: 'settings' }) };
    return { icon: LogIn, tone: 'amber', words: account.signInAgain, action: signIn };
  }
  if (sync?.state === 'halted' && sync.message !== null) {
    const look = { label: 'See problems', run: () => goTo({ page: 'problems' }) };
    return { icon: CircleAlert, tone: 'red', words: sync.message, action: look };
  }
  if (sync?.state === 'offline') {
    const again = { label: 'Try now', run: () => void act('sync.now', {}) };
    const words = sync.message ?? 'Offline: it will go on by itself.';
    return { icon: CloudOff, tone: 'quiet', words, action: again };
  }
  const full = storage === null ? null : quotaReached(storage);
  if (full === null || (full !== 100 && full <= known)) return null;
  const empty = { label: 'Open trash', run: () => goToPlace({ kind: 'trash' }) };
  return {
    icon: HardDrive,
    tone: full === 80 ? 'amber' : 'red',
    words: quotaSentence(full),
    action: empty,
    ...(full === 100 ? {} : { dismiss: () => knowQuota(full) }),
  };
}
