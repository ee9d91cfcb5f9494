import { createParser } from 'eventsource-parser';
import { ChangesEvent } from '../../../shared/api/changes.ts';
import type { Clock, Random } from '../ports.ts';
import type { ServerApi } from './server.ts';

export interface EventsOptions {
  readonly api: ServerApi;
  readonly clock: Clock;
  readonly random: Random;
  /** The feed has moved, to about this sequence number: look there. */
  readonly onHint: (head: number) => void;
  /** The server has found out more about what files show. */
  readonly onMedia?: () => void;
  /** open: hints come by themselves; what moved before has to be asked for. closed: none come until it opens again. */
  readonly onState: (state: 'open' | 'closed') => void;
}

const FIRST_DELAY_MS = 1_000;
const LONGEST_DELAY_MS = 60_000;

/**
 * Listens to the server's events for as long as it is wanted: a connection that fails, ends or falls silent is made
 * again, after 1 s doubling to 60 s, each shortened by chance so that devices do not come all at once. Returns how to
 * stop; after that nothing is called back.
 */
export function followEvents({ api, clock, random, onHint, onMedia, onState }: EventsOptions): () => void {
  const stopped = new AbortController();
  let failures = 0;
  let cancelDelay = (): void => undefined;
  let state: 'open' | 'closed' | undefined;
  const become = (next: 'open' | 'closed'): void => {
    if (state !== next) onState(next);
    state = next;
  };

  const listen = async (): Promise<void> => {
    try {
      const stream = await api.events(stopped.signal);
      if (stopped.signal.aborted) return;
      become('open');
      const decoder = new TextDecoder();
      const parser = createParser({
        onEvent: ({ event, data }) => {
          if (event === 'media' && !stopped.signal.aborted) onMedia?.();
          const head = event === 'changes' ? headIn(data) : undefined;
          if (head !== undefined && !stopped.signal.aborted) onHint(head);
        },
      });
      for await (const piece of stream) {
        failures = 0;
        parser.feed(decoder.decode(piece, { stream: true }));
      }
    } catch {
      // Whatever it was, requests made meanwhile meet it too and report it; here it only means to try again.
    }
    if (stopped.signal.aborted) return;
    become('closed');
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** failures);
    failures += 1;
    cancelDelay = clock.after(delay * (0.5 + random.fraction() / 2), () => void listen());
  };

  void listen();
  return () => {
    stopped.abort();
    cancelDelay();
  };
}

function headIn(data: string): number | undefined {
  try {
    return ChangesEvent.safeParse(JSON.parse(data)).data?.head;
  } catch {
    return undefined;
  }
}
