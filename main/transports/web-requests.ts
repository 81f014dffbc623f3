import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { WebAdmission } from './web-admission.ts';
import type { WebFiles } from './web-files.ts';

const MAX_BODY_BYTES = 1024;
const SECRET = /^[A-Za-z0-9_-]{32}$/;
const secretSchema = v.pipe(v.string(), v.regex(SECRET));
const tokenSchema = v.strictObject({ token: secretSchema });
/** Names of this computer itself, with any port: a tunnel to the panel may have another one. */
const LOCAL_HOST = /^(127\.0\.0\.1|\[::1\]|localhost)(:[0-9]{1,5})?$/;
/** The subprotocol of the WebSocket; the session's secret is offered beside it. */
export const SUBPROTOCOL = 'corridor';

/**
 * Why a request does not come from this computer's own page; undefined: it does. `Host` reveals a name that an attacker has pointed here
 * (DNS rebinding); `Origin` reveals a page of another host or port.
 */
export function whyForeign(request: IncomingMessage): string | undefined {
  const { host, origin } = request.headers;
  if (host === undefined || !LOCAL_HOST.test(host)) return 'The panel is asked for by its own address only.';
  if (origin !== undefined && origin !== `http://${host}`) return 'A page of another origin may not ask.';
  return undefined;
}

/** The session in a WebSocket's request; undefined: there is none, or no origin, which a browser's WebSocket always has. */
export function sessionOf(request: IncomingMessage): string | undefined {
  if (request.headers.origin === undefined) return undefined;
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const secret = offered.find((name) => SECRET.test(name));
  return offered.includes(SUBPROTOCOL) ? secret : undefined;
}

/** Answers HTTP requests: for the panel's files, and for a session in exchange for a token. */
export function answerWith(
  files: WebFiles,
  admission: WebAdmission,
): (request: IncomingMessage, response: ServerResponse) => void {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const foreign = whyForeign(request);
    if (foreign !== undefined) {
      end(response, 403, foreign);
      return;
    }
    protect(response, request.headers.host ?? '');
    const { method, url = '' } = request;
    const [path = ''] = url.split('?');
    if (path === '/session') return session(request, response, admission);
    if (method !== 'GET' && method !== 'HEAD') {
      end(response, 405, 'Only GET.');
      return;
    }
    const file = await files.read(path);
    if (!file) {
      end(response, 404, 'There is nothing here.');
      return;
    }
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': file.body.length });
    response.end(method === 'HEAD' ? undefined : file.body);
  };
  return (request, response) => {
    answer(request, response).catch(() => response.destroy());
  };
}

/** POST: exchanges a token for a session. GET: whether the session in `Authorization` is still valid. */
async function session(
  request: IncomingMessage,
  response: ServerResponse,
  admission: WebAdmission,
): Promise<void> {
  if (request.method === 'GET') {
    const secret = /^Bearer ([A-Za-z0-9_-]{32})$/.exec(request.headers.authorization ?? '')?.[1];
    if (secret !== undefined && admission.admits(secret)) {
      end(response, 204);
      return;
    }
    end(response, 401, 'This session has ended.');
    return;
  }
  // A form of another page cannot send JSON without a CORS preflight.
  const isJson = request.headers['content-type'] === 'application/json';
  if (request.method !== 'POST' || !isJson) {
    end(response, 405, 'POST with application/json.');
    return;
  }
  const body = v.safeParse(tokenSchema, await readJson(request));
  const secret = body.success ? admission.redeem(body.output.token) : undefined;
  if (secret === undefined) {
    end(response, 401, 'This address was used already, or is too old.');
    return;
  }
  const text = JSON.stringify({ session: secret });
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(text);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > MAX_BODY_BYTES) return undefined;
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString());
  } catch {
    return undefined;
  }
}

/** Sets the headers that restrict the page to its own files and its own server. `host` was checked to be this computer. */
function protect(response: ServerResponse, host: string): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // Svelte's transitions make style elements.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response.setHeader('Content-Security-Policy', policy.join('; '));
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  // The microphone is the node's, not the browser's.
  response.setHeader('Permissions-Policy', 'microphone=(), camera=(), geolocation=()');
  response.setHeader('Cache-Control', 'no-store');
}

function end(response: ServerResponse, status: number, sentence?: string): void {
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Type', 'text/plain; charset=utf-8');
  response.writeHead(status).end(sentence);
}
