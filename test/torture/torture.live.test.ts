import { after, before, describe, it } from 'node:test';
import { whyNoLan } from '../support/lan.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { torture } from './torture.ts';
import { TorturedOffice } from './tortured-office.ts';
import { TROUBLES } from './troubles.ts';

const KINDS = Object.keys(TROUBLES);
const SEED = 1;

describe('an office of five in trouble', { skip: whyNoLan() ?? false, timeout: 280_000 }, () => {
  let office: TorturedOffice;

  before(async () => {
    office = await TorturedOffice.open(tempFolder('torture'));
  });
  after(() => office?.stop());

  it(`is one again after ${KINDS.join(', ')}, and every message is whole at all its recipients`, async (t) => {
    await torture(office, { rounds: KINDS.length, seed: SEED, kinds: KINDS }, (done) => {
      t.diagnostic(JSON.stringify(done));
    });
  });
});
