import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { EngineError } from '../engine/api.ts';
import { makeStateFolder } from '../engine/store/stateFolder.ts';

/** A socket's path may be about 108 bytes long (104 on macOS); beyond this the socket lies elsewhere. */
const PATH_BYTES_MAX = 100;

const Pointer = z.object({ socket: z.string().min(1) });

/**
 * Where an engine with this state listens. A path too long for a socket is replaced by one in the runtime folder, and
 * `control.json` in the state folder names it; on Windows it is a named pipe.
 */
export function reserveAddress(stateDir: string): string {
  makeStateFolder(stateDir);
  const hash = createHash('sha256').update(resolve(stateDir)).digest('hex').slice(0, 16);
  const pointer = join(stateDir, 'control.json');
  const socket = join(stateDir, 'control.sock');
  if (process.platform !== 'win32' && Buffer.byteLength(socket) <= PATH_BYTES_MAX) {
    rmSync(pointer, { force: true });
    return socket;
  }
  const elsewhere =
    process.platform === 'win32' ? `\\\\.\\pipe\\driftless-${hash}` : join(runtimeDir(), `${hash}.sock`);
  writeFileSync(pointer, `${JSON.stringify({ socket: elsewhere })}\n`, { mode: 0o600 });
  return elsewhere;
}

/** Where a running engine with this state would answer; reads only. */
export function controlAddress(stateDir: string): string {
  try {
    return Pointer.parse(JSON.parse(readFileSync(join(stateDir, 'control.json'), 'utf8'))).socket;
  } catch {
    return join(stateDir, 'control.sock');
  }
}

/** Whether somebody answers there. A socket file without a listener is what a killed engine leaves behind. */
export function isLive(address: string): Promise<boolean> {
  return new Promise((answer) => {
    const socket = connect(address);
    const settle = (live: boolean): void => {
      socket.destroy();
      answer(live);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
}

/** The person's own runtime folder. Where there is none, one in the shared temporary folder that nobody else could have made. */
function runtimeDir(): string {
  const given = process.env.XDG_RUNTIME_DIR;
  const dir = given?.startsWith('/') ? join(given, 'driftless') : join(tmpdir(), `driftless-${userInfo().uid}`);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const stat = lstatSync(dir);
  if (!stat.isDirectory() || stat.uid !== userInfo().uid || (stat.mode & 0o077) !== 0) {
    throw new EngineError(
      'state-not-writable',
      `${dir} must be a folder of yours that nobody else can open: remove it, or choose a shorter --state path.`,
    );
  }
  return dir;
}
