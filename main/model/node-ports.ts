import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { nodeDisk } from './node-disk.ts';
import type { Ports } from './ports.ts';
import { schedule } from './schedule.ts';

/** The computer's own clock, timers, randomness and disk. */
export const nodePorts: Ports = {
  clock: { now: () => Date.now(), monotonic: () => performance.timeOrigin + performance.now() },
  schedule,
  random: { bytes: (count) => randomBytes(count), fraction: () => Math.random() },
  disk: nodeDisk,
};
