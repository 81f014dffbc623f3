import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TranscriptStatus } from '../../preload/api.ts';
import { isUnsure } from '../model/index.ts';
import { lockedText, noticeText, said } from './notice-text.ts';
import { englishStrings, loadStrings, type Strings } from './strings.ts';
import type { Waiting } from './waiting-notices.ts';

const WAITS: Waiting = {
  ...{ id: 'm', person: 'p', name: 'Ana', extension: '204', group: null, number: '4821', meantFor: null },
  ...{ page: null, isOverride: false, durationMs: 12_000, isAlone: false, words: null },
  ...{ understood: null, isUnsure: false },
};
const done = (text: string | null, confidence: number | null = null): TranscriptStatus => ({
  ...{ state: 'done', part: 1, isPaused: false, why: null },
  ...{ text, confidence, isUnsure: isUnsure(confidence) },
});
const body = (
  transcript: TranscriptStatus | null,
  more: Partial<Waiting> = {},
  strings: Strings = englishStrings,
) => noticeText({ ...WAITS, ...said(transcript), ...more }, strings).body;

test('a notification has the first words of what was understood, in one line', () => {
  assert.equal(body(null), englishStrings.clickToHear);
  assert.equal(body(done(null)), englishStrings.clickToHear, 'it is being opened');
  assert.equal(body(done('')), englishStrings.clickToHear, 'nothing was understood');
  assert.equal(body(done('The parcel\n is here')), '“The parcel is here”');
  assert.equal(body(done('The parcel is here', 0.9)), '“The parcel is here”');
  const long = body(done('Grüße 👋 '.repeat(60)));
  assert.equal(long.slice(-3), 'ü…”');
  assert.equal(Array.from(long).length, 142);
  assert.match(noticeText({ ...WAITS, ...said(done('Hi')) }, englishStrings).title, /^Ana \(204\) left /);
});

test('what the engine is not sure of is shown as that, in every language', async () => {
  assert.equal(body(done('The parcel is here', 0.59)), 'Perhaps: “The parcel is here”');
  assert.equal(body(done('Hallo', 0.1), {}, await loadStrings('de', 'de')), 'Vielleicht: „Hallo“');
});

test('what was typed goes before what an engine says; urgency and whom it was meant for stay', () => {
  assert.equal(body(done('lunge', 0.2), { words: 'Lunch?' }), '“Lunch?”');
  assert.equal(body(done('Hi'), { meantFor: 'Kim', isOverride: true }), 'Urgent. For Kim. “Hi”');
});

test('a page that is over says how long it was, an urgent one that it is urgent, and one of words alone that somebody pages', async () => {
  const titleOf = (more: Partial<Waiting>, strings = englishStrings) =>
    noticeText({ ...WAITS, page: { isUrgent: false }, ...more }, strings).title;
  assert.equal(titleOf({ durationMs: null }), 'Ana (204) pages — #4821');
  assert.equal(titleOf({}), 'Ana (204) paged for 0:12 — #4821');
  assert.equal(titleOf({ group: 'Sales' }), 'Ana (204) paged Sales for 0:12 — #4821');
  assert.equal(titleOf({ isAlone: true, durationMs: 0 }), 'Ana (204) pages — #4821');
  const urgent = { page: { isUrgent: true }, isOverride: true };
  assert.equal(titleOf({ ...urgent, durationMs: null }), 'Ana (204) pages urgently — #4821');
  assert.equal(
    noticeText({ ...WAITS, ...urgent }, englishStrings).body,
    'Urgent. Click to hear it from the beginning.',
  );
  const german = await loadStrings('de', 'de');
  assert.equal(titleOf({ group: 'Vertrieb' }, german), 'Durchsage von Ana (204) an Vertrieb: 0:12 — #4821');
});

test('behind a locked screen a notification has the name alone', () => {
  const { title, body: text } = lockedText({ ...WAITS, ...said(done('A secret')) }, englishStrings);
  assert.deepEqual([title, text], ['Ana', 'A message waits.']);
});
