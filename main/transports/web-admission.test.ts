import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { SESSION_LIFETIME_MS, TOKEN_LIFETIME_MS, WebAdmission } from './web-admission.ts';
import { TestWebPanel } from './test-web-panel.ts';

describe('tokens and sessions', () => {
  it('takes a token once, and never as a session', () => {
    const admission = new WebAdmission({ now: () => 0 });
    const token = admission.newToken();
    const session = admission.redeem(token);
    assert.ok(session !== undefined && admission.admits(session));
    assert.equal(admission.redeem(token), undefined);
    assert.equal(admission.admits(token), false);
  });

  it('refuses a token that nobody used within an hour', () => {
    let now = 0;
    const admission = new WebAdmission({ now: () => now });
    const [inTime, late] = [admission.newToken(), admission.newToken()];
    now = TOKEN_LIFETIME_MS;
    assert.notEqual(admission.redeem(inTime), undefined);
    now += 1;
    assert.equal(admission.redeem(late), undefined);
  });

  it('lets a session live while it is used, and ends it a day after', () => {
    let now = 0;
    const admission = new WebAdmission({ now: () => now });
    const session = admission.redeem(admission.newToken()) ?? '';
    for (let day = 0; day < 3; day++) {
      now += SESSION_LIFETIME_MS - 1;
      assert.equal(admission.admits(session), true);
    }
    now += SESSION_LIFETIME_MS + 1;
    assert.equal(admission.admits(session), false);
  });

  it('forgets the oldest address when more than eight are unused', () => {
    const admission = new WebAdmission({ now: () => 0 });
    const tokens = Array.from({ length: 9 }, () => admission.newToken());
    assert.deepEqual(
      tokens.map((token) => admission.redeem(token) !== undefined),
      [false, ...Array.from({ length: 8 }, () => true)],
    );
  });
});

describe('who the browser panel lets in', () => {
  it('exchanges a token once, and nothing that is no token', async (t) => {
    const web = await TestWebPanel.serve(t);
    const token = web.newToken();
    assert.equal((await web.redeem(token)).status, 200);
    assert.equal((await web.redeem(token)).status, 401);
    for (const wrong of ['', 'A'.repeat(32), null, { $ne: '' }, ['x']]) {
      assert.equal((await web.redeem(wrong)).status, 401, JSON.stringify(wrong));
    }
    assert.equal((await web.redeem('x'.repeat(5000))).status, 401);
    assert.equal((await web.ask('/session', { method: 'POST', body: 'token=1' })).status, 405);
    assert.equal((await web.ask('/session')).status, 401);
  });

  it('opens a WebSocket for a session, and for nobody else', async (t) => {
    const web = await TestWebPanel.serve(t);
    const session = await web.newSession();
    assert.equal(await web.refusal(['corridor', session]), 101);
    assert.equal(await web.refusal(['corridor', web.newToken()]), 401);
    assert.equal(await web.refusal(['corridor']), 401);
    assert.equal(await web.refusal([session]), 401);
    assert.equal(await web.refusal(['corridor', session], { path: '/' }), 404);
    // A program that is no browser sends no origin: it has the local socket.
    assert.equal(await web.refusal(['corridor', session], { origin: '' }), 401);
    const { status } = await web.ask('/session', { headers: { Authorization: `Bearer ${session}` } });
    assert.equal(status, 204);
  });

  it('refuses pages of another origin', async (t) => {
    const web = await TestWebPanel.serve(t);
    const session = await web.newSession();
    const origins = ['http://evil.example', `https://127.0.0.1:${web.port}`, 'http://127.0.0.1:1', 'null'];
    for (const origin of [...origins, `http://localhost:${web.port}`]) {
      assert.equal(await web.refusal(['corridor', session], { origin }), 403, origin);
      assert.equal((await web.redeem(web.newToken(), { Origin: origin })).status, 403, origin);
    }
  });

  it('refuses foreign names that were made to point here (DNS rebinding)', async (t) => {
    const web = await TestWebPanel.serve(t);
    const session = await web.newSession();
    for (const host of ['evil.example', `evil.example:${web.port}`, '127.0.0.1.evil.example', '10.0.0.1']) {
      assert.equal((await web.ask('/', { headers: { Host: host } })).status, 403, host);
      const dialled = { host, origin: `http://${host}` };
      assert.equal(await web.refusal(['corridor', session], dialled), 403, host);
    }
  });

  it('answers by every name of this computer, and through a tunnel whose end has another port', async (t) => {
    const web = await TestWebPanel.serve(t);
    const session = await web.newSession();
    for (const host of [`localhost:${web.port}`, '[::1]:8080', '127.0.0.1:8080']) {
      assert.equal((await web.ask('/', { headers: { Host: host } })).status, 200, host);
      assert.equal(await web.refusal(['corridor', session], { host, origin: `http://${host}` }), 101, host);
    }
  });
});
