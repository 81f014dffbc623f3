import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Seat } from './seat.ts';

test('it reports each change once', () => {
  const seat = new Seat();
  assert.deepEqual(seat.take('active'), []);
  assert.deepEqual(seat.take('idle'), ['idle']);
  assert.deepEqual(seat.take('idle'), []);
  assert.deepEqual(seat.take('active'), ['active']);
  assert.deepEqual(seat.lock(true), ['lock']);
  assert.deepEqual(seat.take('locked'), [], 'the system has said so already');
  assert.deepEqual(seat.take('active'), ['unlock']);
});

test('whoever was idle before the screen was locked is active when they come back', () => {
  const seat = new Seat();
  assert.deepEqual(seat.take('idle'), ['idle']);
  assert.deepEqual(seat.take('locked'), ['lock']);
  assert.deepEqual(seat.take('active'), ['unlock', 'active']);
});

test('if the system does not know, nothing is guessed', () => {
  const seat = new Seat();
  assert.deepEqual(seat.take('unknown'), []);
  assert.deepEqual(seat.take('locked'), ['lock']);
  assert.deepEqual(seat.take('unknown'), []);
});
