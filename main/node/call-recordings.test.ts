import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.ts';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { VirtualTime } from '../../test/support/virtual-time.ts';
import { isRecorded, type CallEvents, type CallView } from '../calls/index.ts';
import { CorridorError, Emitter, type CallId, type NodeId } from '../model/index.ts';
import type { MediaEvents } from '../media/index.ts';
import { CallRecordings } from './call-recordings.ts';

const ID = 'call' as CallId;
const call = (person: string, more: Partial<CallView> = {}): CallView =>
  ({ id: person, person, state: 'active', party: null, ...more }) as CallView;
const HALF_SECOND = Array.from({ length: 50 }, () => new Uint8Array(80));

const fails = (error: unknown): never => {
  throw error;
};

function ground(shown: readonly CallView[] = [call('Bo', { id: ID })]) {
  const disk = new SimulatedDisk();
  const { clock, schedule } = new VirtualTime();
  const media = new Emitter<MediaEvents>(fails);
  const said = new Emitter<CallEvents>(fails);
  const refusal: { of?: CorridorError } = {};
  const recorded: CallId[] = [];
  const adds = (recording = recorded.length) =>
    media.emit('call-recorded', { type: 'call-recorded', recording, packets: HALF_SECOND });
  const ends = (recording: number) =>
    media.emit('call-recording-ended', { type: 'call-recording-ended', recording });
  const calls = {
    events: said,
    shown,
    rules: {
      assertRecord: () => {
        if (refusal.of) throw refusal.of;
      },
    },
    record: (id: CallId) => recorded.push(id),
    stopRecording: () => ends(recorded.length),
  };
  const recordings = new CallRecordings({
    ...{ calls, media: { on: media.on.bind(media) }, disk, clock, schedule },
    ...{ profile: { settings: { recordingsFolder: '/calls' } }, home: '/home' },
    nameOf: (person: NodeId) => person,
  });
  const over = (): Promise<void> => recordings.close();
  const crashes = () => media.emit('crashed', undefined);
  return { disk, recordings, recorded, refusal, adds, ends, crashes, over };
}

describe('the recordings of calls', () => {
  it('says so where the disk refuses the end of one', async () => {
    const { disk, recordings, adds, over } = ground();
    await recordings.start(ID);
    adds();
    await new Promise((resolve) => setImmediate(resolve));
    disk.capacityBytes = 0;
    recordings.stop();
    await over();
    const { phrase, durationMs, file } = recordings.shown ?? {};
    assert.deepEqual([phrase?.code, durationMs], ['recording-cut-short', 500]);
    assert.ok(file);
  });

  it('makes no file of a call that cannot be recorded', async () => {
    const { disk, recordings, recorded, refusal } = ground();
    refusal.of = isRecorded();
    const before = disk.operations;
    await assert.rejects(recordings.start(ID), { code: 'call-is-recorded' });
    assert.deepEqual([disk.operations, recorded], [before, []]);
  });

  it('leaves no file where the call ends while that is made', async () => {
    const { disk, recordings, recorded, refusal } = ground();
    const started = recordings.start(ID);
    refusal.of = new CorridorError('no-such-call', 'It is over.');
    await assert.rejects(started, { code: 'no-such-call' });
    assert.deepEqual([await disk.list('/calls'), recorded, recordings.shown], [[], [], null]);
  });

  it('goes on where the end of an earlier one comes late, because its media worker crashed', async () => {
    const { recordings, adds, ends, crashes, over } = ground();
    await recordings.start(ID);
    adds();
    crashes();
    await eventually(() => recordings.shown?.isOver === true, 'the first one is over');
    await recordings.start(ID);
    ends(1);
    adds(1);
    adds();
    recordings.stop();
    await over();
    assert.equal(
      recordings.shown?.durationMs,
      500,
      'what came after the late end is in it, and nothing of the first',
    );
  });

  it('is named after who is in the call, and not after whom it still calls', async () => {
    const party = 'party' as CallId;
    const { recordings } = ground([
      call('Bo', { id: ID, party }),
      call('Cy', { party }),
      call('Dan', { party, state: 'calling' }),
      call('Eve'),
    ]);
    await recordings.start(ID);
    assert.equal(recordings.shown?.name, 'Bo, Cy');
  });
});
