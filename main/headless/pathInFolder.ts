import { isAbsolute, relative, resolve, sep } from 'node:path';
import { Fault } from './fault.ts';

/**
 * What a person named on the command line, as a path in the synced folder, separated by `/`: seen from where they are if
 * that is in the folder, else from its top. Throws Fault for a place outside it.
 */
export function pathInFolder(folder: string, named: string, cwd: string): string {
  const isHere = cwd === folder || cwd.startsWith(folder + sep);
  const inside = relative(folder, isAbsolute(named) || isHere ? resolve(cwd, named) : resolve(folder, named));
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
    throw new Fault(`${named} is not in ${folder}: name a folder inside it.`);
  }
  return inside.split(sep).join('/');
}
