import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FileMatcher } from 'app-builder-lib/out/fileMatcher.js';
import { getConfig, validateConfiguration } from 'app-builder-lib/out/util/config/config.js';
import { DebugLogger } from 'builder-util';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import lock from '../../package-lock.json' with { type: 'json' };

const CHECKOUT = resolve(import.meta.dirname, '../..');
const config = await getConfig(CHECKOUT, null, {});

/** What the builder would pack of a file of the project, for this platform and processor. */
function packs(platform: string, arch: string): (path: string) => boolean {
  const patterns = [config.files ?? []].flat().flatMap((one) => (typeof one === 'string' ? one : (one.filter ?? [])));
  const expand = (text: string): string => text.replaceAll(/\$\{platform\}/g, platform).replaceAll(/\$\{arch\}/g, arch);
  const stat = { isDirectory: () => false, isFile: () => true };
  const filterOf = (some: readonly string[]) =>
    new FileMatcher(CHECKOUT, '/app', expand, [...some]).createFilter() as (file: string, stat: unknown) => boolean;
  // Of packages the builder takes those that the app depends on, and goes by the exclusions alone.
  const ofPackages = filterOf(['**/*', ...patterns.filter((pattern) => pattern.startsWith('!'))]);
  const ofProject = filterOf(patterns);
  return (path) => (path.startsWith('node_modules/') ? ofPackages : ofProject)(join(CHECKOUT, path), stat);
}

/** Packages that are not inside a bundle, and all that they need. */
function beside(): readonly string[] {
  const text = readFileSync(join(CHECKOUT, 'electron.vite.config.ts'), 'utf8');
  const [, names = ''] = /const BESIDE = \[([^\]]+)\]/.exec(text) ?? [];
  const packages = lock.packages as Record<string, { dependencies?: object; optionalDependencies?: object }>;
  const found = new Set<string>();
  const wanted = [...names.matchAll(/'([^']+)'/g)].map(([, name = '']) => name);
  for (const name of wanted) {
    if (found.has(name)) continue;
    found.add(name);
    const { dependencies = {}, optionalDependencies = {} } = packages[`node_modules/${name}`] ?? {};
    wanted.push(...Object.keys(dependencies), ...Object.keys(optionalDependencies));
  }
  return [...found].filter((name) => existsSync(join(CHECKOUT, 'node_modules', name)));
}

test('the configuration is one that the builder understands', async () => {
  await validateConfiguration(config, new DebugLogger(false));
});

test('the fuses are set as they must be for a person', () => {
  expect(config.electronFuses).toEqual({
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  });
});

describe('a package', () => {
  const packed = packs('linux', 'x64');

  test('holds the programs, the page and the icons, and nothing of the sources', () => {
    const inside = ['out/main/app.js', 'out/preload/index.cjs', 'out/renderer/index.html', 'package.json'];
    const outside = [
      'main/app/index.ts',
      'server/cli.ts',
      'tests/app/packaging.test.ts',
      'docs/window.md',
      'out/main/app.js.map',
    ];
    expect([...inside, 'main/app/icons/png/tray-ok.png'].filter((path) => !packed(path))).toEqual([]);
    expect(outside.filter(packed)).toEqual([]);
  });

  test.each(beside())('holds %s, which a program loads from beside itself', (name) => {
    expect(packed(`node_modules/${name}/package.json`)).toBe(true);
  });

  test('holds no dependency a second time that is inside a bundle', () => {
    const all = Object.keys(manifest.dependencies).filter((name) => !beside().includes(name));
    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((name) => packed(`node_modules/${name}/package.json`))).toEqual([]);
  });

  test.each([
    ['linux', 'x64'],
    ['linux', 'arm64'],
    ['darwin', 'arm64'],
    ['win32', 'x64'],
  ])('for %s on %s holds the prebuilt library of no other system', (platform, arch) => {
    const systems = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];
    const kept = systems.filter((system) =>
      packs(platform, arch)(`node_modules/better-sqlite3/prebuilds/${system}.node`),
    );
    expect(kept).toEqual([`${platform}-${arch}`]);
    expect(packs(platform, arch)('node_modules/better-sqlite3/deps/sqlite3/sqlite3.c')).toBe(false);
  });

  test('leaves what the system itself loads outside the archive', () => {
    expect(config.asarUnpack).toEqual(expect.arrayContaining(['**/*.node', '**/node_modules/@img/**']));
  });
});

test('an AppImage has a name without its version, so that what starts it at login stays right', () => {
  expect(config.linux?.artifactName).not.toContain('version');
});

test('the desktop entry is named as the app calls itself to the desktop', () => {
  expect(manifest.desktopName).toBe(`${config.linux?.executableName}.desktop`);
  expect(config.linux?.syncDesktopName).toBe(true);
});

test('a package for Debian can say who makes it and where', () => {
  expect(manifest.author).toMatch(/^.+ <.+@.+>$/);
  expect(manifest.homepage).toMatch(/^https:/);
});
