import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytes, dayOf, duration, initials, list, milliseconds, percent, when } from './format.ts';

test('lengths are minutes and seconds', () => {
  assert.equal(duration(0), '0:00');
  assert.equal(duration(999), '0:00');
  assert.equal(duration(83_400), '1:23');
  assert.equal(duration(3_723_000), '1:02:03');
});

test('a time is as short as it can be without doubt', () => {
  const now = new Date(2026, 4, 20, 15, 0).getTime();
  assert.equal(when(new Date(2026, 4, 20, 9, 5).getTime(), now, 'en-GB'), '9:05');
  assert.equal(when(new Date(2026, 4, 18, 9, 5).getTime(), now, 'en-GB'), 'Mon 9:05');
  assert.equal(when(new Date(2026, 3, 2, 9, 5).getTime(), now, 'en-GB'), '2 Apr 9:05');
});

test('initials are those of the first and last name, in any script', () => {
  assert.equal(initials('Dana Ruiz'), 'DR');
  assert.equal(initials('ana'), 'A');
  assert.equal(initials('Jean de la Tour'), 'JT');
  assert.equal(initials('李 小龙'), '李小');
  assert.equal(initials('😀'), '😀');
});

/** Which space stands before a unit is the platform's matter. */
const plain = (text: string): string => text.replace(/\s/gu, ' ');

test('numbers and lists are written in the language', () => {
  assert.equal(plain(bytes(0, 'en')), '0 byte');
  assert.equal(plain(bytes(1_300_000, 'en')), '1.2 MB');
  assert.equal(plain(bytes(1_300_000, 'de')), '1,2 MB');
  assert.equal(plain(bytes(2 ** 31, 'en')), '2 GB');
  assert.equal(plain(bytes(2 ** 52, 'en')), '4,096 TB');
  assert.equal(plain(percent(0, 'en')), '0%');
  assert.equal(plain(percent(0.031, 'de')), '3,1 %');
  assert.equal(plain(percent(0.25, 'en')), '25%');
  assert.equal(plain(milliseconds(0.62, 'en')), '0.6 ms');
  assert.equal(plain(milliseconds(42.4, 'de')), '42 ms');
  assert.equal(list(['Dana', 'Lee', 'Sam'], 'de'), 'Dana, Lee und Sam');
});

test('a day is written with its year where that is not this one’s', () => {
  const now = new Date(2026, 10, 29).getTime();
  assert.equal(dayOf(new Date(2026, 10, 3).getTime(), now, 'en-GB'), '3 Nov');
  assert.equal(dayOf(new Date(2025, 10, 3).getTime(), now, 'en-GB'), '3 Nov 2025');
});
