/** Whether the session is one of Wayland: there the X server, where one runs, sees only a part of what is typed. */
export function isWayland(env: NodeJS.ProcessEnv): boolean {
  return env['XDG_SESSION_TYPE'] === 'wayland' || Boolean(env['WAYLAND_DISPLAY']);
}
