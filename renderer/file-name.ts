import type { MessageSummary } from '../preload/api.ts';

/** Some file systems refuse longer names, counted in bytes. */
const MAX_NAME_LENGTH = 60;

/**
 * The name of a saved message's file: "Dana Ruiz 2026-05-20 09.05 (4821).ogg". It sorts by person and time, and every
 * file system takes it.
 */
export function fileName(
  { name, startedAt, number }: MessageSummary,
  extension: 'ogg' | 'wav' | 'txt',
): string {
  const at = new Date(startedAt);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const time = `${two(at.getHours())}.${two(at.getMinutes())}`;
  return `${safe(name)} ${day} ${time}${number ? ` (${number})` : ''}.${extension}`;
}

/** Removes separators of folders, drives and streams, unprintable characters, and dots and spaces at the ends. */
function safe(name: string): string {
  const kept = name
    .normalize('NFC')
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cf}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .replace(/^[. ]+/u, '');
  return (
    Array.from(kept)
      .slice(0, MAX_NAME_LENGTH)
      .join('')
      .replace(/[. ]+$/u, '') || 'Corridor'
  );
}
