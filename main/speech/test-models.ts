import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tempFolder } from '../../test/support/temp-folder.ts';
import { forkChild } from './start-child.ts';

/** The process of sherpa-onnx, from its source. */
export const startChild = forkChild(fileURLToPath(new URL('sherpa-child.ts', import.meta.url)));

/** The metadata of a model as the last fields of its ONNX file, which may be appended to one (onnx.proto: field 14). */
export function onnxMetadata(metadata: Readonly<Record<string, string>>): Buffer {
  const field = (number: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
  return Buffer.concat(
    Object.entries(metadata).map(([key, value]) =>
      field(14, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))])),
    ),
  );
}

/** A whole ONNX file with an empty graph. */
export function onnxFile(metadata: Readonly<Record<string, string>> = {}, weights = 1000): Buffer {
  const version = Buffer.from([0x08, 0x08]);
  const graph = Buffer.concat([Buffer.from([0x3a]), varint(weights), Buffer.alloc(weights)]);
  return Buffer.concat([version, graph, onnxMetadata(metadata)]);
}

/** A folder with these files. A name that ends with `/` is a folder. */
export function modelFolder(
  files: Readonly<Record<string, string | Buffer>>,
  folder = tempFolder('model'),
): string {
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    if (name.endsWith('/')) mkdirSync(join(folder, name));
    else writeFileSync(join(folder, name), content);
  }
  return folder;
}

/**
 * A Zipformer CTC model for sherpa-onnx itself, an ONNX file of 678 bytes: a frame whose mean feature is above -5 is the token 1, other frames
 * are blank. So it hears where a sound is loud.
 */
export const LOUD_MODEL = Buffer.from(
  [
    'CAg61wQKKAoBeAoGc3RhcnRzCgRlbmRzCgRheGVzCgVzdGVwcxIBcyIFU2xpY2UKMAoBcxIBbSIKUmVkdWNlTWVhbioLCgRheGVz',
    'QAKgAQcqDwoIa2VlcGRpbXMYAaABAgoPCgFtCgF0EgJkMCIDU3ViCg8KAmQwCgFnEgFkIgNNdWwKCwoBZBIBcSIDTmVnChEKAWQK',
    'BHplcm8SAXoiA011bAoQCgF6CgNsb3cSAWwiA0FkZAomCgFxCgFkCgFsEgZsb2dpdHMiBkNvbmNhdCoLCgRheGlzGAKgAQIKLAoG',
    'bG9naXRzEglsb2dfcHJvYnMiCkxvZ1NvZnRtYXgqCwoEYXhpcxgCoAECChcKBnhfbGVucwoFdGhyZWUSAWEiA0FkZAodCgFhCgRm',
    'b3VyEg1sb2dfcHJvYnNfbGVuIgNEaXYSAWcqDwgBEAc6AQBCBnN0YXJ0cyoRCAEQBzoFgJTr3ANCBGVuZHMqDQgBEAc6AQFCBGF4',
    'ZXMqDggBEAc6AQRCBXN0ZXBzKg0IARABIgQAAKDAQgF0Kg0IARABIgQAAAA/QgFnKhAIARABIgQAAAAAQgR6ZXJvKg8IARABIgQA',
    'AKDBQgNsb3cqDQgBEAc6AQRCBGZvdXIqDggBEAc6AQNCBXRocmVlWhkKAXgSFAoSCAESDgoDEgFOCgMSAVQKAghQWhUKBnhfbGVu',
    'cxILCgkIBxIFCgMSAU5iIQoJbG9nX3Byb2JzEhQKEggBEg4KAxIBTgoDEgFVCgIIA2IcCg1sb2dfcHJvYnNfbGVuEgsKCQgHEgUK',
    'AxIBTkIECgAQDXIcCgptb2RlbF90eXBlEg56aXBmb3JtZXIyX2N0Y3IMCgd2ZXJzaW9uEgExchYKB2NvbW1lbnQSC2xvdWQgb3Ig',
    'bm90',
  ].join(''),
  'base64',
);

