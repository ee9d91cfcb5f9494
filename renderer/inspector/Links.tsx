import { Menu } from '@base-ui/react/menu';
import { ChevronDown, Copy } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { LibraryItem, ShareLink } from '../../shared/desktop/library.ts';
import { act, ask } from '../desk/ask.ts';
import { copyLink } from '../library/actions.ts';
import menu from '../ui/Menu.module.css';
import { MenuItems } from '../ui/MenuItems.tsx';
import { sayDone, sayFailure } from '../ui/toasts.ts';
import { useNow } from '../ui/useNow.ts';
import { day } from '../wording/times.ts';
import styles from './Content.module.css';
import own from './Links.module.css';

const DAY = 86_400;
const SPANS = [
  { label: 'For a day', seconds: DAY },
  { label: 'For a week', seconds: 7 * DAY },
  { label: 'For a month', seconds: 30 * DAY },
] as const;

/** Links by which others can fetch the file, until a day that is chosen when one is made. */
export function Links({ item }: { readonly item: LibraryItem }): ReactNode {
  const now = useNow();
  const [links, setLinks] = useState<readonly ShareLink[]>([]);
  const { id } = item;
  const read = useCallback(async () => {
    const outcome = await ask('links.list', { id });
    if (outcome.ok) setLinks(outcome.value);
  }, [id]);
  useEffect(() => void read(), [read]);
  const make = async (seconds: number): Promise<void> => {
    if (await copyLink(id, seconds)) await read();
  };
  const revoke = async (link: ShareLink): Promise<void> => {
    setLinks(links.filter((one) => one.id !== link.id));
    if (await act('links.revoke', { link: link.id }, () => setLinks(links))) sayDone('The link no longer works.');
  };
  return (
    <section>
      <h3 className={styles.heading}>Share</h3>
      {links.map((link) => (
        <div key={link.id} className={styles.line}>
          <b>Until {day(link.expiresAt, now)}</b>
          <button type="button" aria-label="Copy the link" onClick={() => void copyText(link.url)}>
            <Copy size={13} strokeWidth={1.8} aria-hidden="true" />
          </button>
          <button type="button" onClick={() => void revoke(link)}>
            Revoke
          </button>
        </div>
      ))}
      <Menu.Root>
        <Menu.Trigger className={own.make}>
          Copy a link
          <ChevronDown size={13} strokeWidth={2} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className={menu.over} align="start" sideOffset={4}>
            <Menu.Popup className={menu.popup}>
              <MenuItems groups={[SPANS.map(({ label, seconds }) => ({ label, run: () => void make(seconds) }))]} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </section>
  );
}

async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    sayDone('The link is on the clipboard.');
  } catch {
    sayFailure('The clipboard is not to be had: allow it for this page, then try again.');
  }
}
