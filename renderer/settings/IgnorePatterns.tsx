import { type ReactNode, useEffect, useState } from 'react';
import type { Answer } from '../../shared/desktop/commands.ts';
import { act, ask } from '../desk/ask.ts';
import { Button } from '../ui/Button.tsx';
import { sayDone } from '../ui/toasts.ts';
import { files as inFiles } from '../wording/counts.ts';
import { Section } from './Section.tsx';
import styles from './Settings.module.css';

const PAUSE_MS = 250;
const EXAMPLES = 4;

/** What is never synced, with a look at what the patterns match while they are typed. */
export function IgnorePatterns(): ReactNode {
  const [saved, setSaved] = useState<string | null>(null);
  const [patterns, setPatterns] = useState('');
  const preview = usePreview(patterns);
  useEffect(() => {
    void ask('ignore.read', {}).then((outcome) => {
      if (!outcome.ok) return;
      setSaved(outcome.value);
      setPatterns(outcome.value);
    });
  }, []);
  const changed = saved !== null && patterns !== saved;
  const save = async (): Promise<void> => {
    if (!(await act('ignore.save', { patterns }))) return;
    setSaved(patterns);
    sayDone('The patterns are saved.');
  };
  return (
    <Section title="Never synced">
      <p className={styles.note} id="patterns-note">
        One pattern a line, as in a .gitignore. Files that match stay on this device only.
      </p>
      <textarea
        className={styles.patterns}
        aria-label="Patterns of what is never synced"
        aria-describedby="patterns-note"
        spellCheck={false}
        value={patterns}
        disabled={saved === null}
        onChange={({ target }) => setPatterns(target.value)}
      />
      <div role="status">
        {preview !== null && preview.fault !== null && <p className={styles.fault}>{preview.fault}</p>}
        {preview !== null && preview.fault === null && (
          <>
            <p className={styles.note}>
              {preview.count === 0
                ? 'They match nothing in your folder.'
                : `They match ${inFiles(preview.count)} in your folder.`}
            </p>
            <ul className={styles.examples}>
              {preview.examples.slice(0, EXAMPLES).map((example) => (
                <li key={example}>{example}</li>
              ))}
            </ul>
          </>
        )}
      </div>
      {changed && (
        <div className={styles.buttons}>
          <Button kind="primary" disabled={preview?.fault != null} onPress={() => void save()}>
            Save
          </Button>
          <Button onPress={() => setPatterns(saved)}>Leave as it was</Button>
        </div>
      )}
    </Section>
  );
}

function usePreview(patterns: string): Answer<'ignore.preview'> | null {
  const [preview, setPreview] = useState<Answer<'ignore.preview'> | null>(null);
  useEffect(() => {
    let wanted = true;
    const timer = setTimeout(() => {
      void ask('ignore.preview', { patterns }).then((outcome) => {
        if (wanted && outcome.ok) setPreview(outcome.value);
      });
    }, PAUSE_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [patterns]);
  return preview;
}
