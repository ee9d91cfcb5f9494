import { describe, expect, it, onTestFinished } from 'vitest';
import { followEvents } from '../../../main/engine/transfer/events.ts';
import { offline, ServerFailure } from '../../../main/engine/transfer/failure.ts';
import { openAccount, put } from './account.ts';
import { ManualClock } from './manualClock.ts';
import { systemClock, systemRandom } from './systemPorts.ts';

const random = { ...systemRandom, fraction: () => 1 };
const isEvents = ({ path }: { path: string }): boolean => path.endsWith('/events');

describe('events of a real server', () => {
  it('hint when something changes, at a head that the feed reaches', async () => {
    const account = await openAccount();
    const heads: number[] = [];
    const states: string[] = [];
    onTestFinished(
      followEvents({
        api: account.api,
        clock: systemClock,
        random,
        onHint: (head) => heads.push(head),
        onState: (state) => states.push(state),
      }),
    );
    await expect.poll(() => states).toEqual(['open']);
    const { node } = await put(account, 'file', Buffer.from('content'));
    await expect.poll(() => heads.at(-1)).toBe(node.seq);
  });

  it('come again after the connection broke', async () => {
    const account = await openAccount();
    const clock = new ManualClock();
    const states: string[] = [];
    account.relay.mischief = (exchange) => (isEvents(exchange) ? { cutReplyAfter: 1 } : undefined);
    onTestFinished(
      followEvents({
        api: account.api,
        clock,
        random,
        onHint: () => undefined,
        onState: (state) => states.push(state),
      }),
    );
    await expect.poll(() => clock.waiting).toEqual([1_000]);
    expect(states.at(-1)).toBe('closed');
    account.relay.mischief = () => undefined;
    clock.advance(1_000);
    await expect.poll(() => states.at(-1)).toBe('open');
  });

  it('stop when they are told to', async () => {
    const account = await openAccount();
    const follow = (hints: number[]): (() => void) =>
      followEvents({
        api: account.api,
        clock: systemClock,
        random,
        onHint: (head) => hints.push(head),
        onState: () => undefined,
      });
    const stopped: number[] = [];
    const going: number[] = [];
    const stop = follow(stopped);
    onTestFinished(follow(going));
    await expect.poll(() => [stopped.length, going.length]).toEqual([1, 1]);
    stop();
    const { node } = await put(account, 'file', Buffer.from('content'));
    await expect.poll(() => going.at(-1)).toBe(node.seq);
    expect(stopped).toHaveLength(1);
  });
});

describe('a server that cannot be reached', () => {
  it('is tried after 1 s, doubling to 60 s, and told of once', async () => {
    const account = await openAccount();
    const clock = new ManualClock();
    const states: string[] = [];
    const api = { ...account.api, events: () => Promise.reject(offline('ECONNREFUSED')) };
    onTestFinished(
      followEvents({ api, clock, random, onHint: () => undefined, onState: (state) => states.push(state) }),
    );
    for (const delay of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await expect.poll(() => clock.waiting).toEqual([delay * 1_000]);
      clock.advance(delay * 1_000);
    }
    expect(states).toEqual(['closed']);
  });

  it('is not tried by all devices at the same moment', async () => {
    const account = await openAccount();
    const clock = new ManualClock();
    const failing = { ...account.api, events: () => Promise.reject(new ServerFailure({ kind: 'cancelled' }, 'x')) };
    const early = { ...systemRandom, fraction: () => 0 };
    onTestFinished(
      followEvents({ api: failing, clock, random: early, onHint: () => undefined, onState: () => undefined }),
    );
    await expect.poll(() => clock.waiting).toEqual([500]);
  });
});
