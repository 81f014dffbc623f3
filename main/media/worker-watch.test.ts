import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { WorkerCommand, WorkerEvent } from './protocol.ts';
import { benchIn, CALL, TALK } from './test-lifecycle-bench.ts';
import { ALONG_MS, ANSWER_MS, DONE_MS, QUIET_MS, START_MS, WorkerWatch } from './worker-watch.ts';

const ENDED: WorkerEvent = { type: 'talk-ended', id: 'a', count: 3, failed: null };
const STOP: WorkerCommand = { type: 'talk-stop', id: 'a' };
const LEVEL: WorkerEvent = { type: 'level', microphone: 0, speaker: 0 };

/** A watch whose thread has started, and what it wants from one time to another. */
function ground() {
  const watch = new WorkerWatch();
  let now = 0;
  watch.begin(now);
  watch.heard({ type: 'started' }, now);
  watch.heard({ type: 'pong' }, now);
  /** Lets the time pass, and looks when that is due. The thread answers if it `lives`. */
  const pass = (ms: number, lives = true): string[] => {
    const until = now + ms;
    const wants: string[] = [];
    for (let at = watch.dueAt; at !== undefined && at <= until; at = watch.dueAt) {
      now = at;
      const want = watch.look(now);
      if (want) wants.push(want);
      if (want === 'hung') watch.end();
      if (want === 'ping' && lives) watch.heard({ type: 'pong' }, now);
    }
    now = until;
    return wants;
  };
  const post = (command: WorkerCommand) => watch.posted(command, now);
  const tell = (event: WorkerEvent) => watch.heard(event, now);
  return { watch, pass, post, tell, at: () => now };
}

describe('the watch over the media worker', () => {
  it('asks once after an order or an event, and then rests', () => {
    const { watch, pass, post, tell } = ground();
    assert.equal(watch.dueAt, undefined);
    post(CALL);
    assert.deepEqual(pass(QUIET_MS - 1), []);
    assert.deepEqual(pass(1), ['ping']);
    assert.equal(watch.dueAt, undefined, 'nothing polls at rest');
    tell(LEVEL);
    assert.deepEqual(pass(60_000), ['ping']);
  });

  it('asks nothing while the thread tells of itself', () => {
    const { pass, post, tell } = ground();
    post(TALK);
    for (let times = 0; times < 100; times += 1) {
      assert.deepEqual(pass(100), []);
      tell(LEVEL);
    }
  });

  it('goes on asking while somebody talks, until the talk has ended', () => {
    const { watch, pass, post, tell } = ground();
    post(TALK);
    assert.deepEqual(pass(QUIET_MS + 3 * ALONG_MS), ['ping', 'ping', 'ping', 'ping']);
    tell(ENDED);
    pass(QUIET_MS);
    assert.equal(watch.dueAt, undefined);
  });

  it('finds a thread that does not answer', () => {
    const { pass, post } = ground();
    post(CALL);
    assert.deepEqual(pass(QUIET_MS + ANSWER_MS - 1, false), ['ping']);
    assert.deepEqual(pass(1, false), ['hung']);
  });

  it('finds one that falls silent in a talk', () => {
    const { pass, post, tell } = ground();
    post(TALK);
    pass(500);
    tell(LEVEL);
    assert.deepEqual(pass(QUIET_MS + ANSWER_MS, false), ['ping', 'hung']);
  });

  it('finds one that lives, but never ends a talk', () => {
    const { pass, post } = ground();
    post(TALK);
    pass(500);
    post(STOP);
    const wants = pass(DONE_MS);
    assert.deepEqual([wants.at(-1), wants.includes('ping')], ['hung', true]);
  });

  it('awaits no end of a talk that has ended by itself', () => {
    const { pass, post, tell } = ground();
    post(TALK);
    tell(ENDED);
    post(STOP);
    assert.deepEqual(pass(60_000), ['ping']);
  });

  it('awaits the end of the message as which a talk goes on', () => {
    const { pass, post, tell } = ground();
    post(TALK);
    tell({ type: 'talk-renewed', id: 'a', next: 'b' });
    tell(ENDED);
    post({ type: 'talk-stop', id: 'b' });
    assert.equal(pass(DONE_MS).at(-1), 'hung');
  });

  it('finds one that does not load', () => {
    const watch = new WorkerWatch();
    watch.begin(0);
    assert.equal(watch.look(START_MS - 1), undefined);
    assert.equal(watch.look(START_MS), 'hung');
  });

  it('gives it time once more if nobody looked for a while: this thread stood still, or the computer slept', () => {
    const { watch, pass, post, at } = ground();
    post(TALK);
    post(STOP);
    assert.deepEqual(pass(QUIET_MS, false), ['ping']);
    const late = at() + 3_600_000;
    assert.equal(watch.look(late), undefined);
    assert.equal(watch.look(late + ANSWER_MS - 1), undefined);
    assert.equal(watch.look(late + ANSWER_MS), 'hung');
  });
});

describe('a media worker that hangs', () => {
  it('is ended by force and started again, and what it was doing is gone', () => {
    const bench = benchIn('running');
    bench.order(TALK);
    bench.answers = false;
    assert.deepEqual(bench.pass(QUIET_MS + ANSWER_MS), [
      'post ping',
      'post rest',
      'kill-thread',
      'crashed 50',
    ]);
    bench.is('waiting-to-restart');
    bench.answers = true;
    assert.deepEqual(bench.pass(50), ['start-thread']);
    assert.ok(bench.event({ type: 'started' }).includes('restarted'));
  });

  it('is found also while it loads, and while it lies down', () => {
    const loading = benchIn('starting');
    assert.deepEqual(loading.pass(START_MS), ['kill-thread', 'crashed 50']);
    const resting = benchIn('lying-down');
    assert.deepEqual(resting.pass(DONE_MS), ['kill-thread', 'crashed 50']);
  });

  it('is left alone at rest', () => {
    const bench = benchIn('resting');
    assert.deepEqual(bench.pass(3_600_000), []);
  });
});
