import { beforeEach, describe, expect, test } from 'vitest';
import { GoodTime } from '../../main/engine/goodTime.ts';
import { SettableSurroundings } from './settableSurroundings.ts';

let surroundings: SettableSurroundings;
let changes: number;
let goodTime: GoodTime;

beforeEach(() => {
  surroundings = new SettableSurroundings();
  changes = 0;
  goodTime = new GoodTime(surroundings, () => {
    changes += 1;
  });
});

describe('whether it is a good time', () => {
  test('is never in question for who has chosen nothing', () => {
    surroundings.become({ onBattery: true, metered: true });
    expect([goodTime.objection, changes]).toEqual([null, 0]);
  });

  test.each([
    ['on battery', { onBattery: true, onMetered: false }, { onBattery: true, metered: false }, /^Paused on battery: /],
    [
      'on a metered connection',
      { onBattery: false, onMetered: true },
      { onBattery: false, metered: true },
      /^Paused on a metered connection: /,
    ],
  ])('it is not %s, as chosen, until that is over', (_, choices, bad, sentence) => {
    goodTime.choose(choices);
    surroundings.become(bad);
    expect(goodTime.objection).toMatch(sentence);
    surroundings.become({ onBattery: false, metered: false });
    expect([goodTime.objection, changes]).toEqual([null, 3]);
  });

  test('only what was chosen counts', () => {
    goodTime.choose({ onBattery: true, onMetered: false });
    surroundings.become({ onBattery: false, metered: true });
    expect(goodTime.objection).toBeNull();
  });

  test('a person may go on all the same, until it has been better once', () => {
    goodTime.choose({ onBattery: true, onMetered: false });
    surroundings.become({ onBattery: true, metered: false });
    goodTime.overrule();
    expect(goodTime.objection).toBeNull();
    surroundings.become({ onBattery: true, metered: true });
    expect(goodTime.objection).toBeNull();
    surroundings.become({ onBattery: false, metered: false });
    surroundings.become({ onBattery: true, metered: false });
    expect(goodTime.objection).not.toBeNull();
  });

  test('going on in good times overrules nothing later', () => {
    goodTime.choose({ onBattery: true, onMetered: false });
    goodTime.overrule();
    surroundings.become({ onBattery: true, metered: false });
    expect(goodTime.objection).not.toBeNull();
  });

  test('nobody listens any more when nothing is chosen, or after the end', () => {
    goodTime.choose({ onBattery: true, onMetered: false });
    goodTime.choose({ onBattery: false, onMetered: false });
    expect(surroundings.listeners).toBe(0);
    goodTime.choose({ onBattery: true, onMetered: true });
    goodTime.close();
    expect(surroundings.listeners).toBe(0);
  });
});
