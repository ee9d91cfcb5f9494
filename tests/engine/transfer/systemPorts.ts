import { v7 } from 'uuid';
import type { Clock, Random } from '../../../main/engine/ports.ts';
import { NodeId, UploadId } from '../../../shared/ids.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, callback) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
  soon: (callback) => void setImmediate(callback),
};

export const systemRandom: Random = { nodeId: () => newNodeId(), fraction: () => Math.random() };

export const newNodeId = (): NodeId => NodeId.parse(v7());
export const newUploadId = (): UploadId => UploadId.parse(v7());
