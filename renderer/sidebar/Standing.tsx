import { Menu } from '@base-ui/react/menu';
import type { LucideIcon } from 'lucide-react';
import { ArrowUpDown, Check, CircleAlert, CloudOff, Pause } from 'lucide-react';
import type { ReactNode } from 'react';
import { type Tone, toneOf, truth } from '../../shared/desktop/truth.ts';
import { act } from '../desk/ask.ts';
import { useSnapshot } from '../desk/snapshot.ts';
import { goTo } from '../shell/navigation.ts';
import menu from '../ui/Menu.module.css';
import { type MenuGroups, MenuItems } from '../ui/MenuItems.tsx';
import { useNow } from '../ui/useNow.ts';
import { Meter } from './Meter.tsx';
import styles from './Standing.module.css';

const ICONS: Readonly<Record<Tone, LucideIcon>> = {
  ok: Check,
  busy: ArrowUpDown,
  paused: Pause,
  attention: CircleAlert,
  offline: CloudOff,
};

/** How full the storage is, and the one line of truth, which opens what can be done about it. */
export function Standing(): ReactNode {
  const now = useNow();
  const tone = useSnapshot((snapshot): Tone => {
    if (snapshot === null || snapshot.trouble !== null) return 'attention';
    return snapshot.sync === null ? 'busy' : toneOf(snapshot.sync);
  });
  const line = useSnapshot((snapshot) => {
    if (snapshot === null || snapshot.trouble !== null) return 'Not syncing';
    return snapshot.sync === null ? 'Starting' : truth(snapshot.sync, now);
  });
  const paused = tone === 'paused';
  const Icon = ICONS[tone];
  return (
    <div className={styles.standing}>
      <Meter />
      <Menu.Root>
        <Menu.Trigger className={styles.truth} data-tone={tone} title={line}>
          <Icon size={14} strokeWidth={2} aria-hidden="true" />
          <span>
            {line.split(' · ').map((part) => (
              <span key={part}>{part}</span>
            ))}
          </span>
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner className={menu.over} side="top" align="start" sideOffset={4}>
            <Menu.Popup className={menu.popup}>
              <MenuItems groups={choices(paused)} />
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
    </div>
  );
}

const choices = (paused: boolean): MenuGroups => [
  paused
    ? [{ label: 'Resume', run: () => void act('sync.resume', {}) }]
    : [
        { label: 'Sync now', run: () => void act('sync.now', {}) },
        { label: 'Pause for 1 hour', run: () => void act('sync.pause', { until: 'hour' }) },
        { label: 'Pause until tomorrow', run: () => void act('sync.pause', { until: 'tomorrow' }) },
        { label: 'Pause until I resume', run: () => void act('sync.pause', { until: 'resumed' }) },
      ],
  [{ label: 'Show transfers', run: () => goTo({ page: 'transfers' }) }],
];
