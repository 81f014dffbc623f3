import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { heardShare } from '../support/correlate.ts';
import { EchoingCall } from '../support/echoing-call.ts';
import { missingPulse } from '../support/pulse.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { softerDb, voiceAt } from '../support/two-pitches.ts';

const skip = missingPulse() ?? false;
const ANN = voiceAt('low', 6);
const BO = voiceAt('high', 6);
/** What a busy machine's virtual devices leave of a voice. */
const HEARD = 0.4;
/** How much softer than Bo Ann hears herself where both speak, dB: his microphone hears her 10 dB softer than him. */
const MUCH_SOFTER_DB = 15;

describe('a call in which Bo’s microphone hears his loudspeaker', { skip, timeout: 300_000 }, () => {
  const dir = tempFolder('call-echo');
  let call: EchoingCall;
  before(async () => {
    call = await EchoingCall.start(dir);
    await call.begin();
  });
  after(() => call?.stop());

  /** How much softer than she speaks Ann hears herself. */
  const returnLoss = async ({ comesBack = false } = {}) => {
    const { atAnn, atBo } = await call.hear({ ann: ANN, comesBack });
    assert.ok(heardShare(ANN, atBo) > HEARD, 'Bo hears her');
    return softerDb('low', ANN, atAnn);
  };

  it('brings Ann’s voice back to her where he switched echo cancelling off', async () => {
    await call.bo.api.call('setSettings', { echoCancelling: false });
    const lossDb = await returnLoss({ comesBack: true });
    assert.ok(lossDb < 15, `${lossDb} dB`);
  });

  it('has her voice come back at least 20 dB softer once his computer knows the room', async () => {
    await call.bo.api.call('setSettings', { echoCancelling: true });
    await call.hear({ ann: ANN });
    const lossDb = await returnLoss();
    assert.ok(lossDb >= 20, `${lossDb} dB`);
  });

  it('carries both voices where both speak at once, and hers back to her at least 15 dB softer than his', async () => {
    const { atAnn, atBo } = await call.hear({ ann: ANN, bo: BO });
    const heard = {
      boAtAnn: heardShare(BO, atAnn),
      annAtBo: heardShare(ANN, atBo),
      boSofterDb: softerDb('high', BO, atAnn),
      annsOwnSofterDb: softerDb('low', ANN, atAnn),
    };
    const said = JSON.stringify(heard);
    assert.ok(heard.boAtAnn > HEARD && heard.annAtBo > HEARD, said);
    assert.ok(heard.annsOwnSofterDb - heard.boSofterDb >= MUCH_SOFTER_DB, said);
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
