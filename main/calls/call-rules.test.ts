import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_PARTY, type CallId, type KnownNode, type NodeId } from '../model/index.ts';
import type { CallView } from './call.ts';
import { CallReach } from './call-reach.ts';
import { CallRules } from './call-rules.ts';

const SELF = 'self' as NodeId;
const call = (id: string, person: string, more: Partial<CallView> = {}): CallView => ({
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
    isAutomatic: false,
    recording: null,
    isRecordedByThem: false,
    meant: null,
    party: null,
    pickedUpBy: null,
    alsoIn: [],
  },
  ...{ transfer: null, transferredTo: null, ...more },
});

type Knows = Record<string, Pick<KnownNode, 'calls' | 'refers' | 'parties' | 'tellsOfRecording'>>;

/**
 * This person talks with Bo in call 1, and with the people in `also`. Each colleague has one computer, with the capabilities given here.
 */
function rules(knows: Knows, size = 2, shown: Partial<CallView> = {}, also: readonly string[] = []) {
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
    shown: () => [call('1', 'bo', shown)],
    sizeOf: () => size,
    peersOf: () => ['bo', ...also] as NodeId[],
  };
  return new CallRules(machine, reach);
}
const [ONE, CY] = ['1' as CallId, 'cy' as NodeId];
const NEW = { calls: true, refers: true, parties: true, tellsOfRecording: true } as const;
const BEFORE = { calls: true } as const;

describe('a colleague whose Corridor is of the version before', () => {
  it('is not transferred; a target with an old computer is another refusal', () => {
    assert.throws(() => rules({ bo: BEFORE, cy: NEW }).consultation(ONE, CY), {
      ...{ code: 'call-cannot-transfer', phrase: { code: 'call-cannot-transfer', details: { name: 'bo' } } },
    });
    assert.equal(rules({ bo: NEW, cy: BEFORE }).consultation(ONE, CY), undefined);
  });

  it('is not recorded, also where only one of several has it: they would not be told', () => {
    for (const [knows, also] of [
      [{ bo: { ...NEW, tellsOfRecording: undefined } }, []],
      [{ bo: BEFORE, cy: NEW }, ['cy']],
      [{ bo: NEW, cy: { ...NEW, tellsOfRecording: undefined } }, ['cy']],
    ] as const)
      assert.throws(() => rules(knows, 2, {}, also).assertRecord(ONE), {
        code: 'call-cannot-record',
      });
    rules({ bo: NEW, cy: NEW }, 3, {}, ['cy']).assertRecord(ONE);
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

it('one call is recorded at a time, and none that is held, or that there is not', () => {
  const knows = { bo: NEW };
  for (const [shown, code] of [
    [{ recording: 'on' }, 'call-is-recorded'],
    [{ recording: 'asked' }, 'call-is-recorded'],
    [{ isHeld: true }, 'call-is-held'],
    [{ state: 'ringing' }, 'no-such-call'],
  ] as const)
    assert.throws(() => rules(knows, 2, shown).assertRecord(ONE), { code });
});
