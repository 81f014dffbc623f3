import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tomorrowMorning } from './morning.ts';

const HOUR_MS = 3_600_000;
const zone = process.env['TZ'];

before(() => {
  process.env['TZ'] = 'Europe/Berlin';
});
after(() => {
  if (zone === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zone;
});

test('it is eight tomorrow, before midnight and after it, at the end of a month and of a year', () => {
  const next = (...now: [number, number, number, number, number]) =>
    tomorrowMorning(new Date(...now).getTime());
  assert.equal(next(2026, 0, 31, 23, 50), new Date(2026, 1, 1, 8).getTime());
  assert.equal(next(2026, 1, 1, 0, 10), new Date(2026, 1, 2, 8).getTime());
  assert.equal(next(2026, 11, 31, 12, 0), new Date(2027, 0, 1, 8).getTime());
});

test('the night that loses an hour in spring still ends at eight', () => {
  const evening = Date.UTC(2026, 2, 28, 19); // 20:00 in Berlin, UTC+1
  assert.equal(tomorrowMorning(evening), Date.UTC(2026, 2, 29, 6)); // 08:00 in Berlin, UTC+2
  assert.equal(tomorrowMorning(evening) - evening, 11 * HOUR_MS);
});

test('the night that gains an hour in autumn still ends at eight', () => {
  const evening = Date.UTC(2026, 9, 24, 18); // 20:00 in Berlin, UTC+2
  assert.equal(tomorrowMorning(evening), Date.UTC(2026, 9, 25, 7)); // 08:00 in Berlin, UTC+1
  assert.equal(tomorrowMorning(evening) - evening, 13 * HOUR_MS);
});
