import type { ReactNode } from 'react';
import type { Settings as Chosen } from '../../shared/desktop/settings.ts';
import { useSlice } from '../desk/snapshot.ts';
import { PageHeader } from '../shell/PageHeader.tsx';
import { SwitchLine } from '../ui/SwitchLine.tsx';
import { Account } from './Account.tsx';
import { ChoiceLine } from './ChoiceLine.tsx';
import { Diagnostics } from './Diagnostics.tsx';
import { IgnorePatterns } from './IgnorePatterns.tsx';
import { RateLine } from './RateLine.tsx';
import { Section } from './Section.tsx';
import styles from './Settings.module.css';
import { useSettings } from './useSettings.ts';

/** Everything that can be chosen. A change holds at once; there is nothing to save. */
export function Settings(): ReactNode {
  const host = useSlice('host');
  const { settings, change } = useSettings();
  if (settings === null || host === null) return null;
  return (
    <main className={styles.page}>
      <PageHeader title="Settings" />
      <div className={styles.scroller}>
        <Account />
        <Section title="Bandwidth">
          <RateLine label="Upload" rate={settings.limitUp} onChange={(limitUp) => change({ limitUp })} />
          <RateLine label="Download" rate={settings.limitDown} onChange={(limitDown) => change({ limitDown })} />
        </Section>
        <Section title="Pausing">
          <SwitchLine
            label="Pause on battery"
            on={settings.pauseOnBattery}
            onChange={(pauseOnBattery) => change({ pauseOnBattery })}
          />
          <SwitchLine
            label="Pause on metered connections"
            on={settings.pauseOnMetered}
            onChange={(pauseOnMetered) => change({ pauseOnMetered })}
          >
            Such as a phone that shares its connection.
          </SwitchLine>
        </Section>
        <IgnorePatterns />
        <Section title="This app">
          <ChoiceLine<Chosen['appearance']>
            label="Appearance"
            value={settings.appearance}
            options={{ system: 'System', light: 'Light', dark: 'Dark' }}
            onChange={(appearance) => change({ appearance })}
          />
          {host.can.notify && (
            <ChoiceLine<Chosen['notifications']>
              label="Notifications"
              value={settings.notifications}
              options={{ all: 'All', problems: 'Problems', off: 'Off' }}
              onChange={(notifications) => change({ notifications })}
            />
          )}
          {host.can.startAtLogin && (
            <SwitchLine
              label="Start at login"
              on={settings.startAtLogin}
              onChange={(startAtLogin) => change({ startAtLogin })}
            />
          )}
        </Section>
        <Diagnostics />
      </div>
    </main>
  );
}
