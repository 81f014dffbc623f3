import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HandTime } from '../../test/support/hand-time.ts';
import type { CallView } from '../calls/index.ts';
import { BUDGETS, newCallId, nodePorts, type KnownNode, type NodeId } from '../model/index.ts';
import { Introductions, type PutThrough } from './introductions.ts';

const [ANA, BO, KIM] = ['ana', 'bo', 'kim'] as NodeId[] as [NodeId, NodeId, NodeId];

/** Kim’s computer, in an office of Ana, Bo and Kim, who have one computer each. */
function kims(knows: Partial<KnownNode> = { hearsPutThroughs: true }) {
  const time = new HandTime();
  const sent: { readonly to: NodeId; readonly word: unknown }[] = [];
  const introductions = new Introductions({
    ...{ clock: time, schedule: time.schedule },
    peers: {
      personOf: (node) => ([ANA, BO, KIM].includes(node) ? node : undefined),
      knownNodesOf: (person) => [{ node: person, ...knows } as KnownNode],
      sendCall: (to, word) => void sent.push({ to, word }),
    },
  });
  let changes = 0;
  introductions.events.on('changed', () => (changes += 1));
  return { introductions, time, sent, changes: () => changes };
}

const id = newCallId(nodePorts.random);
const word: PutThrough = { v: 1, say: 'put-through', call: id, caller: BO };
/** Bo calls. */
const rings = (more: Partial<CallView> = {}): CallView =>
  ({ id, person: BO, isIncoming: true, ...more }) as CallView;

test('who puts a caller through is known by their own word, said once or often, of that call and caller alone', () => {
  const { introductions, changes } = kims();
  assert.equal(introductions.byOf(rings()), null);
  for (let n = 0; n < 4; n += 1) introductions.hear(word, ANA);
  assert.equal(changes(), 1);
  assert.equal(introductions.byOf(rings()), ANA);
  assert.equal(introductions.byOf(rings({ person: ANA })), null, 'another caller');
  assert.equal(introductions.byOf(rings({ id: newCallId(nodePorts.random) })), null, 'another call');
  assert.equal(introductions.byOf(rings({ isIncoming: false })), null, 'they talk');
});

test('nobody introduces themself, nor does a computer that is no member’s', () => {
  const { introductions } = kims();
  introductions.hear(word, BO);
  introductions.hear(word, 'stranger' as NodeId);
  assert.equal(introductions.byOf(rings()), null);
});

test('it is said four times, to computers that know what it is', () => {
  const { introductions, time, sent } = kims();
  introductions.tell(id, BO, KIM);
  time.pass(1000);
  assert.deepEqual(
    sent,
    Array.from({ length: 4 }, () => ({ to: KIM, word })),
  );
  const before = kims({});
  before.introductions.tell(id, BO, KIM);
  before.time.pass(1000);
  assert.deepEqual(before.sent, []);
});

test('a computer that says it without end is listened to within its budget', () => {
  const { introductions } = kims();
  const over: NodeId[] = [];
  introductions.events.on('over', (node) => over.push(node));
  const { atOnce } = BUDGETS.putThroughs.perPeer;
  for (let n = 0; n <= atOnce; n += 1)
    introductions.hear({ ...word, call: newCallId(nodePorts.random) }, ANA);
  assert.deepEqual(over, [ANA]);
});
