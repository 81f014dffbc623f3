import assert from 'node:assert/strict';
import { hkdfSync } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import {
  createOffice,
  joinLink,
  loadOffice,
  OFFICE_FILE,
  officeKeys,
  officeTag,
  parseJoinLink,
  saveOffice,
} from './office.ts';

describe('join link', () => {
  it('carries the office key', () => {
    const { key } = createOffice();
    assert.equal(key.length, 16);
    const link = joinLink(key);
    assert.match(link, /^corridor:\/\/join\/[A-Za-z0-9_-]{27}$/);
    for (const text of [link, `  ${link}\n`, `<${link}>`, `“${link}”.`, `${link}/`]) {
      assert.deepEqual(Buffer.from(parseJoinLink(text)), Buffer.from(key), text);
    }
  });

  it('is refused with any one character mistyped, missing or doubled', () => {
    const link = joinLink(createOffice().key);
    const start = 'corridor://join/'.length;
    for (let at = start; at < link.length; at += 1) {
      const typed = link[at] === 'A' ? 'B' : 'A';
      const wrong = [
        link.slice(0, at) + typed + link.slice(at + 1),
        link.slice(0, at) + link.slice(at + 1),
        link.slice(0, at) + link[at] + link.slice(at),
      ];
      for (const text of wrong)
        assert.throws(() => parseJoinLink(text), { code: 'mistyped-join-link' }, text);
    }
  });

  it('is not mistaken for other text', () => {
    for (const text of ['', 'hello', 'https://example.org/join/abc', 'x'.repeat(100_000)]) {
      assert.throws(() => parseJoinLink(text), { code: 'not-a-join-link' });
    }
  });
});

describe('office keys', () => {
  const key = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');

  it('are derived apart from each other and from the tag', () => {
    const { officeId, controlProofKey } = officeKeys(key);
    assert.equal(officeId.length, 16);
    assert.equal(controlProofKey.length, 32);
    assert.match(officeTag(key), /^[0-9a-f]{8}$/);
    assert.notDeepEqual(Buffer.from(officeId), Buffer.from(controlProofKey).subarray(0, 16));
    assert.equal(officeTag(key), officeTag(Buffer.from(key)));
    assert.notEqual(officeTag(key), officeTag(createOffice().key));
  });

  it('never change from one version to the next', () => {
    const expected = Buffer.from(hkdfSync('sha256', key, '', 'corridor office id v1', 16));
    assert.deepEqual(Buffer.from(officeKeys(key).officeId), expected);
    assert.equal(officeTag(key), '26a5bdc5');
  });
});

describe('office file', () => {
  it('is readable by its owner only, and refused with a sentence when damaged', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'corridor-office-'));
    try {
      assert.equal(await loadOffice(dir), undefined);
      const office = createOffice();
      await saveOffice(dir, office);
      assert.deepEqual((await loadOffice(dir))?.key, office.key);
      const path = join(dir, OFFICE_FILE);
      if (process.platform !== 'win32') assert.equal((await stat(path)).mode & 0o777, 0o600);
      for (const text of ['', '{}', '{"version":1,"key":"AAAA"}', '{"version":2}']) {
        await writeFile(path, text);
        await assert.rejects(loadOffice(dir), { code: 'office-damaged' }, text);
      }
      await saveOffice(dir, createOffice());
      assert.notDeepEqual((await loadOffice(dir))?.key, office.key);
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});
