import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { heardShare } from '../support/correlate.ts';
import { EchoingCall, loudestDb } from '../support/echoing-call.ts';
import { missingPulse } from '../support/pulse.ts';
import { syntheticVoice } from '../support/synthetic-voice.ts';
import { tempFolder } from '../support/temp-folder.ts';

const skip = missingPulse() ?? false;
const ANN = syntheticVoice(1, 8);
const BO = syntheticVoice(2, 8);
/** What a busy machine's virtual devices leave of a voice; another voice gives next to nothing. */
const HEARD = 0.4;
const NOT_HEARD = 0.25;

describe('a call in which Bo’s microphone hears his loudspeaker', { skip, timeout: 300_000 }, () => {
  const dir = tempFolder('call-echo');
  let call: EchoingCall;
  before(async () => {
    call = await EchoingCall.start(dir);
    await call.begin();
  });
  after(() => call?.stop());

  /** How much softer than she speaks Ann hears herself. */
  const returnLoss = async () => {
    const { atAnn, atBo } = await call.hear({ ann: ANN });
    assert.ok(heardShare(ANN, atBo) > HEARD, 'Bo hears her');
    return loudestDb(ANN) - loudestDb(atAnn);
  };

  it('brings Ann’s voice back to her where he switched echo cancelling off', async () => {
    await call.bo.api.call('setSettings', { echoCancelling: false });
    const lossDb = await returnLoss();
    assert.ok(lossDb < 15, `${lossDb} dB`);
  });

  it('has her voice come back at least 20 dB softer once his computer knows the room', async () => {
    await call.bo.api.call('setSettings', { echoCancelling: true });
    await call.hear({ ann: ANN });
    const lossDb = await returnLoss();
    assert.ok(lossDb >= 20, `${lossDb} dB`);
  });

  it('carries both voices where both speak at once, and none back', async () => {
    const { atAnn, atBo } = await call.hear({ ann: ANN, bo: BO });
    const shares = {
      bosVoiceAtAnn: heardShare(BO, atAnn),
      annsVoiceAtBo: heardShare(ANN, atBo),
      annsOwn: heardShare(ANN, atAnn),
    };
    const said = JSON.stringify(shares);
    assert.ok(shares.bosVoiceAtAnn > HEARD && shares.annsVoiceAtBo > HEARD, said);
    assert.ok(shares.annsOwn < NOT_HEARD, said);
  });

  it('carries a voice whose noise is suppressed, too', async () => {
    await call.bo.api.call('setSettings', { noiseSuppression: true });
    const { atAnn } = await call.hear({ ann: ANN, bo: BO });
    const share = heardShare(BO, atAnn);
    assert.ok(share > HEARD, `${share}`);
    const { troubles } = await call.bo.api.call('status');
    assert.deepEqual(
      troubles.filter(({ code }) => code.startsWith('call-')),
      [],
    );
  });
});
