import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../preload/api.ts';
import { callStatus } from '../../test/support/call-status.ts';
import { describeExchange, exchangeChanges } from './describe-exchange.ts';

type Exchange = Parameters<typeof describeExchange>[0];

const QUIET: Exchange = {
  ...{ calls: [], recording: null, missedCalls: [], paged: null, waiting: [], divert: null, talkTo: null },
  caption: null,
};
const BO = { person: 'b', name: 'Bo Li', extension: '102' };
const KIM = { person: 'k', name: 'Kim Wetherby', extension: '103' };
const ringing = callStatus(BO);
const active = callStatus({ ...BO, state: 'active' });
const told = (now: Partial<Exchange>, before: Partial<Exchange> = {}): string[] =>
  exchangeChanges({ ...QUIET, ...now }, { ...QUIET, ...before });

test('status says in words what is going on', () => {
  assert.deepEqual(describeExchange(QUIET), []);
  const talkTo = { name: 'Sales', extension: '600' } as Status['talkTo'];
  const missedCalls = [{ ...KIM, at: 0, times: 2 }];
  const paged = { ...KIM, isToAll: true, group: null, isUrgent: false };
  const phrases = [
    { n: 4, text: 'the parcel' },
    { n: 5, text: 'is here' },
  ];
  const caption = { ...KIM, id: 'm', phrases, partial: 'on the' };
  const all = { ...QUIET, talkTo, missedCalls, paged, calls: [ringing], waiting: [BO, KIM], caption };
  assert.deepEqual(describeExchange(all), [
    'talk key    reaches Sales (600)',
    'call        Bo Li (102) calls you',
    'page        Kim Wetherby (103) pages everybody',
    'caption     Kim Wetherby: the parcel / is here / on the …',
    'waiting     Bo Li (102), then Kim Wetherby (103)',
    'missed      Kim Wetherby (103) called in vain: corridor missed',
  ]);
});

test('events tell of a call from its ring to its end, once each', () => {
  const rings = 'Bo Li (102) calls you: corridor answer, or: corridor hangup';
  assert.deepEqual(told({ calls: [ringing] }), [rings]);
  assert.deepEqual(exchangeChanges({ ...QUIET, calls: [ringing] }, null), [rings]);
  assert.deepEqual(told({ calls: [ringing] }, { calls: [ringing] }), []);
  assert.deepEqual(told({ calls: [active] }, { calls: [ringing] }), ['Bo Li (102) is in a call with you']);
  assert.deepEqual(told({}, { calls: [active] }), ['the call with Bo Li (102) is over']);
  const ended = callStatus({ ...BO, state: 'ended', reason: 'hung-up' });
  assert.deepEqual(told({ calls: [ended] }, { calls: [active] }), ['Bo Li (102) has hung up']);
  assert.deepEqual(told({}, { calls: [ended] }), []);
});

test('events tell of missed calls, pages, who waits, and the own divert', () => {
  const missed = { ...BO, at: 0, times: 1 };
  const line = 'Bo Li (102) called and was not answered. To call back: corridor call 102';
  assert.deepEqual(told({ missedCalls: [missed] }), [line]);
  assert.deepEqual(told({ missedCalls: [{ ...missed, times: 2 }] }, { missedCalls: [missed] }), [line]);
  assert.deepEqual(told({}, { missedCalls: [missed] }), []);
  const paged = { ...KIM, isToAll: false, group: null, isUrgent: false };
  assert.deepEqual(told({ paged }), ['Kim Wetherby (103) pages you']);
  const toSales = { ...paged, group: { id: 'sales', name: 'Sales' }, isUrgent: true };
  assert.deepEqual(told({ paged: toSales }), ['Kim Wetherby (103) pages Sales, urgently']);
  assert.deepEqual(told({}, { paged }), ['the page is over']);
  assert.deepEqual(told({ waiting: [BO, KIM] }, { waiting: [BO] }), [
    'Kim Wetherby (103) is next, after what you hear now',
  ]);
  const divert = { ...KIM };
  assert.deepEqual(told({ divert }), ['what is said to you goes to Kim Wetherby (103)']);
  assert.deepEqual(told({}, { divert }), ['what is said to you reaches you again']);
});
