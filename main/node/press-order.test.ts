import assert from 'node:assert/strict';
import { it } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import { PressOrder } from './press-order.ts';

it('a press that was started before a release, or with it, does not begin a talk after it', () => {
  const order = new PressOrder(new HandTime());
  order.pressed(10);
  order.released(20);
  assert.throws(() => order.pressed(10), { code: 'already-released' });
  assert.throws(() => order.pressed(20), { code: 'already-released' });
  order.pressed(30);
  order.pressed(undefined);
});

it('a release that does not say when it was started is none to compare with', () => {
  const order = new PressOrder(new HandTime());
  order.released(20);
  order.released(undefined);
  assert.throws(() => order.pressed(10), { code: 'already-released' });
});

it('presses begin talks again where the clock of their programs was set back', () => {
  const time = new HandTime();
  const order = new PressOrder(time);
  order.released(5_000_000);
  time.pass(30_001);
  order.pressed(10);
});
