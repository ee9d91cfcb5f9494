import { Cloud } from 'lucide-react';
import type { ReactNode } from 'react';

/** In the cloud only: not on this device. */
export function CloudMark(): ReactNode {
  return <Cloud size={13} strokeWidth={1.8} role="img" aria-label="in the cloud only" />;
}
