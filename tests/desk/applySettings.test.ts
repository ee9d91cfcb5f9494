import { expect, test } from 'vitest';
import { applySettings } from '../../main/desk/applySettings.ts';
import { DEFAULT_SETTINGS } from '../../shared/desktop/settings.ts';
import { engineDouble } from '../headless/engineDouble.ts';

test('the engine waits in the surroundings that a person chose in the window', () => {
  const engine = engineDouble();
  applySettings(engine, DEFAULT_SETTINGS);
  applySettings(engine, { ...DEFAULT_SETTINGS, pauseOnBattery: true });
  applySettings(engine, { ...DEFAULT_SETTINGS, pauseOnMetered: true });
  expect(engine.calls).toEqual(['pauseOn false false', 'pauseOn true false', 'pauseOn false true']);
});
