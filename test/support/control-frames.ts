import { createECDH } from 'node:crypto';
import type { OfficeId } from '../../main/identity/index.ts';
import { newMessageId, toBase64url, type NodeId, type StatementId } from '../../main/model/index.ts';
import type { ControlMessage, ControlMessageType } from '../../main/signalling/index.ts';

const signed = { payload: '{"v":1}', signature: 'A'.repeat(86) };
const id = newMessageId();
const node = `${'B'.repeat(21)}A` as NodeId;
const place = { address: '10.0.0.9', port: 9 };
/** A point of P-256. */
const key = toBase64url(createECDH('prime256v1').generateKeys());

/** One frame of each type, with all its optional fields. The type demands one for each. */
export const CONTROL_FRAMES: { readonly [T in ControlMessageType]: Extract<ControlMessage, { type: T }> } = {
  hello: { type: 'hello', record: signed, version: '0.1.0', protocol: { min: 1, max: 2 }, visit: true },
  roster: { type: 'roster', entries: [{ record: signed, online: true }], full: true, nodes: [node] },
  'roster-wanted': { type: 'roster-wanted' },
  record: { type: 'record', record: signed },
  announce: { type: 'announce', header: signed },
  sheet: { type: 'sheet', sheet: '{}' },
  'sheet-wanted': { type: 'sheet-wanted', id },
  hashes: { type: 'hashes', hashes: signed },
  manifest: { type: 'manifest', manifest: signed },
  fetch: { type: 'fetch', id, from: 0, to: 60_000, follow: true },
  'fetch-stop': { type: 'fetch-stop', id },
  'fetch-end': { type: 'fetch-end', id, upTo: 12, complete: false, reason: 'not-held' },
  'holders-wanted': { type: 'holders-wanted', id },
  holders: { type: 'holders', id, nodes: [node] },
  receipt: { type: 'receipt', receipt: signed },
  inbox: { type: 'inbox', since: 1_700_000_000_000 },
  refuse: { type: 'refuse', code: 'no-room', text: 'The disk is full.', re: id },
  bye: { type: 'bye', reason: 'hand-over', successor: node },
  keep: { type: 'keep', header: signed, manifest: signed },
  prove: { type: 'prove', id, nonce: 'Q'.repeat(22) },
  proof: { type: 'proof', id, nonce: 'Q'.repeat(22), proof: 'E'.repeat(43) },
  progress: { type: 'progress', id, node, state: 'notified', isQueued: true, listensTo: node },
  numbers: { type: 'numbers', numbers: [{ id, number: '4821' }] },
  seat: { type: 'seat', n: 3, canPlay: true },
  'history-wanted': { type: 'history-wanted' },
  history: { type: 'history', ids: [id], more: false },
  'older-wanted': { type: 'older-wanted', id },
  older: { type: 'older', id, found: { header: signed, manifest: signed, grant: signed } },
  'calls-seen': { type: 'calls-seen', calls: [{ person: node, agoMs: 5000 }] },
  ledger: { type: 'ledger', digest: 'A'.repeat(43) },
  have: { type: 'have', ids: ['A'.repeat(43) as StatementId], more: true },
  statements: { type: 'statements', statements: [signed], more: true },
  invitations: { type: 'invitations', records: [signed] },
  ask: { type: 'ask', tag: 'AAAAAA', card: signed },
  go: { type: 'go', place },
  begin: { type: 'begin', tag: 'AAAAAA', card: signed, commit: 'A'.repeat(43) },
  nonce: { type: 'nonce', card: signed, nonce: 'A'.repeat(22) },
  reveal: { type: 'reveal', nonce: 'A'.repeat(22) },
  agree: { type: 'agree' },
  redeem: { type: 'redeem', card: signed, key, extension: '102', proof: 'A'.repeat(86) },
  welcome: { type: 'welcome', statements: [signed], invitation: signed, isLast: true },
  refused: { type: 'refused', why: 'over', addresses: [place] },
  asked: { type: 'asked', told: signed },
  answered: { type: 'answered', answer: signed },
  move: { type: 'move', link: 'corridor://join/x', without: [node] },
  'move-heard': { type: 'move-heard', office: 'A'.repeat(22) as OfficeId, isAsked: true },
};
