import { createPublicKey, randomBytes, sign, type KeyObject } from 'node:crypto';

/** DER tags (X.690 §8) of the few types that this certificate is made of. */
const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OBJECT_IDENTIFIER = 0x06;
const UTF8_STRING = 0x0c;
const GENERALIZED_TIME = 0x18;
const UTC_TIME = 0x17;
const SEQUENCE = 0x30;
const SET = 0x31;
const EXPLICIT_VERSION = 0xa0;

/** 1.2.840.10045.4.3.2, ecdsa-with-SHA256 (RFC 5758 §3.2), and 2.5.4.3, commonName. */
const ECDSA_WITH_SHA256 = Buffer.from('2a8648ce3d040302', 'hex');
const COMMON_NAME = Buffer.from('550403', 'hex');

const NOT_BEFORE = '200101000000Z';
/** "No well-defined expiration date", RFC 5280 §4.1.2.5. Peers are pinned by key; a clock must not lock anyone out. */
const NOT_AFTER = '99991231235959Z';

/**
 * A self-signed X.509 certificate (PEM, RFC 5280) that carries a P-256 signing key into TLS and names nobody.
 * Written out here because its form never varies; the library for it (@peculiar/x509 2.2) brings 350 kB and wants a
 * global Reflect polyfill before it loads at all.
 */
export function createCertificate(signingKey: KeyObject): string {
  const spki = createPublicKey(signingKey).export({ type: 'spki', format: 'der' });
  const algorithm = der(SEQUENCE, der(OBJECT_IDENTIFIER, ECDSA_WITH_SHA256));
  const attribute = der(
    SEQUENCE,
    der(OBJECT_IDENTIFIER, COMMON_NAME),
    der(UTF8_STRING, Buffer.from('corridor')),
  );
  const name = der(SEQUENCE, der(SET, attribute));
  const signedPart = der(
    SEQUENCE,
    der(EXPLICIT_VERSION, der(INTEGER, Buffer.from([2]))),
    der(INTEGER, positiveSerial()),
    algorithm,
    name,
    der(SEQUENCE, der(UTC_TIME, Buffer.from(NOT_BEFORE)), der(GENERALIZED_TIME, Buffer.from(NOT_AFTER))),
    name,
    spki,
  );
  const signature = sign('sha256', signedPart, signingKey);
  const certificate = der(SEQUENCE, signedPart, algorithm, der(BIT_STRING, Buffer.from([0]), signature));
  return toPem(certificate);
}

/** 120 random bits after a byte that keeps the number positive and in its shortest form (RFC 5280 §4.1.2.2). */
function positiveSerial(): Buffer {
  return Buffer.concat([Buffer.from([1]), randomBytes(15)]);
}

/** One value: tag, length in its shortest form, content. */
function der(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content);
  const { length } = body;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
}

function toPem(certificate: Buffer): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
