import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MiB } from '../../shared/bytes.ts';
import { noSmallDisk, smallDisk } from '../server/smallDisk.ts';
import { Device } from './harness/device.ts';
import { randomBytes } from './harness/random.ts';
import { DriftlessServer } from './harness/server.ts';
import { until } from './harness/wait.ts';

/** A device, and a server whose data lies on a small disk. */
async function scene(size: string) {
  const disk = await smallDisk(size);
  const server = new DriftlessServer(join(disk.folder, 'data'));
  const directory = mkdtempSync(join(tmpdir(), 'driftless-full-'));
  const folder = join(directory, 'folder');
  mkdirSync(folder);
  let device: Device | undefined;
  onTestFinished(async () => {
    await device?.close();
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  await server.start();
  const account = await server.addUser('ada');
  device = new Device({ folder, state: join(directory, 'state'), server: server.url, token: account.token });
  /** The stored files: each lies in the folder of its type. */
  const stored = () => [...server.storedFiles(account).keys()].filter((path) => path.includes('/'));
  return { disk, server, device, folder, stored };
}

describe.skipIf(noSmallDisk)(`a server whose disk is full${noSmallDisk ? ` (skipped: ${noSmallDisk})` : ''}`, () => {
  it('takes what fits, the smallest among it, and the rest is listed with the reason until there is room', async () => {
    const { disk, device, folder } = await scene('12m');
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
  it('while a large file is sent lists it, takes smaller ones, and gets it whole once there is room', async () => {
    const { disk, server, device, folder, stored } = await scene('64m');
    await device.start('--limit-up', '8M');
    writeFileSync(join(folder, 'large.bin'), randomBytes('large', 30 * MiB));
    const staging = join(server.data, 'staging');
    await until('the first parts to be there', () =>
      readdirSync(staging).some((name) => statSync(join(staging, name)).size > 8 * MiB),
    );
    const free = disk.fill(4 * MiB);
    await until('the large file to be listed', async () => (await device.control.status()).problems === 1);
    expect(readdirSync(staging)).toEqual([]);

    writeFileSync(join(folder, 'small.txt'), 'small');
    await until('the small file to be there', () => stored().length === 1);
    free();
    await until('the large file to be there', () => stored().length === 2, 60_000);
    await until('nothing to be listed any more', async () => (await device.control.status()).problems === 0);
  });
});
