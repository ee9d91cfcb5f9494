import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopRgw } from './rgw.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the run's S3 server lives, once a test has asked for one; and the process that it ends with. */
    s3: { readonly folder: string; readonly owner: number };
  }
}

/** One S3 server for all tests of a run. The first that needs it starts it; here it ends. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'driftless-s3-'));
  project.provide('s3', { folder, owner: process.pid });
  return async () => {
    await stopRgw(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
