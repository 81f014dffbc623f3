import assert from 'node:assert/strict';
import { test } from 'node:test';
import { typedTo } from './typed-to.ts';

const bo = { people: ['bo'], groups: [], extension: '104' };
const kim = { people: ['kim'], groups: [], extension: '3071' };
const both = { people: ['bo', 'kim'], groups: [], extension: '104*3071' };
const sales = { people: [], groups: ['sales'], extension: '600' };
const mixed = { people: ['bo'], groups: ['sales'], extension: '104*600' };

test('while the talk key reaches the same people and groups, the words go to whom it reaches', () => {
  for (const reached of [bo, both, sales, mixed]) assert.deepEqual(typedTo(reached, reached), {});
  assert.deepEqual(typedTo(both, { ...both, people: ['kim', 'bo'] }), {});
});

test('once it reaches others, or nobody, the words go to whom they were begun for', () => {
  assert.deepEqual(typedTo(bo, kim), { dial: '104', person: 'bo' });
  assert.deepEqual(typedTo(bo, both), { dial: '104', person: 'bo' });
  assert.deepEqual(typedTo(bo, null), { dial: '104', person: 'bo' });
  assert.deepEqual(typedTo(sales, mixed), { group: 'sales' });
  assert.deepEqual(typedTo(both, kim), { dial: '104*3071' });
  assert.deepEqual(typedTo(both, { ...both, people: ['bo', 'ana'] }), { dial: '104*3071' });
  assert.deepEqual(typedTo(mixed, bo), { dial: '104*600' });
});
