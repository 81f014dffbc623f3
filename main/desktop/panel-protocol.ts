import { protocol, type Protocol } from 'electron';
import { PANEL_SCHEME, readPanelFile } from './panel-files.ts';

/**
 * The panel's own scheme, instead of file://, with which an attacker's script in the page could read every file of the person. It
 * serves only the panel's folder, and sends the page's policy with each response.
 */

/** The page loads nothing from elsewhere, evaluates nothing and sends nothing. Its own meta element says the same. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Call it before the app is ready. */
export function declarePanelScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: PANEL_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the panel's folder to the pages of a session. */
export function servePanel(to: Protocol, folder: string): void {
  to.handle(PANEL_SCHEME, async ({ url }) => {
    const { status, type, data } = await readPanelFile(folder, url);
    return new Response(new Uint8Array(data), {
      status,
      headers: {
        'Content-Type': `${type}; charset=utf-8`,
        'Content-Security-Policy': CONTENT_SECURITY_POLICY,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-store',
      },
    });
  });
}
