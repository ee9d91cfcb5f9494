import manifest from '../../../package.json' with { type: 'json' };
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { MESSAGES, Refusal } from '../messages.ts';
import { able } from './files.ts';

type Mine = Named<'setup'> | Named<'account'> | Named<'report'> | Named<'logs'>;

export function setupCommands({ session, host, library, serverUrl }: DeskContext): Handlers<Mine> {
  return {
    'setup.chooseFolder': () => {
      if (host.chooseFolder === null) throw new Refusal('failed', MESSAGES.folderChosenAtStart);
      return host.chooseFolder();
    },
    'setup.begin': () => {
      throw new Refusal('failed', MESSAGES.serverChosenAtStart);
    },
    'account.signOut': () => {
      throw new Refusal('failed', MESSAGES.serverChosenAtStart);
    },
    'report.copy': () => {
      const { engine } = session;
      const { message: _message, ...status } = engine.status();
      const codes = engine.problems().map(({ code }) => code);
      const report = {
        version: manifest.version,
        platform: process.platform,
        node: process.versions.node,
        host: host.slice.kind,
        server: new URL(serverUrl).protocol,
        status,
        summary: engine.summary(),
        problems: Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((c) => c === code).length])),
        library: library.counts,
      };
      return JSON.stringify(report, null, 2);
    },
    'logs.show': async () => {
      await able(host.showLogs)();
      return null;
    },
  };
}
