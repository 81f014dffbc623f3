import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameOfAccount } from './account-name.ts';

test('a person is suggested the name of their account: the full one, else the login name written as a name', () => {
  assert.equal(nameOfAccount('dana', 'Dana Ruiz'), 'Dana Ruiz');
  assert.equal(nameOfAccount('dana.ruiz', ''), 'Dana Ruiz');
  assert.equal(nameOfAccount('mei-lin', '\u200b'), 'Mei Lin');
  assert.equal(nameOfAccount('öst', ''), 'Öst');
});

test('nothing is suggested for an account that is no person’s, or that has no name', () => {
  for (const login of ['root', 'Administrator', 'user']) assert.equal(nameOfAccount(login, 'root'), '');
  for (const login of ['', 'x'.repeat(80)]) assert.equal(nameOfAccount(login, ''), '');
});
