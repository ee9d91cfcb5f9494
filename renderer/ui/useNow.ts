import { useEffect, useState } from 'react';

const MINUTE_MS = 60_000;

/** The time for words like `Today`, renewed by the minute while somebody looks. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
