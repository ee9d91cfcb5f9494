import { readdirSync, readFileSync } from 'node:fs';
import type { Browser } from 'playwright';
import { processTree, residentBytes } from '../../tests/e2e/harness/processes.ts';

/** The process that draws the one page that is open, by its pid: those that the browser keeps ready have drawn nothing. */
export async function rendererOf(browser: Browser): Promise<number> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  return renderers.toSorted((one, other) => residentBytes(other) - residentBytes(one))[0] ?? 0;
}

/** The server is the first that `npm start` begins. */
export const serverBelow = (pid: number): number => processTree(pid)[1] ?? 0;

/**
 * Milliseconds that the threads of one process have been on a processor, to the nanosecond: a short wake-up is not seen by
 * what is counted in ticks.
 */
export function onProcessorMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const spent = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, 'utf8').split(' ')[0]));
  return spent.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e6;
}
