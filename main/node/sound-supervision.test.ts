import assert from 'node:assert/strict';
import { it } from 'node:test';
import { Emitter } from '../model/index.ts';
import type { MediaEvents } from '../media/index.ts';
import { superviseSound } from './sound-supervision.ts';
import { Troubles } from './troubles.ts';

it('a call that goes on without what cleans its voice is a trouble, until that works or is not wanted', () => {
  const events = new Emitter<MediaEvents>((error) => assert.fail(String(error)));
  const troubles = new Troubles();
  const stop = superviseSound(
    { on: (name, listener) => events.on(name, listener), post: () => undefined },
    troubles,
    () => assert.fail('nothing is to be waited for'),
  );
  const tell = (part: 'echo' | 'noise', failure: string | null) =>
    events.emit('call-cleaning', { type: 'call-cleaning', part, failure });
  const shown = () => troubles.list().map(({ sentence }) => sentence);

  tell('echo', 'no memory');
  tell('noise', 'no file');
  assert.match(shown()[0] ?? '', /^Echo is not cancelled in calls, .*\(no memory\)/);
  assert.match(shown()[1] ?? '', /^Noise is not suppressed in calls, .*\(no file\)/);
  tell('echo', null);
  assert.deepEqual(troubles.find('call-')?.phrase, {
    code: 'call-noise-failed',
    details: { why: 'no file' },
  });
  tell('noise', null);
  assert.deepEqual(shown(), []);
  stop();
  tell('echo', 'no memory');
  assert.deepEqual(shown(), []);
});
