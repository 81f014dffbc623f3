import { createECDH, createHash, createPrivateKey, type KeyObject } from 'node:crypto';
import {
  createCertificate,
  IDENTITY_FILE,
  foundOffice,
  saveOffice,
  signCard,
  signRule,
  type Identity,
} from '../../main/identity/index.ts';
import { FIRST_EXTENSION, nodePorts, type Ports } from '../../main/model/index.ts';
import { OfficeKeeper } from '../../main/node/office-keeper.ts';
import { closeProfileFolder, openProfileFolder } from '../../main/node/profile-folder.ts';
import { cryptoInUse } from './quick-crypto.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { SimulatedDisk } from '../support/simulated-disk.ts';

export const FOLDER = '/profile';

/** Whose computer it is, where its person has another one: of five computers the last is the second one of a person. */
const OWNED_BY: Readonly<Record<number, number>> = { 4: 1 };

/** The disks of an office's computers as they are when it was founded, everybody let in, and everything closed in good order. */
const founded = new Map<string, Promise<readonly SimulatedDisk[]>>();

/** Fresh copies of them. Who is in the office, and their keys, are the same in each run. */
export async function officeDisks(computers: number): Promise<SimulatedDisk[]> {
  const name = `${cryptoInUse()} ${computers}`;
  const known = founded.get(name) ?? found(computers);
  founded.set(name, known);
  return (await known).map((disk) => disk.afterPowerFailure('kept'));
}

async function found(computers: number): Promise<readonly SimulatedDisk[]> {
  const made = [];
  for (let index = 0; index < computers; index += 1) made.push(await profileOf(index));
  const [founder] = made;
  if (!founder) throw new Error('an office has a computer');
  const secret = createHash('sha256').update('recovery').digest().subarray(0, 16);
  const { ledger } = foundOffice(founder.identity, { name: 'Nord', admit: 'members' }, secret);
  for (const [index, { identity }] of made.entries()) {
    const owner = made[OWNED_BY[index] ?? index] ?? founder;
    const person = owner.identity.nodeId;
    // Its person lets in a further computer.
    const by = owner.identity === identity ? founder.identity : owner.identity;
    if (index > 0) ledger.add(signRule(by, ledger, 'admit', { card: signCard(identity), person }));
    const number = { person, extension: String(FIRST_EXTENSION + index) };
    if (owner.identity === identity) ledger.add(signRule(founder.identity, ledger, 'number', number));
  }
  for (const { identity, ports } of made) {
    const keeper = new OfficeKeeper({ folder: FOLDER, identity, ports, log: () => undefined });
    const office = await keeper.begin(ledger);
    await office.ledger.close();
    await saveOffice(FOLDER, ledger.office, undefined, ports);
  }
  return made.map(({ disk }) => disk);
}

async function profileOf(index: number): Promise<{ identity: Identity; ports: Ports; disk: SimulatedDisk }> {
  const disk = new SimulatedDisk();
  const random = seededRandom(index);
  const bytes = (count: number): Buffer => Buffer.from(Array.from({ length: count }, () => random() * 256));
  const ports: Ports = {
    ...{ disk, random: { bytes, fraction: random }, clock: nodePorts.clock },
    schedule: () => () => undefined,
  };
  const [signingKey, hpkeKey] = [keyOf(`signing ${index}`), keyOf(`hpke ${index}`)];
  const keys = { signingKey: toPem(signingKey), hpkeKey: toPem(hpkeKey) };
  const identity = { version: 2, ...keys, certificate: createCertificate(signingKey), former: [] };
  await disk.makeFolder(FOLDER);
  await disk.syncFolder('/');
  const file = await disk.open(`${FOLDER}/${IDENTITY_FILE}`, 'wx');
  const text = Buffer.from(JSON.stringify(identity));
  await file.write(text, 0, text.length, 0);
  await file.sync();
  await disk.syncFolder(FOLDER);
  const folder = await openProfileFolder(FOLDER, () => undefined, ports);
  await folder.profile.note({ name: `Person ${FIRST_EXTENSION + index}` });
  await closeProfileFolder(folder);
  return { identity: folder.identity, ports, disk };
}

/** The same key for the same name. */
function keyOf(name: string): KeyObject {
  const secret = createHash('sha256').update(`a key of the simulation: ${name}`).digest();
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(secret);
  const point = pair.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const jwk = { kty: 'EC', crv: 'P-256', d: secret.toString('base64url'), x, y };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

function toPem(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