/** The same as a streaming model, of 1,179 bytes: it takes 160 ms at a time, and hands its states on as they came. */
export const LOUD_LIVE_MODEL = Buffer.from(
  [
    'CAgSADq7BwodCgF4CgJzdAoCZW4KAmF4CgJzcBIBcyIFU2xpY2UKMAoBcxIBbSIKUmVkdWNlTWVhbioLCgRheGVzQAKgAQcqDwoIa2',
    'VlcGRpbXMYAaABAgoPCgFtCgF0EgJkMCIDU3ViCg8KAmQwCgFnEgFxIgNNdWwKEgoCZDAKBHplcm8SAXoiA011bAoQCgF6CgNsb3cS',
    'AWwiA0FkZAoiCgF6CgFxCgFsEgJsbyIGQ29uY2F0KgsKBGF4aXMYAqABAgogCgJsbxIBeSIKTG9nU29mdG1heCoLCgRheGlzGAKgAQ',
    'IKEQoBaxICbmsiCElkZW50aXR5ChEKAW4SAm5uIghJZGVudGl0eQoRCgF2EgJudiIISWRlbnRpdHkKEQoBdxICbnciCElkZW50aXR5',
    'ChEKAWMSAm5jIghJZGVudGl0eQoRCgFkEgJuZCIISWRlbnRpdHkKEQoBZRICbmUiCElkZW50aXR5ChEKAXASAm5wIghJZGVudGl0eR',
    'IBYSoLCAEQBzoBAEICc3QqCwgBEAc6ARBCAmVuKgsIARAHOgEBQgJheCoLCAEQBzoBBEICc3AqDQgBEAEiBAAAoMBCAXQqDQgBEAEi',
    'BAAAAD9CAWcqEAgBEAEiBAAAAABCBHplcm8qDwgBEAEiBAAAoMFCA2xvd1oXCgF4EhIKEAgBEgwKAggBCgIIEAoCCFBaFwoBaxISCh',
    'AIARIMCgIIAQoCCAEKAggBWhsKAW4SFgoUCAESEAoCCAEKAggBCgIIAQoCCANaFwoBdhISChAIARIMCgIIAQoCCAEKAggBWhcKAXcS',
    'EgoQCAESDAoCCAEKAggBCgIIAVoXCgFjEhIKEAgBEgwKAggBCgIIBAoCCAFaFwoBZBISChAIARIMCgIIAQoCCAQKAggBWhwKAWUSFw',
    'oVCAESEQoCCAEKAwiAAQoCCAMKAggTWg8KAXASCgoICAcSBAoCCAFiFwoBeRISChAIARIMCgIIAQoCCAQKAggDYhgKAm5rEhIKEAgB',
    'EgwKAggBCgIIAQoCCAFiHAoCbm4SFgoUCAESEAoCCAEKAggBCgIIAQoCCANiGAoCbnYSEgoQCAESDAoCCAEKAggBCgIIAWIYCgJudx',
    'ISChAIARIMCgIIAQoCCAEKAggBYhgKAm5jEhIKEAgBEgwKAggBCgIIBAoCCAFiGAoCbmQSEgoQCAESDAoCCAEKAggECgIIAWIdCgJu',
    'ZRIXChUIARIRCgIIAQoDCIABCgIIAwoCCBNiEAoCbnASCgoICAcSBAoCCAFCBAoAEA1yGAoKbW9kZWxfdHlwZRIKemlwZm9ybWVyMn',
    'IRCgxlbmNvZGVyX2RpbXMSATRyFAoPcXVlcnlfaGVhZF9kaW1zEgExchQKD3ZhbHVlX2hlYWRfZGltcxIBMXIOCgludW1faGVhZHMS',
    'ATFyFwoSbnVtX2VuY29kZXJfbGF5ZXJzEgExchcKEmNubl9tb2R1bGVfa2VybmVscxIBM3IVChBsZWZ0X2NvbnRleHRfbGVuEgExcg',
    'cKAVQSAjE2chYKEGRlY29kZV9jaHVua19sZW4SAjE2',
  ].join(''),
  'base64',
);

/** sherpa-onnx itself, which people install themselves; here it is there for the tests. */
const realLibrary = (): string | undefined => {
  try {
    return createRequire(import.meta.url).resolve('sherpa-onnx-node');
  } catch {
    return undefined;
  }
};
/** Why it is not here; false: it is. */
export const WITHOUT_LIBRARY =
  realLibrary() === undefined && 'sherpa-onnx-node is not installed (npm install)';

/** A folder above which the library is found. */
export function besideTheLibrary(): string {
  const folder = tempFolder('real-model');
  symlinkSync(join(realLibrary()!, '..', '..'), join(folder, 'node_modules'));
  return join(folder, 'model');
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  for (let rest = number; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
