import { release, totalmem } from 'node:os';
import { callKey } from '../identity/index.ts';
import { fromBase64url, homeFolder, redact } from '../model/index.ts';
import { healthNow } from './health-facts.ts';
import type { NodeContext } from './node-context.ts';
import { storageOf } from './storage.ts';
import { VERSION } from './version.ts';

/** Bytes in either kind of base64. Shorter runs are left to `redact`, which knows one alphabet. */
const ENCODED = /[A-Za-z0-9+/_-]{32,}={0,2}/g;
/** The environment variables that tell which desktop this is. */
const DESKTOP = ['XDG_SESSION_TYPE', 'XDG_CURRENT_DESKTOP', 'WAYLAND_DISPLAY', 'DISPLAY', 'LANG'];

/**
 * A text about this node for a person who helps. It has no link, no key, no whole id and nothing of any message. The secrets of
 * this node are taken out wherever they may stand, and then everything that looks like a secret.
 */
export async function diagnosticsOf(node: NodeContext): Promise<string> {
  const status = node.views.status();
  const { checks, ...health } = await healthNow(node);
  const sections: readonly [string, readonly string[]][] = [
    ['Corridor', about(node)],
    [
      'Checks',
      checks.map(({ code, ok, sentence }) => `${ok ? 'ok  ' : 'FAIL'} ${code.padEnd(10)} ${sentence}`),
    ],
    ['Status', json(status)],
    ['Office', [...health.nodes.map((one) => JSON.stringify(one)), JSON.stringify(health.switch)]],
    ['Settings', json(node.profile.shown)],
    ['Storage', json(await storageOf(node))],
    ['Log', node.tail.lines()],
  ];
  const text = sections.map(([title, lines]) => `== ${title}\n${lines.join('\n')}\n`).join('\n');
  const home = homeFolder();
  const report = withoutSecrets(text, secretsOf(node));
  return home === undefined ? report : report.split(home).join('~');
}

function about({ options }: NodeContext): string[] {
  const { rss, heapUsed } = process.memoryUsage();
  const versions = ['node', 'electron', 'chrome', 'v8', 'modules'].flatMap((name) => {
    const version = process.versions[name];
    return version === undefined ? [] : [`${name} ${version}`];
  });
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  return [
    `Corridor ${VERSION}, ${new Date().toISOString()}`,
    `${process.platform} ${release()} ${process.arch}, ${megabytes(totalmem())}`,
    versions.join(', '),
    `running for ${Math.round(process.uptime())} s, ${megabytes(rss)} resident, ${megabytes(heapUsed)} of heap`,
    ...DESKTOP.flatMap((name) => (process.env[name] === undefined ? [] : [`${name}=${process.env[name]}`])),
    `interfaces ${options.interfaces?.join(' ') ?? 'chosen by itself'}`,
  ];
}

function json(value: unknown): string[] {
  return JSON.stringify(value, null, 1).split('\n');
}

/** Everything that only this node and its office may know, in each form in which it is written. */
function secretsOf({ identity, profile, session }: NodeContext): string[] {
  const texts: string[] = [];
  const raw: Uint8Array[] = [];
  for (const key of [identity.signingKey, identity.hpkeKey]) {
    const { d } = key.export({ format: 'jwk' });
    if (d !== undefined) raw.push(Buffer.from(d, 'base64'));
    raw.push(key.export({ format: 'der', type: 'pkcs8' }));
    const pem = key.export({ format: 'pem', type: 'pkcs8' }).toString();
    texts.push(pem, ...pem.split('\n').filter((line) => line !== '' && !line.startsWith('-----')));
  }
  const { recoveryCode, joiningLink, moveQuestions } = profile.settings;
  const asked = moveQuestions.map(({ link }) => link);
  const links = [
    joiningLink,
    ...asked,
    ...(session.office?.invitations.list() ?? []).map(({ link }) => link),
  ];
  for (const link of links) if (link) texts.push(link, link.replace(/^.*\//, ''));
  if (recoveryCode !== null) texts.push(recoveryCode);
  if (session.office) {
    // A computer that knows the office id can knock at the office's door.
    const officeId = fromBase64url(session.office.ledger.id);
    raw.push(officeId, callKey(officeId));
  }
  for (const bytes of raw) {
    const buffer = Buffer.from(bytes);
    const base64 = buffer.toString('base64');
    texts.push(buffer.toString('hex'), base64, base64.replace(/=+$/, ''));
    texts.push(base64.replace(/=+$/, '').replace(/\+/g, '-').replace(/\//g, '_'));
  }
  return texts;
}

/** A path of that length seldom has digits, small letters, capital letters and no dot. */
function looksEncoded(run: string): boolean {
  return /[0-9]/.test(run) && /[a-z]/.test(run) && /[A-Z]/.test(run);
}

/** Exported for its test. The longest secret first: one may contain another. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  const byLength = [...new Set(secrets)].sort((a, b) => b.length - a.length);
  const without = byLength.reduce((rest, secret) => rest.split(secret).join('…'), text);
  return redact(without.replace(ENCODED, (run) => (looksEncoded(run) ? '…' : run)));
}
