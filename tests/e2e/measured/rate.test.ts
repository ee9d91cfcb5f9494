import { writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { MiB } from '../../../shared/bytes.ts';
import { randomBytes } from '../harness/random.ts';
import { it } from '../harness/twoDevices.ts';

it('--limit-up keeps an upload to its rate', async ({ one }) => {
  writeFileSync(one.path('film.mov'), randomBytes('limited', 6 * MiB));
  const summary = await one.mustSync('--limit-up', '2M');
  expect(summary.seconds).toBeGreaterThan(2);
  expect(summary.seconds).toBeLessThan(6);
});
