import * as v from 'valibot';
import { SETTINGS, volumePercent, type SettingName } from '../../preload/api.ts';
import { moveQuestionsSchema } from '../identity/index.ts';
import {
  chosenPresenceSchema,
  CorridorError,
  divertSchema,
  extensionSchema,
  MAX_DIALLED,
  nameSchema,
  nodeIdSchema,
  readDocumentText,
  setAside,
  statementIdSchema,
  writeAtomically,
  type Ports,
  type ReadText,
} from '../model/index.ts';

interface Field<S extends v.GenericSchema> {
  readonly schema: S;
  readonly byDefault: v.InferOutput<S>;
}

function field<S extends v.GenericSchema>(schema: S, byDefault: v.InferOutput<S>): Field<S> {
  return { schema, byDefault };
}

/** Milliseconds since the epoch. */
const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0));

export const MAX_MISSED_CALLS = 20;
/** More computers than an office has. */
export const MAX_HISTORIES = 1024;
const missedCallSchema = v.object({
  person: nodeIdSchema,
  /** What they were called, and their number, at that time. */
  name: nameSchema,
  extension: v.union([extensionSchema, v.literal('')]),
  at: timeSchema,
  times: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** Everything that the profile's file holds: what the node remembers of itself, and the settings. */
const FIELDS = {
  v: field(v.literal(1), 1),
  name: field(v.nullable(nameSchema), null),
  /** The number that the person asked for. The office's ledger says which number they have. */
  extension: field(v.nullable(extensionSchema), null),
  /** The link by which the node is coming into an office, until somebody answers. */
  joiningLink: field(v.nullable(v.pipe(v.string(), v.maxLength(256))), null),
  /** The recovery code, which makes an admin anew where all are gone. It is kept until the person has put it away. */
  recoveryCode: field(v.nullable(v.pipe(v.string(), v.maxLength(64))), null),
  /** The revision of the last record that was signed. The next one is higher, also where the clock was set back. */
  revision: field(timeSchema, 0),
  presence: field(chosenPresenceSchema, 'available'),
  /** When it becomes available by itself. */
  presenceUntil: field(v.nullable(timeSchema), null),
  /** Who gets this person's messages instead; null: never chosen. */
  divert: field(v.nullable(divertSchema), null),
  /** Whom the person talked to last, and the talk key reaches. It follows the people and groups, whose extensions can change. */
  talkTo: field(
    v.pipe(
      v.array(
        v.object({
          extension: extensionSchema,
          person: v.optional(nodeIdSchema),
          group: v.optional(statementIdSchema),
        }),
      ),
      v.maxLength(MAX_DIALLED),
    ),
    [],
  ),
  /** By which names people are known here. */
  knownNames: field(v.record(nodeIdSchema, nameSchema), {}),
  /** Offices that colleagues founded anew: whether this person moves too. */
  moveQuestions: field(moveQuestionsSchema, []),
  /** Who called and was not answered, the latest first. */
  missedCalls: field(v.pipe(v.array(missedCallSchema), v.maxLength(MAX_MISSED_CALLS)), []),
  /** Which nodes have told this one all that they had for it from before it was there; the latest last. */
  historyOf: field(v.pipe(v.array(nodeIdSchema), v.maxLength(MAX_HISTORIES)), []),
  favourites: field(v.array(nodeIdSchema), []),
  favouriteGroups: field(v.array(statementIdSchema), []),
  /** How loud colleagues are heard whose loudness this person changed, in percent. */
  volumes: field(v.record(nodeIdSchema, volumePercent), {}),
  /** The colleagues whose calls are answered by themselves. */
  autoAnswers: field(v.array(nodeIdSchema), []),
  /** Colleagues who are muted, and until when. */
  mutes: field(v.record(nodeIdSchema, timeSchema), {}),
  ...SETTINGS,
} as const;
type FieldName = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as readonly FieldName[];

export type ProfileSettings = {
  readonly [N in FieldName]: N extends SettingName
    ? v.InferOutput<(typeof SETTINGS)[N]['schema']>
    : v.InferOutput<(typeof FIELDS)[N]['schema']>;
};

export interface ReadProfile {
  readonly settings: ProfileSettings;
  /** The file holds exactly this. */
  readonly isSaved: boolean;
  /** What was damaged, and where the damaged file is kept; undefined where all is well. */
  readonly trouble: CorridorError | undefined;
}

/**
 * Reads the profile's file. A field that an older Corridor did not know gets its default, and so does a field whose value this
 * version does not understand; the other fields stay. A file that another program changed is read, and one of a later version as far as
 * it is understood: a copy stays beside it. One that nothing can be read from is set aside as `<path>.damaged`.
 */
export async function readProfile(
  path: string,
  log: (line: string) => void,
  ports: Pick<Ports, 'disk' | 'random'>,
): Promise<ReadProfile> {
  const text = await ports.disk.readText(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return { ...understood({}), isSaved: false, trouble: undefined };
  const kept = readText(text);
  if (kept === undefined) {
    await setAside(ports.disk, path);
    return { ...understood({}), isSaved: false, trouble: damaged(path) };
  }
  const { settings, strange } = understood(withTalkTo(kept.content));
  const trouble = troubleOf(path, kept, strange);
  if (!trouble) return { settings, isSaved: true, trouble };
  // The next write leaves out what was not understood. On a full disk no copy can be made, and the node starts all the same.
  await writeAtomically(`${path}.damaged`, text, ports).catch((error: Error) =>
    log(`No copy of ${path} could be made before some settings have their defaults: ${error.message}`),
  );
  return { settings, isSaved: false, trouble };
}

/** Undefined where the text is no JSON object, or one without a version. */
function readText(text: string): ReadText | undefined {
  try {
    const read = readDocumentText(text);
    return 'v' in read.content ? read : undefined;
  } catch {
    return undefined;
  }
}

/** What is wrong with a file that was read: what has its default now, whether the file is of a later version, or was changed. */
function troubleOf(
  path: string,
  { content, isAsWritten }: ReadText,
  strange: readonly string[],
): CorridorError | undefined {
  const isNewer = typeof content['v'] === 'number' && content['v'] > FIELDS.v.byDefault;
  const names = strange.filter((name) => name !== 'v' || !isNewer);
  if (names.length > 0) return partlyDamaged(path, names);
  if (isNewer) return newer(path);
  return isAsWritten ? undefined : changed(path);
}

/** Before several people could be chosen there was one: `lastDialled`, and the person who had that number as `lastPerson`. */
function withTalkTo(kept: ReadText['content']): ReadText['content'] {
  const { lastDialled, lastPerson } = kept;
  if (typeof lastDialled !== 'string' || 'talkTo' in kept) return kept;
  const person = typeof lastPerson === 'string' ? { person: lastPerson } : {};
  return { ...kept, talkTo: [{ extension: lastDialled, ...person }] };
}

/** Reads each field by itself. `strange`: the names of those whose values are not understood. */
function understood(kept: Readonly<Record<string, unknown>>): {
  readonly settings: ProfileSettings;
  readonly strange: readonly string[];
} {
  const strange: string[] = [];
  const settings = NAMES.map((name) => {
    const { schema, byDefault } = FIELDS[name];
    if (!Object.hasOwn(kept, name)) return [name, byDefault];
    const parsed = v.safeParse(schema, kept[name]);
    if (!parsed.success) strange.push(name);
    return [name, parsed.success ? parsed.output : byDefault];
  });
  // The compiler does not see that each field was checked by its own schema.
  return { settings: Object.fromEntries(settings) as ProfileSettings, strange };
}

function damaged(path: string): CorridorError {
  return new CorridorError(
    'damaged-settings',
    `The settings were damaged and set aside as ${path}.damaged. Corridor started with fresh ones; your messages and keys stay.`,
    { details: { path } },
  );
}

function partlyDamaged(path: string, strange: readonly string[]): CorridorError {
  const names = strange.join(', ');
  return new CorridorError(
    'settings-reset',
    `Some settings were damaged, or are of another version of Corridor, and have their defaults now: ${names}. The file as it was is kept as ${path}.damaged.`,
    { details: { path, names } },
  );
}

function newer(path: string): CorridorError {
  return new CorridorError(
    'settings-newer',
    `A newer Corridor wrote the settings. What this one knows of them is in use; the file as it was is kept as ${path}.damaged.`,
    { details: { path } },
  );
}

function changed(path: string): CorridorError {
  return new CorridorError(
    'settings-changed',
    `The settings were changed by another program, or were damaged. They are in use as they were found: see that they are right. The file is kept as ${path}.damaged.`,
    { details: { path } },
  );
}
