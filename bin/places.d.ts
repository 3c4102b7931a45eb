export function cacheFolder(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
  home: () => string,
): string | null
export function handedOn(platform: NodeJS.Platform): NodeJS.Signals[]
