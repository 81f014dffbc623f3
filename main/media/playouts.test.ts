import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attentionTone, turnTone } from '../../native-audio/index.ts';
import { FRAME_MS, FRAME_SAMPLES } from '../model/index.ts';
import { COUNT, Desk, KEY, sealedTone, toneFrames } from './test-playouts.ts';

describe('the playouts of a worker', () => {
  it('play a chosen message from its sealed fragments to its end', async () => {
    const desk = new Desk();
    await desk.play('a');
    assert.equal(desk.hear(10), 0, 'silence before the store gives anything');
    desk.playouts.putStored('a', await sealedTone());
    assert.ok(desk.hear(COUNT) >= COUNT - 2);
    desk.hear(2);
    assert.deepEqual(desk.about('a'), ['sounding', 'ended: end']);
    assert.equal(desk.playouts.isActive, false);
    assert.equal(desk.mixer.size, 0);
  });

  it('take no fragments of a message that does not play', async () => {
    const desk = new Desk();
    desk.playouts.putStored('a', await sealedTone());
    assert.equal(desk.playouts.get('a'), undefined);
    await desk.play('a');
    assert.equal(desk.hear(20), 0);
  });

  it('let nothing be heard of fragments that another key sealed', async () => {
    const desk = new Desk();
    await desk.play('a', { key: { ...KEY, masterKey: Buffer.alloc(16, 9) } });
    desk.playouts.putStored('a', await sealedTone());
    assert.equal(desk.hear(COUNT + 2), 0);
    assert.equal(desk.about('a').at(-1), 'ended: end');
  });

  it('play one chosen message: the next choice replaces it without an event', async () => {
    const desk = new Desk();
    await desk.play('a');
    desk.playouts.putStored('a', await sealedTone());
    desk.hear(5);
    await desk.play('b');
    assert.equal(desk.playouts.get('a'), undefined);
    assert.equal(desk.mixer.size, 1);
    desk.playouts.putStored('b', await sealedTone());
    desk.hear(COUNT + 2);
    assert.deepEqual(desk.about('a'), ['sounding']);
    assert.deepEqual(desk.about('b'), ['sounding', 'ended: end']);
  });

  it('begin a message again where the listener chooses it a second time', async () => {
    const desk = new Desk();
    const fragments = await sealedTone();
    await desk.play('a');
    desk.playouts.putStored('a', fragments);
    desk.hear(COUNT / 2);
    await desk.play('a');
    desk.playouts.putStored('a', fragments);
    assert.ok(desk.hear(COUNT) >= COUNT - 2, 'the whole message again');
    assert.equal(desk.mixer.size, 1);
  });

  it('are as loud as each of them is to be, from the first sample on and after a change', async () => {
    const fragments = await sealedTone();
    const loudness = async (gain: number): Promise<number> => {
      const desk = new Desk();
      await desk.play('a', { gain });
      desk.playouts.putStored('a', fragments);
      return desk.loudest(COUNT / 2);
    };
    const plain = await loudness(1);
    assert.ok(Math.abs((await loudness(0.5)) / plain - 0.5) < 0.01);
    assert.ok(Math.abs((await loudness(2)) / plain - 2) < 0.04);

    const desk = new Desk();
    await desk.play('a', { gain: 0.25 });
    desk.playouts.putStored('a', fragments);
    const before = desk.loudest(COUNT / 2);
    desk.playouts.get('a')?.setGain(1);
    assert.ok(before < plain / 3.5 && desk.loudest(COUNT / 4) > plain * 0.95);
  });

  it('make a live message as loud as it is to be, too', async () => {
    const [desk, plain] = [new Desk(), new Desk()];
    const frames = await toneFrames();
    await desk.live('a', { gain: 0.1 });
    await plain.live('a');
    assert.equal(desk.hearLive('a', frames), plain.hearLive('a', frames), 'as much of it is heard');
    assert.ok(desk.loudestHeard < plain.loudestHeard / 8);
  });

  it('let a voice of this computer say words beside them, as loud as it is to be, to its end', () => {
    const desk = new Desk();
    const pcm = new Int16Array(20 * FRAME_SAMPLES).fill(8000);
    desk.playouts.execute({ type: 'speak', id: 'a', pcm, gain: 0.5 });
    assert.ok(desk.playouts.isActive);
    assert.ok(Math.abs(desk.loudest(10) - 4000 / 32_768) < 0.001);
    assert.deepEqual(desk.events, [{ type: 'sounding', id: 'a', live: true }]);
    desk.playouts.execute({ type: 'gain', id: 'a', gain: 1 });
    assert.ok(Math.abs(desk.loudest(9) - 8000 / 32_768) < 0.001);
    assert.equal(desk.hear(5), 1, 'the last of it');
    assert.deepEqual(desk.about('a'), ['sounding', 'ended: end']);
    assert.deepEqual([desk.playouts.isActive, desk.mixer.size], [false, 0]);
  });

  it('end words at once and without an event, and begin a page of words with its tone', () => {
    const desk = new Desk();
    const pcm = new Int16Array(20 * FRAME_SAMPLES);
    desk.playouts.execute({ type: 'speak', id: 'a', pcm, first: 'page' });
    assert.ok(desk.hear(5) > 0, 'a tone before the silence');
    assert.deepEqual(desk.about('a'), [], 'no word has sounded');
    desk.playouts.stop('a');
    assert.deepEqual([desk.playouts.isActive, desk.mixer.size, desk.hear(20)], [false, 0, 0]);
    assert.deepEqual(desk.about('a'), []);
    desk.playouts.execute({ type: 'speak', id: 'b', pcm });
    desk.playouts.close();
    assert.equal(desk.mixer.size, 0);
  });

  it('pause, move, and go on with the chosen message', async () => {
    const desk = new Desk();
    await desk.play('a');
    desk.playouts.putStored('a', await sealedTone());
    desk.hear(10);
    desk.playouts.control('pause');
    assert.equal(desk.hear(20), 0);
    desk.playouts.seek(30);
    assert.deepEqual(desk.position('a'), {
      ...{ type: 'playback', id: 'a', state: 'paused' },
      ...{ positionFragment: 30, speed: 1 },
    });
    desk.playouts.control('resume');
    assert.ok(desk.hear(10) >= 9, 'the last ten fragments');
    desk.hear(2);
    assert.equal(desk.about('a').at(-1), 'ended: end');
  });

  it('play at the listener’s speed, also at one chosen on the way', async () => {
    const desk = new Desk();
    const fragments = await sealedTone();
    const framesAt = async (speed: number, later = speed) => {
      await desk.play('a', { speed });
      desk.playouts.putStored('a', fragments);
      let frames = desk.hear(COUNT / 4);
      desk.playouts.setSpeed(later);
      for (let n = 0; n < 10 * COUNT && desk.playouts.isActive; n++) frames += desk.hear(1);
      return frames;
    };
    assert.ok(Math.abs((await framesAt(1)) - COUNT) <= 2);
    assert.ok(Math.abs((await framesAt(2)) - COUNT / 2) <= 3);
    assert.ok(Math.abs((await framesAt(1, 2)) - (COUNT / 4 + (COUNT * 3) / 8)) <= 3);
  });

  it('stop the chosen message at once and without an event', async () => {
    const desk = new Desk();
    await desk.play('a');
    desk.playouts.putStored('a', await sealedTone());
    desk.hear(5);
    desk.playouts.control('stop');
    assert.equal(desk.hear(20), 0);
    assert.equal(desk.playouts.isActive, false);
    assert.deepEqual(desk.about('a'), ['sounding']);
    for (const action of ['pause', 'resume', 'stop'] as const) desk.playouts.control(action);
    desk.playouts.seek(3);
    desk.playouts.setSpeed(2);
    assert.equal(desk.playouts.isActive, false, 'with nothing chosen there is nothing to control');
  });

  it('play live messages side by side with the chosen one, whose controls leave them alone', async () => {
    const desk = new Desk();
    const frames = await toneFrames();
    await desk.play('chosen');
    await desk.live('b');
    await desk.live('c');
    assert.equal(desk.mixer.size, 3);
    desk.playouts.control('stop');
    assert.equal(desk.mixer.size, 2);
    assert.ok(desk.hearLive('b', frames) > COUNT / 2);
    assert.deepEqual(desk.about('b'), ['sounding']);
    desk.playouts.get('b')?.setCount(COUNT);
    desk.hear(20);
    assert.deepEqual(desk.about('b'), ['sounding', 'ended: end']);
    assert.ok(desk.playouts.get('c'), 'it still waits for its first fragment');
  });

  it('leave a live message alone whose id was that of a chosen one before', async () => {
    const desk = new Desk();
    await desk.play('a', { count: 0 });
    desk.hear(1);
    assert.deepEqual(desk.about('a'), ['ended: end']);
    await desk.live('a');
    desk.playouts.control('stop');
    assert.ok(desk.playouts.get('a'));
  });

  it('sound an attention tone before a page, and lose nothing of what is said meanwhile', async () => {
    const desk = new Desk();
    await desk.live('page', { first: 'page' });
    const toneFrames10ms = attentionTone().length / FRAME_SAMPLES;
    desk.hearLive('page', (await toneFrames()).slice(0, toneFrames10ms - 2));
    assert.deepEqual(desk.about('page'), [], 'its talker is not heard yet');
    desk.playouts.get('page')?.setCount(COUNT);
    const buffer = desk.playouts.get('page')?.buffer;
    const tail = (await toneFrames()).slice(toneFrames10ms - 2);
    tail.forEach((frame, n) =>
      desk.playouts
        .get('page')
        ?.putReceived(toneFrames10ms - 2 + n, frame, (toneFrames10ms - 2 + n) * FRAME_MS),
    );
    desk.hear(COUNT + 10);
    assert.deepEqual(desk.about('page'), ['sounding', 'ended: end']);
    const { played, concealed, fec, late } = buffer?.counts ?? {};
    assert.deepEqual({ played, concealed, fec, late }, { played: COUNT, concealed: 0, fec: 0, late: 0 });
  });

  it('sound no attention tone where the screen flashes instead', async () => {
    const desk = new Desk();
    desk.playouts.alerts = false;
    await desk.live('page', { first: 'page' });
    desk.hearLive('page', (await toneFrames()).slice(0, 10));
    assert.deepEqual(desk.about('page'), ['sounding'], 'its talker is heard at once');
    desk.playouts.execute({ type: 'speak', id: 'words', pcm: new Int16Array(4800), first: 'page' });
    desk.hear(1);
    assert.deepEqual(desk.about('words'), ['sounding'], 'and so are words of a page');
  });

  it('sound a soft tone before the turn of who waited, unless tones are not wanted', async () => {
    for (const [tones, alerts] of [
      [true, true],
      [false, true],
      [true, false],
    ] as const) {
      const desk = new Desk();
      Object.assign(desk.playouts, { tones, alerts });
      await desk.play('a', { first: 'turn' });
      desk.playouts.putStored('a', await sealedTone());
      const loudest = desk.loudest(Math.floor(turnTone().length / FRAME_SAMPLES) - 1);
      const isSoft = loudest > 0.05 && loudest < 0.1;
      assert.deepEqual([desk.about('a').length, isSoft], tones && alerts ? [0, true] : [1, false]);
      desk.hear(COUNT + 10);
      assert.deepEqual(desk.about('a'), ['sounding', 'ended: end'], 'and lose nothing of it');
    }
  });

  it('begin a live message once, and leave one that is heard already as it is', async () => {
    const desk = new Desk();
    await desk.live('a');
    const first = desk.playouts.get('a');
    await desk.live('a');
    assert.equal(desk.playouts.get('a'), first);
    await desk.play('b');
    const chosen = desk.playouts.get('b');
    await desk.live('b');
    assert.equal(desk.playouts.get('b'), chosen);
  });

  it('count a message as lost if its fragments never come', async () => {
    const desk = new Desk();
    await desk.play('a');
    desk.hear(1000);
    assert.deepEqual(desk.about('a'), ['ended: lost']);
    assert.equal(desk.playouts.isActive, false);
  });

  it('end all of them without an event at the close', async () => {
    const desk = new Desk();
    await desk.play('a');
    await desk.live('b');
    desk.playouts.close();
    assert.equal(desk.playouts.isActive, false);
    assert.equal(desk.mixer.size, 0);
    assert.deepEqual(desk.about('a'), []);
    assert.deepEqual(desk.about('b'), []);
  });
});
