import type { ServerOptions } from '../options.ts'
import type { TypedApp } from './api.ts'

/** `POST /api/v1/sessions`: what `probant push` brings. */
export async function registerSessionUpload(_app: TypedApp, _options: ServerOptions): Promise<void> {}
