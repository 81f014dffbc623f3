import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { Divert, KnownNode, NodeId } from '../model/index.ts';

import { assertMerges } from '../../test/support/merging.ts';
import { followDiverts, latestDivert } from './index.ts';

const id = (name: string): NodeId => name as NodeId;

function record(node: string, person = node): KnownNode {
  return {
    ...{ v: 1, node: id(node), person: id(person), revision: 1, name: person, extension: '204' },
    ...{ presence: 'available', signingKey: '', hpkeKey: '' },
    endpoints: { address: '127.0.0.1', control: 1, beat: 2, media: 3 },
  };
}

/** Bo has two computers. Ann talks. */
const office = ['ann', 'bo', 'kim', 'lea'].map((name) => record(name)).concat(record('bo-2', 'bo'));

/** The people whom Ann reaches when she talks to these, while people divert as the table says. */
function reached(people: readonly string[], diverts: Readonly<Record<string, string>>): string {
  const nodesOf = (person: NodeId): KnownNode[] => office.filter((one) => one.person === person);
  const { nodes, diverted } = followDiverts(people.map(id).flatMap(nodesOf), {
    self: id('ann'),
    nodesOf,
    divertOf: (person) => diverts[person] as NodeId | undefined,
  });
  const told = diverted.map(({ meant, reached }) => `${meant}>${reached}`);
  return [...nodes.map(({ node }) => node), ...told].join(' ');
}

describe('a divert', () => {
  it('leads to the computers of the person it names, and says who was meant', () => {
    assert.equal(reached(['bo'], { bo: 'kim' }), 'kim bo>kim');
    assert.equal(reached(['kim'], { kim: 'bo' }), 'bo bo-2 kim>bo');
    assert.equal(reached(['bo', 'lea'], { bo: 'kim' }), 'kim lea bo>kim');
  });

  it('is followed by one hop: the divert of its target is ignored', () => {
    assert.equal(reached(['bo'], { bo: 'kim', kim: 'lea' }), 'kim bo>kim');
  });

  it('reaches a stand-in once who is also a recipient themself', () => {
    assert.equal(reached(['bo', 'kim'], { bo: 'kim' }), 'kim bo>kim');
    assert.equal(reached(['bo', 'lea'], { bo: 'kim', lea: 'kim' }), 'kim bo>kim lea>kim');
  });

  it('is ignored if it names nobody who could get the message', () => {
    assert.equal(reached(['bo'], {}), 'bo bo-2');
    assert.equal(reached(['bo'], { bo: 'bo' }), 'bo bo-2', 'oneself');
    assert.equal(reached(['bo'], { bo: 'ann' }), 'bo bo-2', 'the talker');
    assert.equal(reached(['bo'], { bo: 'gone' }), 'bo bo-2', 'somebody who is not in the office');
    assert.equal(reached(['bo'], { bo: 'kim', kim: 'bo' }), 'bo bo-2', 'a loop');
    assert.equal(reached(['ann'], { ann: 'kim' }), 'ann', 'another computer of the talker');
  });
});

describe('the diverts that several computers of one person announce', () => {
  const kim: Divert = { to: id('kim'), at: 5 };

  it('the latest one counts, also if it ends the divert', () => {
    assert.deepEqual(latestDivert([kim, undefined, { to: null, at: 4 }]), kim);
    assert.deepEqual(latestDivert([kim, { to: null, at: 6 }]), { to: null, at: 6 });
    assert.equal(latestDivert([undefined, undefined]), undefined);
  });

  it('of two with the same time every node picks the same: an end before a person, else the lower id', () => {
    const [end, bo] = [
      { to: null, at: 5 },
      { to: id('bo'), at: 5 },
    ];
    for (const said of [
      [kim, end, bo],
      [bo, kim, end],
      [end, bo, kim],
    ])
      assert.deepEqual(latestDivert(said), end);
    assert.deepEqual(latestDivert([kim, bo]), latestDivert([bo, kim]));
  });
});

it('of all that a person’s computers say is the same in any order', () => {
  const to = fc.constantFrom(null, ...['kim', 'lea', 'bo'].map(id));
  assertMerges<{ said: Divert | undefined }, Divert>({
    words: fc.array(fc.record({ to, at: fc.nat(3) }, { noNullPrototype: true }), { maxLength: 6 }),
    empty: () => ({ said: undefined }),
    hear: (state, word) => void (state.said = latestDivert([state.said, word])),
    told: ({ said }) => (said ? [said] : []),
    shown: ({ said }) => said,
  });
});
