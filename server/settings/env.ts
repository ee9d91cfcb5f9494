import { ConfigFault } from './fault.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/** A variable's text without the spaces around it; undefined when it is missing or empty. */
export const textOf = (env: Env, name: string): string | undefined => env[name]?.trim() || undefined;

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/**
 * One setting that goes by several names; `same` brings its values into one form. Throws ConfigFault when two of them
 * say different things: nobody could tell which is meant.
 */
export function oneOf(
  env: Env,
  names: readonly string[],
  same: (value: string) => unknown = (value) => value,
): Setting | undefined {
  const given = names.flatMap((name): Setting[] => {
    const value = textOf(env, name);
    return value === undefined ? [] : [{ name, value }];
  });
  const [first] = given;
  const other = given.find(({ value }) => first && same(value) !== same(first.value));
  if (first && other) {
    throw new ConfigFault(`${first.name} and ${other.name} mean the same and differ. Set one of them only.`);
  }
  return first;
}

export const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
