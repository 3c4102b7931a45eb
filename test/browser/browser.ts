import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'
import { ensure } from '../setup/debian.ts'

const executablePath = '/usr/bin/chromium'

/** Whether Debian's Chromium is here, or could be installed. Asked once, before the tests of a file are named. */
export const chromiumIsHere: boolean =
  existsSync(executablePath) || (ensure(['chromium']) && existsSync(executablePath))

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
