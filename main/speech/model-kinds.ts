import type { ModelFileFault } from '../../i18n/index.ts';
import type { FileFacts } from './onnx-file.ts';

/** A file of a model folder, or a folder in it: `name` is its name there, without a path. */
export interface ModelFile {
  readonly name: string;
  readonly facts: FileFacts;
}

/** What a folder is found to hold: the names of its files by their roles. */
export interface Model {
  readonly kind: 'whisper' | 'transducer' | 'moonshine' | 'sense-voice' | 'zipformer-ctc' | 'vits' | 'kokoro';
  /** It hears sound as it comes, by another part of the library. */
  readonly isStreaming: boolean;
  readonly files: Readonly<Record<string, string>>;
  /** What the model's main file says of itself. */
  readonly metadata: Readonly<Record<string, string>>;
}

export type Found =
  | { readonly model: Model }
  | { readonly damaged: string; readonly fault: ModelFileFault }
  | { readonly unknown: true };

/** A kind of model: which files it has, by their roles. In names `*` stands for anything, `|` parts alternatives. */
interface Kind {
  readonly kind: Model['kind'];
  readonly roles: Readonly<Record<string, string>>;
  /** Roles that may have no file, or several. */
  readonly extra?: Readonly<Record<string, string>>;
  /** Files by which it is another kind of model. */
  readonly not?: string;
  /** The role of the file that says what model this is, and how that begins. */
  readonly says?: readonly [role: string, type: RegExp];
}

const TOKENS = '*tokens.txt';
const OF_VOICES = 'voices.bin|espeak-ng-data|lexicon*.txt';
/** The kinds that hear, the most distinctive first. The names are those of sherpa-onnx’s published archives. */
const HEARING: readonly Kind[] = [
  {
    kind: 'moonshine',
    roles: {
      preprocessor: 'preprocess*.onnx',
      encoder: 'encode*.onnx',
      uncachedDecoder: 'uncached_decode*.onnx',
      cachedDecoder: 'cached_decode*.onnx',
      tokens: TOKENS,
    },
  },
  {
    kind: 'moonshine',
    roles: { encoder: 'encoder_model.ort', mergedDecoder: 'decoder_model_merged.ort', tokens: TOKENS },
  },
  {
    kind: 'transducer',
    roles: { encoder: '*encoder*.onnx', decoder: '*decoder*.onnx', joiner: '*joiner*.onnx', tokens: TOKENS },
    says: ['encoder', /^(zipformer|conformer|lstm|EncDec(Hybrid)?RNNT)/],
  },
  {
    kind: 'whisper',
    roles: { encoder: '*encoder*.onnx', decoder: '*decoder*.onnx', tokens: TOKENS },
    not: '*joiner*',
    says: ['encoder', /^whisper/],
  },
  {
    kind: 'sense-voice',
    roles: { model: 'model*.onnx', tokens: TOKENS },
    not: OF_VOICES,
    says: ['model', /^sense_voice/],
  },
  {
    kind: 'zipformer-ctc',
    roles: { model: 'model*.onnx|ctc-*.onnx', tokens: TOKENS },
    not: OF_VOICES,
    says: ['model', /^zipformer2/],
  },
];
const SPEAKING: readonly Kind[] = [
  {
    kind: 'kokoro',
    roles: { model: 'model*.onnx', voices: 'voices.bin', tokens: TOKENS, dataDir: 'espeak-ng-data' },
    extra: { lexicon: 'lexicon-us-en.txt|lexicon-zh.txt', rules: '*.fst' },
    not: 'model-steps*',
  },
  {
    kind: 'vits',
    roles: { model: '*.onnx', tokens: TOKENS, dataDir: 'espeak-ng-data' },
    not: 'voices.bin|*encoder*|*decoder*|model-steps*',
  },
  {
    kind: 'vits',
    roles: { model: '*.onnx', tokens: TOKENS, lexicon: 'lexicon.txt' },
    extra: { rules: '*.fst' },
    not: 'voices.bin|espeak-ng-data|*encoder*|*decoder*|model-steps*',
  },
];
/** The text that a streaming model alone has among what it says of itself: how many frames it takes at a time. */
const STREAMING = 'decode_chunk_len';

/** The model that hears in a folder with these files. */
export function hearingModel(files: readonly ModelFile[]): Found {
  return firstOf(HEARING, files);
}

/** The voice in a folder with these files. */
export function speakingModel(files: readonly ModelFile[]): Found {
  return firstOf(SPEAKING, files);
}

/** The first kind that is whole; else the fault of the one of which most files are there. */
function firstOf(kinds: readonly Kind[], files: readonly ModelFile[]): Found {
  let nearest: Found = { unknown: true };
  let most = 0.5;
  for (const kind of kinds) {
    if (kind.not !== undefined && named(files, kind.not).length > 0) continue;
    const { found, part } = match(kind, files);
    if ('model' in found) return found;
    if ('damaged' in found && part > most) {
      nearest = found;
      most = part;
    }
  }
  return nearest;
}

function match(kind: Kind, files: readonly ModelFile[]): { found: Found; part: number } {
  const chosen: Record<string, string> = {};
  const faults: Found[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  const roles = Object.entries(kind.roles);
  for (const [role, names] of roles) {
    const file = best(named(files, names));
    if (!file) {
      faults.push({ damaged: names === TOKENS ? 'tokens.txt' : names, fault: 'missing' });
      continue;
    }
    chosen[role] = file.name;
    if (file.facts.fault !== undefined) faults.push({ damaged: file.name, fault: file.facts.fault });
    else if (role === (kind.says?.[0] ?? 'model')) metadata = file.facts.metadata;
  }
  const part = Object.keys(chosen).length / roles.length;
  for (const [role, names] of Object.entries(kind.extra ?? {})) {
    const some = named(files, names).map(({ name }) => name);
    if (some.length > 0) chosen[role] = some.join(',');
  }
  const type = metadata['model_type'];
  if (kind.says && type !== undefined && !kind.says[1].test(type))
    return { found: { unknown: true }, part: 0 };
  const isStreaming = STREAMING in metadata || /chunk-\d+-left/.test(Object.values(chosen).join(' '));
  return { found: faults[0] ?? { model: { kind: kind.kind, isStreaming, files: chosen, metadata } }, part };
}

/** The files whose names are one of these. */
function named(files: readonly ModelFile[], names: string): ModelFile[] {
  const source = names
    .split('|')
    .map((name) => name.replaceAll('.', '\\.').replaceAll('*', '.*'))
    .join('|');
  const pattern = new RegExp(`^(${source})$`);
  return files.filter(({ name }) => pattern.test(name));
}

/** Of several files in one role a whole one; of these the smaller kind, whose weights have eight bits. */
function best(files: readonly ModelFile[]): ModelFile | undefined {
  const rank = ({ name, facts }: ModelFile): number =>
    (facts.fault === undefined ? 2 : 0) + (name.includes('int8') ? 1 : 0);
  return [...files].sort((a, b) => rank(b) - rank(a))[0];
}
