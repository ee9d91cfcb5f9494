import { registerHooks } from 'node:module';
import { BREAKAGES } from './breakages.ts';

/** Has the engine loaded with one of its rules broken. To be called before anything of the engine is imported. */
export function breakEngine(name: string): void {
  const breakage = BREAKAGES[name];
  if (!breakage) throw new Error(`There is no breakage “${name}”: choose one of ${Object.keys(BREAKAGES).join(', ')}.`);
  const { file, find, replace } = breakage;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (!url.endsWith(file)) return loaded;
      const source = String(loaded.source);
      if (!source.includes(find)) throw new Error(`${file} has changed: “${find}” is not in it any more.`);
      return { ...loaded, source: source.replace(find, replace) };
    },
  });
}
