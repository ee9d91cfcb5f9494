import type { ReactNode } from 'react';
import { act, answerOf } from '../desk/ask.ts';
import { useSlice } from '../desk/snapshot.ts';
import { Button } from '../ui/Button.tsx';
import { sayDone, sayFailure } from '../ui/toasts.ts';
import { Line, Section } from './Section.tsx';
import styles from './Settings.module.css';

export function Diagnostics(): ReactNode {
  const host = useSlice('host');
  return (
    <Section title="Diagnostics">
      <Line
        label={`Driftless ${host?.version ?? ''}`}
        note="A report holds versions, settings and errors; no names of files."
      >
        <div className={styles.buttons}>
          <Button onPress={() => void copyReport()}>Copy report</Button>
          {host?.can.openFiles && <Button onPress={() => void act('logs.show', {})}>Open logs</Button>}
        </div>
      </Line>
    </Section>
  );
}

export async function copyReport(): Promise<void> {
  const report = await answerOf('report.copy', {});
  if (report === undefined) return;
  try {
    await navigator.clipboard.writeText(report);
    sayDone('The report is on the clipboard.');
  } catch {
    sayFailure('The clipboard is not to be had: allow it for this page, then try again.');
  }
}
