import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Header, NodeId } from '../model/index.ts';
import type { StoredMessage } from '../store/index.ts';
import { keyWanted } from './key-wanted.ts';

const [ANA, DESK] = ['A'.repeat(22), 'B'.repeat(22)] as [NodeId, NodeId];

/** What Ana said to Bo’s desk, at his laptop. */
function asked({ sealed = true, isRemoved = false }): string | undefined {
  const facts = { talker: ANA, recipients: [DESK] } as unknown as Header;
  const header = { facts, signed: { payload: '{}', signature: '' } };
  const message: Pick<StoredMessage, 'header' | 'local'> = { header, local: { sealed } };
  const known = {
    isSelf: (node: NodeId) => node === DESK,
    isRemoved: (node: NodeId) => isRemoved && node === DESK,
  };
  return keyWanted(message, () => 'Ana', known)?.sentence;
}

test('a message without a key names the computer that must be on: another one of the person, else the talker’s', () => {
  assert.equal(asked({}), 'Your other computer has to be on once to hand over the key.');
  assert.equal(asked({ isRemoved: true }), 'The computer of Ana has to be on once to hand over the key.');
  assert.equal(asked({ sealed: false }), undefined);
});
