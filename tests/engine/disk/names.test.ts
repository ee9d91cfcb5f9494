import { describe, expect, it } from 'vitest';
import { asDiskError } from '../../../main/engine/disk/diskError.ts';
import { pathInside } from '../../../main/engine/disk/paths.ts';
import { portableName } from '../../../main/engine/disk/portableName.ts';

describe('a name that every computer can hold', () => {
  it.each([
    ['report: draft?.txt', 'report_ draft_.txt'],
    ['a<b>c"d|e*f\\g', 'a_b_c_d_e_f_g'],
    ['CON', 'CON_'],
    ['nul.txt', 'nul_.txt'],
    ['aux .txt', 'aux_ .txt'],
    ['com1.tar.gz', 'com1_.tar.gz'],
    ['ends with a dot.', 'ends with a dot'],
    ['ends with blanks  ', 'ends with blanks'],
    ['...', '_'],
  ])('is near to %j', (name, portable) => {
    expect(portableName(name)).toBe(portable);
    expect(portableName(portable)).toBe(portable);
  });

  it.each(['console.txt', 'a.con', 'com10', '.hidden', 'ünï çode', 'a b', "it's"])('%j already is one', (name) => {
    expect(portableName(name)).toBe(name);
  });
});

describe('a name that Windows cannot hold', () => {
  it('is refused there, with one that it can', () => {
    expect(() => pathInside('/folder', ['a', 'b:c.txt'], 'win32')).toThrow(
      'This computer cannot hold the name “b:c.txt”, because Windows does not allow it: rename it on another device, for instance to “b_c.txt”.',
    );
  });

  it('is no trouble elsewhere', () => {
    expect(pathInside('/folder', ['a', 'b:c.txt'], 'linux')).toBe('/folder/a/b:c.txt');
  });

  it('is refused by a disk made for Windows too, with one that it can', () => {
    const refused = Object.assign(new Error('no'), { code: 'EINVAL' });
    expect(asDiskError(refused, 'a/b:c.txt').message).toBe(
      'This disk cannot hold the name “a/b:c.txt”: rename it on another device, for instance to “b_c.txt”.',
    );
    expect(asDiskError(refused, 'a/bc.txt').message).toMatch(/rename it on another device\.$/);
  });
});
