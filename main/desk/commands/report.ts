import manifest from '../../../package.json' with { type: 'json' };
import type { DeskContext } from '../context.ts';
import type { Handlers, Named } from '../handlers.ts';
import { able } from './files.ts';

type Mine = Named<'report'> | Named<'logs'>;

/** What helps when something is wrong. */
export function reportCommands({ session, host, library, serverUrl }: DeskContext): Handlers<Mine> {
  return {
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
