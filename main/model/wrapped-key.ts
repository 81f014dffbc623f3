import * as v from 'valibot';
import { base64url } from './bytes.ts';
import { nodeIdSchema } from './ids.ts';

export const MAX_RECIPIENTS = 500;

/** A key sealed for one node (RFC 9180 base mode, DHKEM P-256, HKDF-SHA256, AES-128-GCM). */
export const wrappedKeySchema = v.object({
  node: nodeIdSchema,
  /** The encapsulated key, 65 bytes. */
  enc: base64url(65),
  /** Key‖salt (28 bytes) and the tag (16 bytes). */
  sealed: base64url(44),
});
export type WrappedKey = v.InferOutput<typeof wrappedKeySchema>;
