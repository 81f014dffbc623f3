import { randomBytes } from 'node:crypto';
import { nodeDisk } from './node-disk.ts';
import type { Ports } from './ports.ts';
import { schedule } from './schedule.ts';

/** Of all threads alike, also after the system's clock was set: `performance.timeOrigin` is that clock at the start of a thread. */
const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;

/** The computer's own clock, timers, randomness and disk. */
export const nodePorts: Ports = {
  clock: { now: () => Date.now(), monotonic },
  schedule,
  random: { bytes: (count) => randomBytes(count), fraction: () => Math.random() },
  disk: nodeDisk,
};
