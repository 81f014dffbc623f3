import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_PARTY, type CallId, type KnownNode, type NodeId } from '../model/index.ts';
import type { ShownCall } from './call.ts';
import { CallReach } from './call-reach.ts';
import { CallRules } from './call-rules.ts';

const SELF = 'self' as NodeId;
const call = (id: string, person: string): ShownCall => ({
  ...{
    id: id as CallId,
    person: person as NodeId,
    direction: 'out',
    isIncoming: false,
    state: 'active',
    reason: null,
    since: 0,
  },
  ...{
    isMuted: false,
    isHeld: false,
    isHeldByThem: false,
    meant: null,
    party: null,
    pickedUpBy: null,
    alsoIn: [],
  },
  ...{ transfer: null, transferredTo: null },
});

/** This person talks with Bo in call 1. Each colleague has one computer, with the capabilities given here. */
function rules(knows: Record<string, Pick<KnownNode, 'calls' | 'refers' | 'parties'>>, size = 2) {
  const reach = new CallReach({
    ...{ self: SELF, online: Object.keys(knows) as NodeId[], personOf: (node) => node },
    // Of a record the rules read these fields alone.
    knownNodesOf: (person) =>
      knows[person] ? [{ node: person, person, name: person, ...knows[person] } as unknown as KnownNode] : [],
    ...{
      isMember: () => true,
      groupColleagues: () => [],
      isGroupColleague: () => false,
      isInPlaceOf: () => false,
      mediaAddressOf: () => undefined,
    },
    sendCall: () => undefined,
  });
  const machine = {
    shown: () => [call('1', 'bo')],
    sizeOf: () => size,
    peersOf: () => ['bo' as NodeId],
  };
  return new CallRules(machine, reach);
}
const [ONE, CY] = ['1' as CallId, 'cy' as NodeId];
const NEW = { calls: true, refers: true, parties: true } as const;
const BEFORE = { calls: true } as const;

describe('a colleague whose Corridor is of the version before', () => {
  it('is not transferred; a target with an old computer is another refusal', () => {
    assert.throws(() => rules({ bo: BEFORE, cy: NEW }).consultation(ONE, CY), {
      ...{ code: 'call-cannot-transfer', phrase: { code: 'call-cannot-transfer', details: { name: 'bo' } } },
    });
    assert.equal(rules({ bo: NEW, cy: BEFORE }).consultation(ONE, CY), undefined);
  });

  it('cannot be in a call of several, neither by being called into one nor by being in the call already', () => {
    for (const [knows, name] of [
      [{ bo: BEFORE, cy: NEW }, 'bo'],
      [{ bo: NEW, cy: BEFORE }, 'cy'],
    ] as const)
      assert.throws(() => rules(knows).toAdd(ONE, CY), {
        ...{ code: 'call-cannot-join', phrase: { code: 'call-cannot-join', details: { name } } },
      });
    assert.deepEqual(
      rules({ bo: NEW, cy: NEW })
        .toAdd(ONE, CY)
        .map(({ node }) => node),
      [CY],
    );
  });
});

it('a call takes six people', () => {
  const knows = { bo: NEW, cy: NEW };
  assert.equal(rules(knows, MAX_PARTY - 1).toAdd(ONE, CY).length, 1);
  assert.throws(() => rules(knows, MAX_PARTY).toAdd(ONE, CY), { code: 'call-is-full' });
});
