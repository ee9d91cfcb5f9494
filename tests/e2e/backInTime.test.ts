import { describe, expect } from 'vitest';
import type { Device } from './harness/device.ts';
import { differences, filesOf, type Tree } from './harness/tree.ts';
import { it } from './restored.ts';

const aMinuteAgo = (): number => Date.now() - 60_000;

const conflictsIn = (tree: Tree): readonly string[] =>
  filesOf(tree).filter((path) => path.includes('(conflicted copy'));

describe('a server restored by copying its files back', () => {
  it.for([
    ['the device that made the changes first', (one: Device, two: Device) => [one, two]],
    ['the other device first', (one: Device, two: Device) => [two, one]],
  ] as const)(
    'gets back what was edited, made, renamed, moved and deleted since, %s',
    async ([_, inOrder], { one, two, desk, agreeOn, putBack, settle, syncBoth }) => {
      await agreeOn(() => {
        for (const name of ['edited', 'renamed', 'moved', 'deleted', 'moved and edited', 'touched'])
          desk.write(`${name}.txt`, name, aMinuteAgo());
        desk.write('old folder/inside.txt', 'inside', aMinuteAgo());
        desk.write('old folder/deeper/edited.txt', 'deeper', aMinuteAgo());
        desk.write('doomed folder/a.txt', 'a', aMinuteAgo());
        desk.write('doomed folder/b/c.txt', 'c', aMinuteAgo());
        desk.swap('edited.txt', 'renamed.txt');
      });
      desk.write('edited.txt', 'edited since', aMinuteAgo());
      desk.write('made since.txt', 'made since', aMinuteAgo());
      desk.write('folder since/made.txt', 'made in it', aMinuteAgo());
      desk.move('renamed.txt', 'renamed since.txt');
      desk.move('moved.txt', 'folder since/moved.txt');
      desk.move('moved and edited.txt', 'old folder/moved and edited.txt');
      desk.write('old folder/moved and edited.txt', 'both since', aMinuteAgo());
      desk.move('old folder', 'folder since/old folder, elsewhere');
      desk.write('folder since/old folder, elsewhere/deeper/edited.txt', 'deeper since', aMinuteAgo());
      desk.remove('deleted.txt');
      desk.remove('doomed folder');
      desk.makeExecutable('touched.txt');
      await syncBoth();
      const wanted = one.tree();
      expect(differences(wanted, two.tree())).toEqual([]);

      await putBack();
      const passes = await settle(...inOrder(one, two));
      expect(differences(wanted, one.tree())).toEqual([]);
      expect(passes.map(({ conflicts, downloaded }) => ({ conflicts, downloaded }))).toEqual([
        { conflicts: 0, downloaded: 0 },
        { conflicts: 0, downloaded: 0 },
      ]);
    },
  );

  it('gets back a file that had been edited again and again, before and after the copy was made', async ({
    one,
    two,
    desk,
    agreeOn,
    putBack,
    settle,
    syncBoth,
  }) => {
    await agreeOn(() => {
      for (const text of ['1', '2', '3']) desk.write('diary.txt', text, aMinuteAgo());
    });
    for (const text of ['4', '5', '6']) {
      desk.write('diary.txt', `day ${text}`, aMinuteAgo());
      await syncBoth();
    }
    await putBack();
    await settle(two, one);
    expect(desk.listing()['diary.txt']).toBe('day 6');
    expect(conflictsIn(one.tree())).toEqual([]);
  });

  it('gets the newest from two devices that each had another part of what was lost, the older first', async ({
    one,
    two,
    desk,
    other,
    agreeOn,
    putBack,
    settle,
    syncBoth,
  }) => {
    await agreeOn(() => {
      desk.write('shared.txt', 'before', aMinuteAgo());
      desk.write('named.txt', 'named', aMinuteAgo());
    });
    desk.write('shared.txt', 'older', aMinuteAgo());
    desk.move('named.txt', 'older name.txt');
    desk.write('from one.txt', 'one', aMinuteAgo());
    await syncBoth();
    other.write('shared.txt', 'newest', aMinuteAgo());
    other.move('older name.txt', 'newest name.txt');
    other.write('from two.txt', 'two', aMinuteAgo());
    await two.mustSync();
    const wanted = two.tree();

    await putBack();
    await one.mustSync();
    await settle(two, one);
    expect(differences(wanted, one.tree())).toEqual([]);
  });

  it('makes a conflict copy of what had changed in both histories, and of nothing else', async ({
    one,
    two,
    desk,
    other,
    agreeOn,
    putBack,
    settle,
  }) => {
    await agreeOn(() => {
      desk.write('both.txt', 'before', aMinuteAgo());
      desk.write('only here.txt', 'before', aMinuteAgo());
      desk.write('only there.txt', 'before', aMinuteAgo());
    });
    desk.write('both.txt', 'lost history', aMinuteAgo());
    desk.write('only here.txt', 'lost history', aMinuteAgo());
    await one.mustSync();
    await putBack();
    other.write('both.txt', 'new history', aMinuteAgo());
    other.write('only there.txt', 'new history', aMinuteAgo());
    // More changes than were lost, so that every number of the lost history is used again.
    for (let i = 0; i < 20; i += 1) other.write(`filler ${i}.txt`, `${i}`, aMinuteAgo());
    await two.mustSync();

    const [first] = await settle(one);
    expect(first?.conflicts).toBe(1);
    const texts = desk.listing();
    expect(texts['both.txt']).toBe('new history');
    expect(conflictsIn(one.tree()).map((path) => texts[path])).toEqual(['lost history']);
    expect([texts['only here.txt'], texts['only there.txt']]).toEqual(['lost history', 'new history']);
  });

  it('is told again of many deletes only with a yes', async ({ scene, one, two, desk, agreeOn, putBack, settle }) => {
    await agreeOn(() => {
      for (let i = 0; i < 40; i += 1) desk.write(`doomed/${i}.txt`, `${i}`, aMinuteAgo());
    });
    desk.remove('doomed');
    await one.mustSync('--allow-deletes');
    await two.mustSync();
    await putBack();
    await two.once();
    const newcomer = scene.device('early');
    await newcomer.mustSync();
    expect(filesOf(newcomer.tree()).filter((path) => path.startsWith('doomed/'))).toHaveLength(40);
    await two.mustSync('--allow-deletes');
    await settle(one, two);
    expect(filesOf(one.tree()).filter((path) => path.startsWith('doomed/'))).toEqual([]);
  });

  it('loses nothing that was changed on a device while it was away', async ({
    one,
    two,
    desk,
    agreeOn,
    putBack,
    settle,
  }) => {
    await agreeOn(() => desk.write('kept.txt', 'before', aMinuteAgo()));
    desk.write('kept.txt', 'since', aMinuteAgo());
    await one.mustSync();
    await putBack();
    desk.write('kept.txt', 'not even sent before', aMinuteAgo());
    desk.move('kept.txt', 'kept elsewhere.txt');
    await settle(one, two);
    expect(desk.listing()['kept elsewhere.txt']).toBe('not even sent before');
    expect(conflictsIn(one.tree())).toEqual([]);
  });

  it('gets a large file again that it had not when the copy was made', async ({
    one,
    two,
    desk,
    agreeOn,
    putBack,
    settle,
    syncBoth,
  }) => {
    await agreeOn(() => undefined);
    desk.write('large.bin', 'large enough to travel in parts '.repeat(400_000), aMinuteAgo());
    await syncBoth();
    const wanted = one.tree();
    await putBack();
    await settle(two, one);
    expect(differences(wanted, one.tree())).toEqual([]);
  });
});
