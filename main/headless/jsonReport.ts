import type { Out, Report } from './report.ts';

/** One JSON object a line, for machines: `status` when it changed, `problem` once each, `summary` last. */
export function jsonReport(out: Out): Report {
  let last = '';
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
  return {
    status({ state, pending, bytesDone, bytesTotal }) {
      const text = line({ type: 'status', state, pending, bytesDone, bytesTotal });
      if (text !== last) out.write(text);
      last = text;
    },
    problem({ path, code, message, retryAt }) {
      out.write(line({ type: 'problem', path, code, message, retryAt }));
    },
    held() {},
    note() {},
    end({ uploaded, downloaded, moved, deleted, conflicts, problems, bytesSent, bytesReceived, seconds }) {
      const counts = { uploaded, downloaded, moved, deleted, conflicts, problems, bytesSent, bytesReceived, seconds };
      out.write(line({ type: 'summary', ...counts }));
    },
  };
}
