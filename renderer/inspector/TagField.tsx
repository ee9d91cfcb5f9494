import { Autocomplete } from '@base-ui/react/autocomplete';
import { X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useEffect, useState } from 'react';
import type { TagCount } from '../../shared/desktop/library.ts';
import { ask } from '../desk/ask.ts';
import menu from '../ui/Menu.module.css';
import styles from './TagField.module.css';

interface TagFieldProps {
  readonly tags: readonly string[];
  readonly onChange: (tags: readonly string[]) => void;
  readonly autoFocus?: boolean;
}

const OFFERED = 8;
const LONGEST = 100;

/** Tags, and a field that completes from those in use. Enter or a comma adds, Backspace in the empty field takes away. */
export function TagField({ tags, onChange, autoFocus = false }: TagFieldProps): ReactNode {
  const [text, setText] = useState('');
  const offered = useTags(text).filter(({ tag }) => !tags.includes(tag));
  const add = (given: string): void => {
    const tag = given.replaceAll(',', ' ').replace(/^#/, '').trim().slice(0, LONGEST).normalize('NFC');
    const known = tags.some((one) => one.toLowerCase() === tag.toLowerCase());
    if (tag !== '' && !known) onChange([...tags, tag]);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Backspace' && text === '' && tags.length > 0) onChange(tags.slice(0, -1));
    if (event.key !== ',' && event.key !== 'Enter') return;
    const highlighted = event.key === 'Enter' && event.currentTarget.getAttribute('aria-activedescendant') !== null;
    if (highlighted) return;
    event.preventDefault();
    add(text);
  };
  return (
    <div className={styles.tags}>
      {tags.map((tag) => (
        <span key={tag} className={styles.tag}>
          {tag}
          <button type="button" aria-label={`Remove the tag ${tag}`} onClick={() => onChange(without(tags, tag))}>
            <X size={11} strokeWidth={2} aria-hidden="true" />
          </button>
        </span>
      ))}
      <Autocomplete.Root
        items={offered}
        value={text}
        filter={null}
        itemToStringValue={({ tag }: TagCount) => tag}
        onValueChange={(value, { reason }) => {
          if (reason === 'item-press') add(value);
          else setText(value);
        }}
      >
        <Autocomplete.Input
          className={styles.input}
          placeholder={tags.length === 0 ? 'Add a tag' : '+'}
          aria-label="Add a tag"
          autoFocus={autoFocus}
          onKeyDown={onKeyDown}
        />
        <Autocomplete.Portal>
          <Autocomplete.Positioner className={styles.over} sideOffset={6} align="start">
            <Autocomplete.Popup className={menu.popup}>
              <Autocomplete.List>
                {({ tag, count }: TagCount) => (
                  <Autocomplete.Item key={tag} value={{ tag, count }} className={menu.item}>
                    <span>{tag}</span>
                    <kbd>{count}</kbd>
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </Autocomplete.Popup>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      </Autocomplete.Root>
    </div>
  );
}

const without = (tags: readonly string[], tag: string): readonly string[] => tags.filter((one) => one !== tag);

function useTags(prefix: string): readonly TagCount[] {
  const [tags, setTags] = useState<readonly TagCount[]>([]);
  useEffect(() => {
    let wanted = true;
    if (prefix === '') setTags([]);
    else {
      void ask('tags.list', { prefix: prefix.slice(0, LONGEST), limit: OFFERED }).then((outcome) => {
        if (wanted && outcome.ok) setTags(outcome.value);
      });
    }
    return () => {
      wanted = false;
    };
  }, [prefix]);
  return tags;
}
