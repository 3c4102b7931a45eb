/**
 * The signals by which a person ends a program that should keep what it has: Ctrl-C, a polite `kill`, a terminal or a console
 * window that is closed (SIGHUP, also on Windows, where a few seconds are left then), Ctrl-Break on Windows.
 */
export const endingSignals = (platform: NodeJS.Platform = process.platform): readonly NodeJS.Signals[] =>
  platform === 'win32' ? ['SIGINT', 'SIGBREAK', 'SIGHUP'] : ['SIGINT', 'SIGTERM', 'SIGHUP']
