import { crc32 } from 'node:zlib';
import * as v from 'valibot';

type Content = Record<string, unknown>;

/** How content of version `from` becomes content of the version after it. */
interface Step {
  readonly from: number;
  /** What changes, in a few words. */
  readonly name: string;
  readonly change: (content: Content) => Content;
}

/** The form of a JSON file. */
export interface DocumentFormat<T> {
  /** The field that holds the version. */
  readonly field: 'v' | 'version';
  /** The version that this program writes. */
  readonly version: number;
  /** From version 1 on, without a gap. None: there was no other version. */
  readonly steps?: readonly Step[];
  /** Reads content of that version. Throws where it has another form. */
  readonly parse: (content: unknown) => T;
}

/** The first form of a JSON file: what the schema reads. */
export function firstFormat<const Schema extends v.GenericSchema>(
  field: DocumentFormat<unknown>['field'],
  schema: Schema,
): DocumentFormat<v.InferOutput<Schema>> {
  return { field, version: 1, parse: (content) => v.parse(schema, content) };
}

/** The content is of a version that this program does not know: that is no damage. */
export class NewerVersion extends Error {}

const contentSchema = v.record(v.string(), v.unknown());
const versionSchema = v.pipe(v.number(), v.integer(), v.minValue(1));
/** The checksum is the last field, and is of all text before it. */
const SUM = /,\s*"sum":\s*"([0-9a-f]{8})"\s*\}\s*$/;
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * The text of a JSON file: the object, and a checksum as its last field `sum`, which versions before pass over.
 * @param indent spaces before each field, for a file that a person may want to look at
 */
export function documentText(content: object, indent = 0): string {
  const text = JSON.stringify(content, null, indent);
  const body = text.slice(0, -1).trimEnd();
  const [before, after] = indent > 0 ? [`\n${' '.repeat(indent)}`, '\n'] : ['', ''];
  return `${body},${before}"sum":${indent > 0 ? ' ' : ''}"${sumOf(body)}"${after}}${after}`;
}

/** What stands in a JSON file. `isAsWritten`: false where its checksum is that of another text; a file of an earlier version has none. */
export interface ReadText {
  readonly content: Content;
  readonly isAsWritten: boolean;
}

/** Reads the text of a JSON file, which an editor may have begun with a byte order mark. Throws where it is no JSON object. */
export function readDocumentText(given: string): ReadText {
  const text = given.startsWith(BYTE_ORDER_MARK) ? given.slice(1) : given;
  const parsed: unknown = JSON.parse(text);
  if (Array.isArray(parsed)) throw new Error('no object');
  const { sum, ...content } = v.parse(contentSchema, parsed);
  const found = SUM.exec(text);
  if (!found) return { content, isAsWritten: sum === undefined };
  return { content, isAsWritten: sumOf(text.slice(0, found.index)) === found[1] };
}

/**
 * Brings content of any earlier version up to that of the format, step by step.
 * @throws NewerVersion; and an Error where it has no version, or one from which no step leads on
 */
export function migrated(
  content: Content,
  { field, version, steps = [] }: Omit<DocumentFormat<unknown>, 'parse'>,
): Content {
  const found = v.parse(versionSchema, content[field]);
  if (found > version) throw new NewerVersion(`version ${found}`);
  let current = content;
  for (let at = found; at < version; at++) {
    const step = steps.find(({ from }) => from === at);
    if (!step) throw new Error(`no step from version ${at}`);
    current = { ...step.change(current), [field]: at + 1 };
  }
  return current;
}

/** Reads the text of a JSON file. @throws NewerVersion; and an Error where it is damaged */
export function readDocument<T>(text: string, format: DocumentFormat<T>): T {
  const { content, isAsWritten } = readDocumentText(text);
  const current = migrated(content, format);
  if (!isAsWritten) throw new Error('the checksum is that of another content');
  return format.parse(current);
}

function sumOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
