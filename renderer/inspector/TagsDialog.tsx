import { type ReactNode, useMemo, useState } from 'react';
import { atHand, tag } from '../library/actions.ts';
import { idsOf } from '../library/ids.ts';
import { lay, library } from '../library/library.ts';
import { patched } from '../library/overlay.ts';
import { type Ranges, size } from '../library/ranges.ts';
import { closeDialog } from '../shell/dialogs.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog, DialogButtons } from '../ui/Dialog.tsx';
import { sayDone } from '../ui/toasts.ts';
import { items as inItems } from '../wording/counts.ts';
import { TagField } from './TagField.tsx';

/** Tags of the whole selection: those that all of it has, to take away and to add to. */
export function TagsDialog({ ranges }: { readonly ranges: Ranges }): ReactNode {
  const shared = useMemo(() => tagsOfAll(ranges), [ranges]);
  const [tags, setTags] = useState(shared);
  const save = async (): Promise<void> => {
    closeDialog();
    const add = tags.filter((one) => !shared.includes(one));
    const remove = shared.filter((one) => !tags.includes(one));
    if (add.length + remove.length === 0) return;
    const ids = await idsOf(ranges);
    showTags(ranges, add, remove);
    if (await tag(ids, add, remove)) sayDone(`Tagged ${inItems(ids.length)}.`, () => void tag(ids, remove, add));
  };
  return (
    <Dialog open title={`Tags of ${inItems(size(ranges))}`} onClose={closeDialog}>
      <TagField tags={tags} onChange={setTags} autoFocus />
      <DialogButtons>
        <Button onPress={closeDialog}>Cancel</Button>
        <Button kind="primary" onPress={() => void save()}>
          Done
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

/** At once, for those that are at hand; the others are not in sight. */
function showTags(ranges: Ranges, add: readonly string[], remove: readonly string[]): void {
  let { overlay } = library();
  for (const item of atHand(ranges)) {
    const tags = [...new Set([...item.tags, ...add])].filter((one) => !remove.includes(one));
    overlay = patched(overlay, [item.id], { tags });
  }
  lay(overlay);
}

const tagsOfAll = (ranges: Ranges): readonly string[] =>
  atHand(ranges)
    .map(({ tags }) => tags)
    .reduce((shared, tags) => shared.filter((one) => tags.includes(one)), atHand(ranges)[0]?.tags ?? []);
