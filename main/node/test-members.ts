import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { SimulatedDisk } from '../../test/support/simulated-disk.ts';
import { Directory } from '../directory/index.ts';
import {
  foundOffice,
  Ledger,
  loadOrCreateIdentity,
  restore,
  signCard,
  signRule,
  type Identity,
} from '../identity/index.ts';
import { Emitter, nodePorts, toBase64url, type Signed } from '../model/index.ts';
import type { OfficeSession } from '../office/index.ts';
import { OfficeKeeper } from './office-keeper.ts';

const FOLDER = '/profile';

export async function newIdentity(name: string): Promise<Identity> {
  return loadOrCreateIdentity(`/${name}`, () => undefined, { ...nodePorts, disk: new SimulatedDisk() });
}

/** What a computer says of itself: its person's name. */
export function recordOf(identity: Identity, name: string): Signed {
  return identity.sign({
    ...{ v: 1, node: identity.nodeId, revision: 1, name, presence: 'available' },
    signingKey: toBase64url(identity.signingKeySpki),
    hpkeKey: toBase64url(identity.hpkePublicKey),
    endpoints: { address: '10.0.0.9', control: 1000, beat: 2000, media: 3000 },
  });
}

/** A ledger of its own with the same statements. */
export function copyOf({ statements: [charter, ...rest] }: Ledger): Ledger {
  const copy = new Ledger(charter!);
  restore(copy, rest);
  return copy;
}

/** Ana founded the office and has 101, Bo has 103; the ledger and the directory are Dana’s, who has `number`, null: none. */
export async function membersOfTest(t: TestContext, number: string | null = '102') {
  const [ana, bo, dana] = [await newIdentity('ana'), await newIdentity('bo'), await newIdentity('dana')];
  const { ledger } = foundOffice(ana, { name: 'Nord', admit: 'members' }, nodePorts.random.bytes(16));
  for (const who of [bo, dana])
    ledger.add(signRule(ana, ledger, 'admit', { card: signCard(who), person: who.nodeId }));
  ledger.add(signRule(ana, ledger, 'number', { person: ana.nodeId, extension: '101' }));
  ledger.add(signRule(ana, ledger, 'number', { person: bo.nodeId, extension: '103' }));
  if (number !== null)
    ledger.add(signRule(ana, ledger, 'number', { person: dana.nodeId, extension: number }));
  const [disk, log]: [SimulatedDisk, string[]] = [new SimulatedDisk(), []];
  await disk.makeFolder(FOLDER);
  const ports = { ...nodePorts, disk };
  const keeper = new OfficeKeeper({
    ...{ folder: FOLDER, identity: dana, ports, log: (line) => void log.push(line) },
  });
  const office = await keeper.begin(copyOf(ledger));
  t.after(() => office.ledger.close());
  const directory = new Directory();
  directory.use(office.ledger);
  directory.merge([recordOf(ana, 'Ana'), recordOf(bo, 'Bo')]);
  const events: OfficeSession['events'] = new Emitter((error) => assert.fail(String(error)));
  office.ledger.events.on('standing', () => events.emit('changed', undefined));
  const changed = (): void => events.emit('changed', undefined);
  let exchange = 0;
  /** Ana’s computer signs it and sends it. */
  const anaSigns = async (...[type, fields]: SignedBy): Promise<void> => {
    const signed = signRule(ana, office.ledger.plain, type, fields);
    await office.ledger.take([signed], ana.nodeId, ++exchange);
  };
  return { ana, bo, dana, office, directory, events, changed, anaSigns, disk, ports, log };
}

type SignedBy =
  Parameters<typeof signRule> extends [unknown, unknown, infer T, infer F, ...unknown[]] ? [T, F] : never;
