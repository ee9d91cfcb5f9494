import './noEval.ts';
import { type DeskDouble, deskDouble } from './desk.ts';
import { scenarioOf } from './scenario.ts';

declare global {
  interface Window {
    /** The double itself, for what a test does behind the window's back. */
    desk: DeskDouble;
  }
}

window.desk = deskDouble(scenarioOf(new URLSearchParams(location.search)));
Object.defineProperty(window, 'driftless', { value: window.desk });
