import * as v from 'valibot';
import { portSchema } from '../model/index.ts';

export const OFFICE_TAG_PATTERN = /^[0-9a-f]{8}$/;
/** At most this many addresses of one node. */
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
    /** The office's name. An invalid name is left out without rejecting the node. */
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

/** An announced node. Nothing of it is proven; only its office can tell whether it is a member. */
export interface Found {
  /** Random per start of the node. */
  readonly instance: string;
  /** IPv4 addresses on the chosen interface's network, first the one that the packet came from. Never empty. */
  readonly addresses: readonly string[];
  readonly controlPort: number;
  readonly beatPort: number;
  readonly officeTag: string;
  /** The name of its office, if that is announced. */
  readonly officeName?: string;
}

/** The name as it is advertised: cut to fit a TXT string. */
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
interface Advertised {
  readonly name?: unknown;
  readonly port?: unknown;
  readonly txt?: unknown;
  readonly addresses?: readonly unknown[] | undefined;
  readonly referer?: { readonly address: string } | undefined;
}

/** Checks a service that came from the network; undefined if a field is malformed, or no address is `accepted`. */
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
