import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NodeEvent, Status } from '../../preload/api.ts';
import type { RemoteNode } from '../transports/index.ts';
import { awaitEvent, awaitStatus, gone, interruption } from './await-event.ts';

const TIMEOUT_MS = 60_000;
const goneMessage = (id: string): NodeEvent => ({ at: 1, type: 'message-gone', id });
const idOf = (event: NodeEvent): string | undefined => (event.type === 'message-gone' ? event.id : undefined);

/** What can be listened to, as a node can. */
class Source {
  readonly listeners = new Set<(event: NodeEvent) => void>();

  onEvent = (listener: (event: NodeEvent) => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  tell(event: NodeEvent): void {
    for (const listener of [...this.listeners]) listener(event);
  }
}

describe('awaitEvent', () => {
  it('resolves with the first answer that is not undefined, and listens no longer', async () => {
    const source = new Source();
    const looked: string[] = [];
    const awaited = awaitEvent(source, TIMEOUT_MS, (event) => {
      looked.push(event.type);
      return idOf(event);
    });
    source.tell({ at: 1, type: 'level', microphone: 0, speaker: 0 });
    source.tell(goneMessage('first'));
    source.tell(goneMessage('second'));
    assert.equal(await awaited, 'first');
    assert.deepEqual(looked, ['level', 'message-gone']);
    assert.equal(source.listeners.size, 0);
  });

  it('takes null, 0 and false for answers', async () => {
    for (const answer of [null, 0, false]) {
      const source = new Source();
      const awaited = awaitEvent(source, TIMEOUT_MS, () => answer);
      source.tell(goneMessage('x'));
      assert.equal(await awaited, answer);
    }
  });

  it('resolves with undefined when the time is over, and listens no longer', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const source = new Source();
    const awaited = awaitEvent(source, TIMEOUT_MS, idOf);
    t.mock.timers.tick(TIMEOUT_MS - 1);
    assert.equal(source.listeners.size, 1);
    t.mock.timers.tick(1);
    assert.equal(source.listeners.size, 0);
    assert.equal(await awaited, undefined);
  });
});

describe('gone', () => {
  it('rejects when the connection to the node has ended', async () => {
    let end: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => (end = resolve));
    const rejected = assert.rejects(gone({ closed }), { code: 'node-gone' });
    end();
    await rejected;
  });
});

describe('awaitStatus', () => {
  const status = (state: Status['state']): Status => ({ state }) as Status;
  const isRunning = ({ state }: Status): boolean => state === 'running';
  const ofNode = (now: Status['state'], closed = new Promise<void>(() => undefined)) => {
    const source = new Source();
    const call = (() => Promise.resolve(status(now))) as RemoteNode['call'];
    return { source, node: { call, onEvent: source.onEvent, closed } };
  };

  it('resolves with the present status where it passes, else with the first one that does', async () => {
    assert.equal((await awaitStatus(ofNode('running').node, TIMEOUT_MS, isRunning))?.state, 'running');
    const { source, node } = ofNode('setup');
    const awaited = awaitStatus(node, TIMEOUT_MS, isRunning);
    source.tell({ at: 1, type: 'status', status: status('setup') });
    source.tell({ at: 1, type: 'status', status: status('running') });
    assert.equal((await awaited)?.state, 'running');
  });

  it('rejects where the node ends while it waits, and hears Ctrl+C no more', async () => {
    const before = process.listenerCount('SIGINT');
    const { node } = ofNode('setup', Promise.resolve());
    await assert.rejects(awaitStatus(node, TIMEOUT_MS, isRunning), { code: 'node-gone' });
    assert.equal(process.listenerCount('SIGINT'), before);
  });
});

describe('interruption', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`rejects at ${signal}`, async () => {
      const { asked, stop } = interruption();
      try {
        // Not by process.kill, which ends the process on Windows.
        process.emit(signal);
        await assert.rejects(asked, { code: 'interrupted' });
      } finally {
        stop();
      }
    });
  }

  it('leaves the signals to others once it is stopped', () => {
    const listening = (): number[] => ['SIGINT', 'SIGTERM'].map((signal) => process.listenerCount(signal));
    const before = listening();
    const { stop } = interruption();
    assert.deepEqual(
      listening(),
      before.map((count) => count + 1),
    );
    stop();
    assert.deepEqual(listening(), before);
  });
});
