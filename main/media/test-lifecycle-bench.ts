import assert from 'node:assert/strict';
import { bindingFailed } from './media-socket.ts';
import type { MediaAddress, SoundConfiguration, WorkerCommand, WorkerEvent } from './protocol.ts';
import { WorkerLifecycle, type LifecycleInput, type LifecycleOutput } from './worker-lifecycle.ts';

export const REST_AFTER_MS = 1000;
export const COLD: SoundConfiguration = { microphone: null, speaker: null, ready: 'cold' };
export const WARM: SoundConfiguration = { ...COLD, ready: 'warm' };
export const ENDPOINT: MediaAddress = { address: '127.0.0.1', port: 5000 };
/** An order that begins something: it calls for a resting worker. */
export const CALL: WorkerCommand = { type: 'list-devices', request: 1 };
/** Somebody talks. */
export const TALK: WorkerCommand = {
  ...{ type: 'talk', id: 'a', ssrc: 1, targets: [], keyDownAt: 0 },
  key: { masterKey: new Uint8Array(16), masterSalt: new Uint8Array(12) },
};
/** An order that a resting worker has nothing to do with. */
export const NO_CALL: WorkerCommand = { type: 'talk-stop', id: 'a' };
export const REFUSED = bindingFailed('127.0.0.1', 5000, new Error('taken'));

/** A lifecycle whose clock the test moves. Each step returns the outputs as short texts, without `schedule`. */
export class LifecycleBench {
  readonly lifecycle: WorkerLifecycle;
  now = 0;
  scheduledAt: number | undefined;
  /** Whether the thread answers when it is asked; that is not among the outputs then. */
  answers = true;

  constructor(rests = true) {
    this.lifecycle = new WorkerLifecycle({ rests, restAfterMs: REST_AFTER_MS });
  }

  step(input: LifecycleInput): string[] {
    const outputs = this.lifecycle.step(input, this.now);
    for (const output of outputs) if (output.type === 'schedule') this.scheduledAt = output.at;
    const told = outputs.filter(({ type }) => type !== 'schedule').map(short);
    if (!this.answers || !told.includes('post ping')) return told;
    return [...told.filter((one) => one !== 'post ping'), ...this.event({ type: 'pong' })];
  }

  event(event: WorkerEvent): string[] {
    return this.step({ type: 'event', event });
  }

  order(command: WorkerCommand): string[] {
    return this.step({ type: 'order', command });
  }

  /** Lets the time pass, and gives the lifecycle each time that it scheduled on the way. */
  pass(ms: number): string[] {
    const until = this.now + ms;
    const outputs: string[] = [];
    while (this.scheduledAt !== undefined && this.scheduledAt <= until) {
      this.now = this.scheduledAt;
      this.scheduledAt = undefined;
      outputs.push(...this.step({ type: 'time' }));
    }
    this.now = until;
    return outputs;
  }

  is(phase: WorkerLifecycle['phase']): void {
    assert.equal(this.lifecycle.phase, phase);
  }
}

function short(output: LifecycleOutput): string {
  if (output.type === 'post') return `post ${output.command.type}`;
  if (output.type === 'allow-optimizer') return output.isAllowed ? 'opt' : 'no-opt';
  if (output.type === 'crashed') return `crashed ${output.restartInMs}`;
  if (output.type === 'bind-done') return `bind-done ${output.port}`;
  return output.type;
}

/** A new bench whose lifecycle has reached this phase. Except in `off` it was told to bind to `ENDPOINT`. */
export function benchIn(phase: WorkerLifecycle['phase']): LifecycleBench {
  const bench = new LifecycleBench();
  if (phase === 'off') return bench;
  bench.step({ type: 'start', sound: COLD });
  bench.step({ type: 'bind', endpoint: ENDPOINT });
  bench.step({ type: 'kept', endpoint: ENDPOINT, port: 5000 });
  if (phase === 'resting') return bench;
  bench.order(CALL);
  if (phase === 'starting') return bench;
  bench.event({ type: 'started' });
  bench.event({ type: 'bound', port: 5000 });
  if (phase === 'lying-down') bench.pass(REST_AFTER_MS);
  if (phase === 'waiting-to-restart') bench.step({ type: 'exit' });
  if (phase === 'closed') bench.step({ type: 'close' });
  bench.is(phase);
  return bench;
}
