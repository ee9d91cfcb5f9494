import { paths } from '../../shared/api/paths.ts';
import { StorageUsage } from '../../shared/api/storage.ts';
import { storageUsage } from '../quota/usage.ts';
import type { Services } from '../services.ts';
import { type App, answers } from './route.ts';

export function storageRoutes(app: App, { db }: Services): void {
  app.get(paths.usage, { schema: { response: answers(StorageUsage) } }, (request) =>
    storageUsage(db.read, request.userId),
  );
}
