import * as v from 'valibot';
import { portSchema } from '../model/index.ts';

export const OFFICE_TAG_PATTERN = /^[0-9a-f]{8}$/;
/** Of one node: a computer has few. */
export const MAX_ADDRESSES = 8;
/** A TXT string has at most 255 bytes (RFC 6763 §6.1), `n=` included. */
const MAX_NAME_BYTES = 253;
const MAX_NAME_CHARACTERS = 64;

const advertisedSchema = v.object({
  name: v.pipe(v.string(), v.regex(/^[A-Za-z0-9-]{1,63}$/)),
  port: portSchema,
  txt: v.object({
    v: v.literal('1'),
    o: v.pipe(v.string(), v.regex(OFFICE_TAG_PATTERN)),
    /** What the office calls itself. A name that is none is left out, and the node is there all the same. */
    n: v.fallback(
      v.optional(
        v.pipe(
          v.string(),
          v.trim(),
          v.minLength(1),
          v.maxLength(MAX_NAME_CHARACTERS),
          v.regex(/^[^\p{Cc}\p{Cf}\p{Co}\p{Cn}\ufffd]*$/u),
        ),
      ),
      undefined,
    ),
    b: v.pipe(v.string(), v.regex(/^[0-9]{1,5}$/), v.transform(Number), portSchema),
  }),
});

/** A node that says it is there. Nothing of it is proven: only its office knows whether it belongs. */
export interface Found {
  /** Random per start of the node. */
  readonly instance: string;
  /** IPv4, those on the chosen interface's net; the one its packet came from first. Never empty. */
  readonly addresses: readonly string[];
  readonly controlPort: number;
  readonly beatPort: number;
  readonly officeTag: string;
  /** What its office calls itself, where that is told. */
  readonly officeName?: string;
}

/** The name as it is advertised: as much of it as fits. */
export function advertisedName(name: string): string {
  let shown = '';
  for (const character of name.trim()) {
    const longer = shown + character;
    if (longer.length > MAX_NAME_CHARACTERS || Buffer.byteLength(longer) > MAX_NAME_BYTES) break;
    shown = longer;
  }
  return shown;
}

/** A service as DNS-SD describes it; `referer` is where its packet came from. */
export interface Advertised {
  readonly name?: unknown;
  readonly port?: unknown;
  readonly txt?: unknown;
  readonly addresses?: readonly unknown[] | undefined;
  readonly referer?: { readonly address: string } | undefined;
}

/** Checks a service that came from the network; undefined where a field is not of its form, or no address is `accepted`. */
export function readAdvertised(
  service: Advertised,
  accepted: (address: string) => boolean,
): Found | undefined {
  const parsed = v.safeParse(advertisedSchema, service);
  if (!parsed.success) return undefined;
  const told = (service.addresses ?? []).slice(0, 64).filter((one): one is string => typeof one === 'string');
  const all = [...(service.referer ? [service.referer.address] : []), ...told].filter(accepted);
  const addresses = [...new Set(all)].slice(0, MAX_ADDRESSES);
  if (addresses.length === 0) return undefined;
  const { name, port, txt } = parsed.output;
  return {
    instance: name,
    addresses,
    controlPort: port,
    beatPort: txt.b,
    officeTag: txt.o,
    ...(txt.n === undefined ? {} : { officeName: txt.n }),
  };
}
