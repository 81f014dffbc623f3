import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { createCertificate } from '../certificate.ts';
import { computer, type Signer } from '../ledger/test-office.ts';
import { Asker } from './asking.ts';
import { Comparison } from './comparing.ts';
import {
  EXPORTED_BYTES,
  isOfficeProof,
  JOIN_EXPORTER_LABEL,
  OFFICE_ALPN,
  OFFICE_EXPORTER_LABEL,
  officeProof,
  officeTagOf,
} from './office-proof.ts';
import { bo, NOW, officeOf } from './test-joining.ts';

const [eve, newcomer] = [computer(8), computer(9)];

/** A real TLS 1.3 connection, as each of its ends sees it. */
async function linked(client: Signer, server: Signer): Promise<{ atClient: TLSSocket; atServer: TLSSocket }> {
  const own = ({ privateKey }: Signer) => ({
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    cert: createCertificate(privateKey),
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3' as const,
    ALPNProtocols: [OFFICE_ALPN],
  });
  const listener = createServer({ ...own(server), requestCert: true });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const accepted = once(listener, 'secureConnection') as Promise<[TLSSocket]>;
  const { port } = listener.address() as AddressInfo;
  const atClient = connect({ ...own(client), port, host: '127.0.0.1' });
  await once(atClient, 'secureConnect');
  const [atServer] = await accepted;
  listener.close();
  return { atClient, atServer };
}

function seenBy(socket: TLSSocket) {
  const certificate = socket.getPeerX509Certificate() ?? assert.fail('no certificate');
  return {
    exported: socket.exportKeyingMaterial(EXPORTED_BYTES, JOIN_EXPORTER_LABEL, Buffer.alloc(0)),
    peerKey: certificate.publicKey.export({ type: 'spki', format: 'der' }),
  };
}

function machines(atNewcomer: TLSSocket, atHost: TLSSocket) {
  const { ledger } = officeOf();
  const asking = { tag: officeTagOf(ledger.office), card: newcomer.card, nonce: randomBytes(16) };
  const comparing = { self: bo, card: bo.card, ledger, nonce: randomBytes(16), isExpected: () => true };
  return {
    asker: new Asker(asking, seenBy(atNewcomer), NOW),
    comparison: new Comparison(comparing, seenBy(atHost), NOW),
  };
}

function end(...sockets: readonly TLSSocket[]): void {
  for (const socket of sockets) socket.destroy();
}

void test('over a real TLS connection both screens show the same digits', async () => {
  const { atClient, atServer } = await linked(newcomer, bo);
  const { asker, comparison } = machines(atClient, atServer);
  const nonce = comparison.take(asker.first, NOW);
  assert.ok(nonce.kind === 'send', nonce.kind);
  const reveal = asker.take(nonce.frame, NOW);
  assert.ok(reveal.kind === 'send', reveal.kind);
  const shown = comparison.take(reveal.frame, NOW);
  assert.ok(shown.kind === 'compare');
  assert.equal(shown.digits, reveal.digits);
  end(atClient, atServer);
});

void test('whoever relays between two real connections is seen by both ends', async () => {
  const left = await linked(newcomer, eve);
  const right = await linked(eve, bo);
  const { asker, comparison } = machines(left.atClient, right.atServer);
  assert.deepEqual(comparison.take(asker.first, NOW), { kind: 'ended', why: 'other-keys' });
  const nonce = { type: 'nonce', card: bo.card, nonce: randomBytes(16).toString('base64url') } as const;
  assert.deepEqual(asker.take(nonce, NOW), { kind: 'ended', why: 'other-keys' });
  end(left.atClient, left.atServer, right.atClient, right.atServer);
});

void test('an office proof holds on its own real connection and on no other', async () => {
  const [one, other] = [await linked(newcomer, bo), await linked(newcomer, bo)];
  const { office } = officeOf().ledger;
  const exported = (socket: TLSSocket) =>
    socket.exportKeyingMaterial(EXPORTED_BYTES, OFFICE_EXPORTER_LABEL, Buffer.alloc(0));
  const proof = officeProof(office, exported(one.atClient), 'client');
  assert.equal(isOfficeProof(proof, office, exported(one.atServer), 'client'), true);
  assert.equal(isOfficeProof(proof, office, exported(other.atServer), 'client'), false);
  assert.equal(one.atServer.alpnProtocol, OFFICE_ALPN);
  end(one.atClient, one.atServer, other.atClient, other.atServer);
});
