import { existsSync } from 'node:fs';

export interface NativeImage {
  readonly path: string;
  isEmpty(): boolean;
}

export const nativeImage = {
  createFromPath: (path: string): NativeImage => ({ path, isEmpty: () => !existsSync(path) }),
};
