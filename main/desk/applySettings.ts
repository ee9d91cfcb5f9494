import type { Settings } from '../../shared/desktop/settings.ts';
import type { Engine } from '../engine/api.ts';

/** Lets the engine go by what a person has chosen. */
export function applySettings(engine: Engine, settings: Settings): void {
  engine.insight.setLimits(settings.limitUp, settings.limitDown);
  engine.pauseOn({ onBattery: settings.pauseOnBattery, onMetered: settings.pauseOnMetered });
}
