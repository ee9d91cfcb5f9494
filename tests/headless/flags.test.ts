import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { good, run, scene } from './driftless.ts';

const idle = { starts: { status: { state: 'idle' } } } as const;

describe('what is wrong is one sentence on standard error and exit code 1', () => {
  const complaint = async (args: (good: string[], home: string) => string[]): Promise<string> => {
    const here = scene();
    const { code, stdout, stderr } = await run(args(good(here), here.home), here.env, idle);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.split('\n')).toHaveLength(2);
    return stderr.trim().replaceAll(here.home, 'HOME');
  };
  const instead = (args: string[], flag: string, value: string): string[] =>
    args.map((arg, index) => (args[index - 1] === flag ? value : arg));

  test('no folder', async () => {
    expect(await complaint(() => ['sync'])).toBe(
      'No folder was given: name the one to keep in sync with --folder DIR or DRIFTLESS_FOLDER.',
    );
  });
  test('a folder that is not there', async () => {
    expect(await complaint((args, home) => instead(args, '--folder', `${home}/gone`))).toBe(
      'The folder HOME/gone does not exist: make it, or name another with --folder.',
    );
  });
  test('a file instead of a folder', async () => {
    const asFile = (args: string[], home: string): string[] => {
      writeFileSync(join(home, 'file'), '');
      return instead(args, '--folder', join(home, 'file'));
    };
    expect(await complaint(asFile)).toBe('HOME/file is not a folder: name the folder to keep in sync with --folder.');
  });
  test('a state folder inside the synced one', async () => {
    expect(await complaint((args, home) => instead(args, '--state', `${home}/Pictures/state`))).toContain(
      'lies inside the synced folder',
    );
  });
  test.each([
    ['nonsense', 'The server address “nonsense” is not one: write it like https://sync.example.org.'],
    ['ftp://there', 'The server address “ftp://there” is not one: write it like https://sync.example.org.'],
    ['https://there/path', 'The server address “https://there/path” says too much: give only https://there.'],
    ['https://me:pw@there', 'The server address “https://me:pw@there” says too much: give only https://there.'],
    ['http://there:3007', 'Plain http would send your files in the clear to there: use https://there:3007.'],
    [
      'http://127.0.0.1.example.org',
      'Plain http would send your files in the clear to 127.0.0.1.example.org: use https://127.0.0.1.example.org.',
    ],
  ])('the server address %s', async (address, sentence) => {
    expect(await complaint((args) => instead(args, '--server', address))).toBe(sentence);
  });
  test('no token on a device that has never enrolled', async () => {
    expect(await complaint((args) => instead(args, '--token', ''))).toBe(
      'No token was given: make one with “driftless-server users add NAME” and pass it with --token or DRIFTLESS_TOKEN.',
    );
  });
  test('a limit that is no speed', async () => {
    expect(await complaint((args) => [...args, '--limit-up', 'fast'])).toBe(
      '--limit-up “fast” is not a speed: write bytes a second like 500K or 5M.',
    );
  });
  test('a flag that is nearly right', async () => {
    expect(await complaint((args) => [...args, '--limit-upp', '5M'])).toBe(
      'Unknown option “--limit-upp”: did you mean --limit-up?',
    );
  });
  test('a flag that is nothing like one', async () => {
    expect(await complaint((args) => [...args, '--zzz'])).toBe('Unknown option “--zzz”: see “driftless --help”.');
  });
  test('an unknown command', async () => {
    expect(await complaint(() => ['sing'])).toMatch(/^Unknown command “sing”: .+/);
  });
  test('a token that the server refuses', async () => {
    const here = scene();
    const refuses = { code: 'token-refused', message: 'The server refused the token: make another one.' } as const;
    const { code, stderr } = await run(good(here), here.env, { refuses });
    expect({ code, stderr }).toEqual({ code: 1, stderr: 'The server refused the token: make another one.\n' });
  });
});

describe('the engine is given what the flags say', () => {
  test('by flags', async () => {
    const here = scene();
    const options = join(here.home, 'options.json');
    const args = [...good(here), '--once', '--allow-deletes', '--limit-up', '5M', '--limit-down', '500K'];
    await run(args, { ...here.env, OPTIONS_TO: options }, { settles: { status: { state: 'idle' } } });
    expect(JSON.parse(readFileSync(options, 'utf8'))).toMatchObject({
      folder: here.folder,
      stateDir: here.state,
      serverUrl: 'http://127.0.0.1:3007',
      token: 'secret',
      allowDeletes: true,
      limitUp: 5 * 1024 * 1024,
      limitDown: 500 * 1024,
      watch: false,
    });
  });
  test('by environment variables', async () => {
    const here = scene();
    const options = join(here.home, 'options.json');
    const variables = {
      DRIFTLESS_FOLDER: here.folder,
      DRIFTLESS_SERVER: 'https://sync.example.org/',
      DRIFTLESS_TOKEN: 'secret',
      DRIFTLESS_STATE: here.state,
      DRIFTLESS_ONCE: '1',
      DRIFTLESS_ALLOW_DELETES: '0',
      DRIFTLESS_LIMIT_UP: '1M',
    };
    await run(['sync'], { ...here.env, ...variables, OPTIONS_TO: options }, { settles: { status: { state: 'idle' } } });
    expect(JSON.parse(readFileSync(options, 'utf8'))).toMatchObject({
      folder: here.folder,
      stateDir: here.state,
      serverUrl: 'https://sync.example.org',
      allowDeletes: false,
      limitUp: 1024 * 1024,
      limitDown: null,
      watch: false,
    });
  });
  test.each<[string, readonly string[], Readonly<Record<string, string>>, object]>([
    ['nothing', [], {}, { onBattery: false, onMetered: false }],
    ['a flag', ['--pause-on-battery'], {}, { onBattery: true, onMetered: false }],
    [
      'the environment',
      [],
      { DRIFTLESS_PAUSE_ON_METERED: '1', DRIFTLESS_PAUSE_ON_BATTERY: '0' },
      { onBattery: false, onMetered: true },
    ],
  ])('in which surroundings to wait, by %s', async (_, flags, variables, choices) => {
    const here = scene();
    const file = join(here.home, 'choices.json');
    const env = { ...here.env, ...variables, PAUSE_TO: file };
    await run([...good(here), '--once', ...flags], env, { settles: { status: { state: 'idle' } } });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(choices);
  });
  test('state lies under XDG_STATE_HOME, one for each folder', async () => {
    const here = scene();
    const options = join(here.home, 'options.json');
    const args = good(here).slice(0, -2);
    const env = { ...here.env, XDG_STATE_HOME: join(here.home, 'xdg'), OPTIONS_TO: options };
    await run([...args, '--once'], env, { settles: { status: { state: 'idle' } } });
    expect(JSON.parse(readFileSync(options, 'utf8')).stateDir).toMatch(/\/xdg\/driftless\/[0-9a-f]{16}$/);
  });
});

test('--version and --help answer on standard output with exit code 0', async () => {
  const here = scene();
  const [version, help] = await Promise.all([run(['--version'], here.env), run(['sync', '--help'], here.env)]);
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  expect(help).toMatchObject({ code: 0, stderr: '' });
  for (const flag of [
    '--folder',
    '--server',
    '--token',
    '--state',
    '--once',
    '--json',
    '--allow-deletes',
    '--limit-up',
    '--limit-down',
  ]) {
    expect(help.stdout).toContain(flag);
  }
  expect(help.stdout).toContain('DRIFTLESS_TOKEN');
});
