import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import { noSmallDisk, smallDisk } from '../server/smallDisk.ts';
import { Device } from './harness/device.ts';
import { randomBytes } from './harness/random.ts';
import { DriftlessServer } from './harness/server.ts';

describe.skipIf(noSmallDisk)(`a server whose disk is full${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''}`, () => {
  it('takes what fits, the smallest among it, and the rest is listed with the reason until there is room', async () => {
    const disk = await smallDisk('12m');
    const server = new DriftlessServer(join(disk.folder, 'data'));
    const directory = mkdtempSync(join(tmpdir(), 'driftless-full-'));
    const folder = join(directory, 'folder');
    mkdirSync(folder);
    onTestFinished(async () => {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    });
    await server.start();
    const { token } = await server.addUser('ada');
    const device = new Device({ folder, state: join(directory, 'state'), server: server.url, token });
    for (let i = 0; i < 10; i += 1) writeFileSync(join(folder, `${i}.bin`), randomBytes(`${i}`, 3 * MiB));
    writeFileSync(join(folder, 'small.txt'), 'small');

    const first = await device.once();
    expect(first.code).toBe(2);
    expect(first.summary?.uploaded).toBeGreaterThanOrEqual(3);
    const listed = new Map(first.problems.map((problem) => [problem.path, problem]));
    expect(listed.size).toBe(11 - (first.summary?.uploaded ?? 0));
    expect(listed.has('small.txt')).toBe(false);
    for (const problem of listed.values()) {
      expect(problem).toMatchObject({
        code: 'disk-full',
        message: expect.stringMatching(/^The server's disk is full/),
      });
      expect(problem.retryAt).not.toBeNull();
    }

    disk.resize('64m');
    const second = await device.once();
    expect({ code: second.code, problems: second.problems }).toEqual({ code: 0, problems: [] });
    expect((first.summary?.uploaded ?? 0) + (second.summary?.uploaded ?? 0)).toBe(11);
  });
});
