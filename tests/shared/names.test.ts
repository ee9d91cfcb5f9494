import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  MAX_NAME_BYTES,
  nameBytes,
  nameFault,
  nameKey,
  splitExtension,
  wireName,
  withSuffix,
} from '../../shared/names.ts';

const anyName = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 80 })
  .filter((name) => nameFault(name) === undefined);

describe('nameKey', () => {
  it.each([
    ['composed and decomposed', 'caf\u00e9', 'cafe\u0301'],
    ['upper and lower case', 'Photo.JPG', 'photo.jpg'],
    ['sharp s and its capitals', 'straße', 'STRASSE'],
    ['final and medial sigma', 'ΟΔΟΣ', 'οδος'],
  ])('is one for %s', (_, a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
  });

  it('is another for names that no file system confuses', () => {
    expect(nameKey('a.txt')).not.toBe(nameKey('b.txt'));
  });

  it('is the same for a name and its wire form', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        expect(nameKey(wireName(name))).toBe(nameKey(name));
      }),
    );
  });
});

describe('nameFault', () => {
  it.each(['', '.', '..', 'a/b', 'a\u0000b', 'tab\t', 'bad\ud800', 'a'.repeat(256), 'é'.repeat(128), '.driftless'])(
    'refuses %j',
    (name) => {
      expect(nameFault(name)).toBeTypeOf('string');
    },
  );

  it.each(['a', '...', '.hidden', 'con', 'a'.repeat(255), 'ünï ¢ødé 🎨.psd'])('accepts %j', (name) => {
    expect(nameFault(name)).toBeUndefined();
  });
});

describe('withSuffix', () => {
  it('puts the suffix before the extension', () => {
    expect(withSuffix('photo.raw.jpg', ' (restored)')).toBe('photo.raw (restored).jpg');
    expect(withSuffix('.profile', ' (restored)')).toBe('.profile (restored)');
  });

  it('never makes a name too long or breaks a character', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const made = withSuffix(name, ' (conflicted copy)');
        expect(made.isWellFormed()).toBe(true);
        expect(made).toContain(' (conflicted copy)');
        const longExtension = nameBytes(splitExtension(name).extension) > MAX_NAME_BYTES - 30;
        if (!longExtension) expect(nameBytes(made)).toBeLessThanOrEqual(MAX_NAME_BYTES);
      }),
    );
  });
});
