import { registerHooks } from 'node:module';
import { holdTimers } from './clock.ts';

/** Imported before the built app: from here on Electron is the double. */
const double = new URL('./electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: double, shortCircuit: true } : next(specifier, context),
});
holdTimers();
