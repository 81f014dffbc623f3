import assert from 'node:assert/strict';
import { it } from 'node:test';
import { toBase64url } from '../model/index.ts';
import { newIdentity } from './test-network.ts';
import { openSession } from './test-session.ts';

it('knows the signing key of a colleague who is away and whose record it lost, by the card in the ledger', async (t) => {
  const [bo, stranger] = [await newIdentity(t), await newIdentity(t)];
  const { session } = await openSession(t, { colleagues: [bo] });
  t.after(() => session.close());
  assert.equal(session.roster.directory.get(bo.nodeId), undefined);
  assert.equal(session.peers.signingKeyOf(bo.nodeId), toBase64url(bo.signingKeySpki));
  assert.equal(session.peers.signingKeyOf(stranger.nodeId), undefined);
});
