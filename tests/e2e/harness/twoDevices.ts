import { test } from 'vitest';
import { Scene } from '../harness.ts';
import { Desk } from './desk.ts';

/**
 * Tests with a scene of their own and two devices in it that are not running yet, each with a desk to work at. What a
 * test does not ask for is not made.
 */
export const it = test
  .extend('scene', async ({ onTestFinished }) => {
    const scene = await Scene.open();
    onTestFinished(() => scene.close());
    return scene;
  })
  .extend('one', ({ scene }) => scene.device('one'))
  .extend('two', ({ scene }) => scene.device('two'))
  .extend('desk', ({ one }) => new Desk(one.folder))
  .extend('other', ({ two }) => new Desk(two.folder));
