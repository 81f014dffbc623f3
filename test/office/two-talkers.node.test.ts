import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { RecipientStatus } from '../../preload/api.ts';
import { durationOf, heardBy, isMessage, isSounding, messageOf } from '../support/messages.ts';
import { officeFor } from '../support/office.ts';
import { strengthAt, toneWav } from '../support/tone.ts';

const RATE_HZ = 48_000;
const SAID_MS = 4_000;
/** Neither is a multiple of the other: what distorts the one does not sound like the other. */
const [LOW_HZ, HIGH_HZ] = [310, 1130];
/** Of the tone that says that somebody waits, and of the second half of the one before their turn. */
const [WAITS_HZ, TURN_HZ] = [698, 932];
/** A third of what a piece has that is all such a tone; of the voices far less is at these pitches. */
const TONE = 400;
/** A piece of what was heard, short enough that few hold both voices, ms. */
const PIECE_MS = 100;

it('of two colleagues who talk at once to a third, one is heard after the other, and nothing of either is lost', async (t) => {
  const [ann, bob, cleo] = await officeFor(t).people('101', '102', '103');
  const first = await ann.node.call('talkRecording', {
    dial: '103',
    wavBase64: toneWav(SAID_MS, { hz: LOW_HZ }),
  });
  await cleo.untilSo(isSounding(first.id));
  const second = await bob.node.call('talkRecording', {
    dial: '103',
    wavBase64: toneWav(SAID_MS, { hz: HIGH_HZ }),
  });
  await bob.untilSo(
    isMessage(second.id, ({ recipients: [to] }) => to?.state === 'queued' && isFor(to, 'Person 101')),
  );
  await cleo.untilSo(
    (event) => event.type === 'status' && event.status.waiting.some(({ name }) => name === 'Person 102'),
  );
  for (const { id } of [first, second]) await cleo.untilSo(isMessage(id, ({ heard }) => heard));
  await bob.untilSo(isMessage(second.id, ({ recipients }) => recipients[0]?.state === 'heard'));

  const heard = await heardBy(cleo);
  const pieces = piecesOf(heard);
  const voices = voicesIn(pieces);
  const alone = voices.filter((voice) => voice === 'low' || voice === 'high');
  const turns = alone.filter((voice, n) => voice !== alone[n - 1]);
  assert.deepEqual(turns, ['low', 'high'], voices.join(' '));
  const both = voices.filter((voice) => voice === 'both').length;
  assert.ok(both <= 2, `${both} pieces have both voices: ${voices.join(' ')}`);
  for (const voice of turns) {
    const ms = voices.filter((one) => one === voice).length * PIECE_MS;
    // While a voice catches up it is faster, by half at most.
    assert.ok(ms > SAID_MS / 2, `${voice} was heard for ${ms} of ${durationOf(heard)} ms`);
  }
  for (const { id } of [first, second]) assert.ok((await messageOf(cleo, id))?.complete);

  const tones = pieces.map((piece) => [strengthAt(WAITS_HZ, piece), strengthAt(TURN_HZ, piece)] as const);
  const [waits, turn] = [0, 1].map((n) => tones.findIndex((piece) => piece[n as 0 | 1] > TONE));
  const change = voices.indexOf('high');
  assert.ok(waits !== undefined && waits >= 0 && waits < change, `somebody waits: ${waits} of ${change}`);
  assert.ok(turn !== undefined && turn > waits && turn <= change, `the next turn: ${turn} of ${change}`);
});

/** They listen to that person meanwhile. */
function isFor({ waitsFor }: RecipientStatus, name: string): boolean {
  return waitsFor?.kind === 'voice' && waitsFor.name === name;
}

function piecesOf(samples: Int16Array): Int16Array[] {
  const length = (PIECE_MS * RATE_HZ) / 1000;
  return Array.from({ length: Math.floor(samples.length / length) }, (_, n) =>
    samples.subarray(n * length, (n + 1) * length),
  );
}

type Voice = 'low' | 'high' | 'both' | 'neither';

/** Whose voice each piece has: one counts with a third of the strength that it has where it is strongest, or more. */
function voicesIn(pieces: readonly Int16Array[]): Voice[] {
  const strengths = pieces.map((piece) => ({
    low: strengthAt(LOW_HZ, piece),
    high: strengthAt(HIGH_HZ, piece),
  }));
  const most = {
    low: Math.max(...strengths.map(({ low }) => low)),
    high: Math.max(...strengths.map(({ high }) => high)),
  };
  return strengths.map(({ low, high }) => {
    const [isLow, isHigh] = [low * 3 >= most.low, high * 3 >= most.high];
    if (isLow && isHigh) return 'both';
    if (isLow) return 'low';
    return isHigh ? 'high' : 'neither';
  });
}
